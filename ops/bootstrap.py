"""Create .venv from the lock file; runs on a bare Python, before anything is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.lock"
OLDEST = (3, 11)


def main() -> None:
    """Make the environment if there is none, then bring it to what the lock says."""
    if sys.version_info < OLDEST:
        found = sys.version.split()[0]
        sys.exit(f"Weathervane needs Python 3.11 or newer; {sys.executable} is {found}.")
    if not usable(ENVIRONMENT):
        create(ENVIRONMENT)
    install(LOCK)


def usable(environment: Path) -> bool:
    """Whether the environment can run pip (a half-made one cannot)."""
    python = environment / "bin" / "python"
    return python.exists() and succeeds(str(python), "-m", "pip", "--version")


def create(environment: Path) -> None:
    """Make an empty environment, bringing Debian's venv package first where it is missing."""
    if make_environment(environment):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"python3 -m venv does not work here. Install it first: apt-get install {package}")
    print("Installing with apt: python3-venv …", flush=True)
    for command in ("update", "install -y --no-install-recommends python3-venv"):
        subprocess.run(
            ["apt-get", "-qq", *command.split()],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    if not make_environment(environment):
        sys.exit(f"python3 -m venv still fails. Install it by hand: apt-get install {package}")


def make_environment(environment: Path) -> bool:
    """Run python -m venv; a failed attempt is cleared away by the next one."""
    return succeeds(sys.executable, "-m", "venv", "--clear", str(environment))


def install(lock: Path) -> None:
    """Install exactly what the lock names, checking every hash."""
    print(f"Installing {lock.name} into {ENVIRONMENT.name}/ …", flush=True)
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "-qq", "--require-hashes", "--requirement", str(lock)],
        check=True,
        env=os.environ | {"PIP_CACHE_DIR": str(ROOT / ".cache" / "pip")},
    )


def succeeds(*command: str) -> bool:
    """Whether a command ends well; what it says is kept quiet."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main()

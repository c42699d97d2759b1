"""Environments of the peers' own in .cache/peers, from lock files with their hashes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ops import machine

LOCKS = Path(__file__).resolve().parent / "peers"
HOME = machine.ROOT / ".cache" / "peers"


class Unavailable(Exception):
    """A peer cannot be measured on this machine; the message says why."""


def python() -> Path:
    """The programs of the Python peers' environment."""
    home, lock = HOME / "python", LOCKS / "requirements.lock"
    if not _same(home / "installed.lock", lock):
        _run([sys.executable, "-m", "venv", "--clear", str(home)])
        pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        _run([*pip, "install", "-qq", "--require-hashes", "--requirement", str(lock)])
        shutil.copy(lock, home / "installed.lock")
    return home / "bin"


def node() -> Path:
    """The folder from which Node.js finds its peer."""
    home, lock = HOME / "node", LOCKS / "package-lock.json"
    if not _same(home / "installed.lock", lock):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCKS / name, home)
        shutil.copy(machine.ROOT / ".npmrc", home)
        _run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], home)
        shutil.copy(lock, home / "installed.lock")
    return home


def _same(installed: Path, lock: Path) -> bool:
    return installed.exists() and installed.read_bytes() == lock.read_bytes()


def _run(command: Sequence[str], folder: Path = machine.ROOT) -> None:
    env = os.environ | {"PIP_CACHE_DIR": str(machine.ROOT / ".cache" / "pip")}
    try:
        subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True)
    except FileNotFoundError as missing:
        raise Unavailable(f"{command[0]} is not there") from missing
    except subprocess.CalledProcessError as failed:
        last = str(failed.stderr).strip().splitlines()[-1:] or ["no reason given"]
        raise Unavailable(f"{Path(command[0]).name}: {last[0]}") from failed

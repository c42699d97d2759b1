"""Who belongs to whom among the machine's processes, as the tests of ops ask it."""

from __future__ import annotations

import os
import time
from pathlib import Path


def relatives(folder: Path) -> list[bytes]:
    """Every process with this folder in its command or environment, or working in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            known_by = (
                command + (entry / "environ").read_bytes() + bytes((entry / "cwd").readlink())
            )
        except OSError:
            continue
        if bytes(folder) in known_by:
            found.append(command)
    return found


def members(group: int) -> list[int]:
    """Every process of a process group."""
    numbers = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return [number for number in numbers if group_of(number) == group]


def group_of(pid: int) -> int | None:
    """The process group of a process, if it is still there."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    """Wait a moment for a process to end."""
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        os.sched_yield()
    return not alive(pid)

"""What processes cost: processor seconds and memory of a program and all it started."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def seconds(root: int) -> float:
    """Processor seconds spent by a process, its living descendants, and those it saw end."""
    return sum(_spent(pid) for pid in tree(root))


def memory(pid: int) -> int:
    """Bytes a process keeps in memory (resident set)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def tree(root: int) -> list[int]:
    """A process and its living descendants."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents.setdefault(int(_stat(int(folder.name))[1]), []).append(int(folder.name))
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return found


def parent(pid: int) -> int:
    """The process that started this one."""
    return int(_stat(pid)[1])


def _spent(pid: int) -> float:
    with suppress(OSError):
        return sum(map(int, _stat(pid)[11:15])) / TICKS  # own and reaped: user and system
    return 0.0


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on (a name may hold spaces and brackets)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()

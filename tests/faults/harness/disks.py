"""Disks that can be filled up: small ones in memory for root, limits on file sizes for others."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.harness.servers import Site

MEGABYTE = 1024 * 1024


class NoDiskToFill(Exception):
    """This campaign needs root and the right to mount."""


class Disk:
    """A disk of its own below a folder; a big file takes what room there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filled = 0

    def fill(self, _site: Site) -> None:
        """From now on there is no room."""
        self.filled += 1
        with (self.folder / "ballast").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(MEGABYTE // 16))
        with (self.folder / "ballast.rest").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(512))

    def free(self, _site: Site) -> None:
        """There is room again."""
        for name in ("ballast", "ballast.rest"):
            (self.folder / name).unlink(missing_ok=True)


class Limit(Disk):
    """No disk, but a limit on how large a file may grow: the same as seen from the processes."""

    def fill(self, site: Site) -> None:
        """Files stay as small as the smallest that has to grow."""
        self.filled += 1
        self._limit(site, 16 * 1024)

    def free(self, site: Site) -> None:
        """Files may grow again."""
        self._limit(site, resource.RLIM_INFINITY)

    def _limit(self, site: Site, size: int) -> None:
        for process in family(*site.running.values()):
            _soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))


def family(*processes: int) -> list[int]:
    """These processes and everything below them."""
    found = list(processes)
    for process in found:
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A disk at that folder, which is empty; raises NoDiskToFill where mounting is not allowed."""
    options = f"size={megabytes}m,mode=0755"
    mount = ["mount", "-t", "tmpfs", "-o", options, "campaign", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        who = "root" if os.geteuid() == 0 else "no root"
        raise NoDiskToFill(f"We are {who} and cannot mount a disk: {done.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def disk_or_limit(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A disk, or else the limit, which says that it is one."""
    try:
        with disk(folder, megabytes) as found:
            yield found
            return
    except NoDiskToFill as why:
        print(f"{why}; file sizes are limited instead.")
    yield Limit(folder)

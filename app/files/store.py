"""The file store: content under its own SHA-256, whole and on the disk before a row names it.

A file is written aside, flushed, and moved to its place; only then may a row be committed that
names it. A crash in between leaves content that no row names: the sweeper takes it away, and holds
a lock while it looks that everybody holds who is between moving and committing.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from app.errors import Full, Invalid
from app.i18n import _

CHUNK: Final = 1 << 20
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
UNNAMED_FOR: Final = 3600.0
"""Seconds after which content that no row names is taken for left over."""
_place: list[Path] = []


@dataclass(frozen=True)
class Received:
    """Content that has come in whole, still aside; its digest and size in bytes."""

    path: Path
    sha256: str
    size: int


def use(folder: Path) -> None:
    """Where content lies from now on; made when the first file comes."""
    _place[:] = [folder]


@contextmanager
def received(stream: IO[bytes], *, most: int) -> Iterator[Received]:
    """Take content in, aside; it is gone afterwards unless it was kept.

    Raises Invalid when it is longer than `most` bytes, Full when the disk has no room.
    """
    aside = _folder() / "incoming"
    path: Path | None = None
    try:
        with _room():
            aside.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=aside)
            path = Path(name)
            with os.fdopen(handle, "wb") as file:
                digest, size = _copied(stream, file, most)
        yield Received(path, digest, size)
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


@contextmanager
def kept(content: Received) -> Iterator[None]:
    """Move content to its place; commit the row that names it inside the block."""
    with _room():
        place = _of(content.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        with _holding(fcntl.LOCK_SH):
            content.path.replace(place)
            for folder in (place.parent, place.parent.parent):
                _flush(folder)
            yield


def there(sha256: str) -> bool:
    """Whether there is such content, unaltered; reads it through."""
    try:
        with open_content(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def open_content(sha256: str) -> BufferedReader:
    """The content, for reading."""
    return _of(sha256).open("rb")


def chunks(sha256: str) -> Iterator[bytes]:
    """The content piece by piece; open while somebody reads on."""
    with open_content(sha256) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def lies(sha256: str) -> bool:
    """Whether there is content of that digest; not read."""
    return _of(sha256).is_file()


def sweep(named: Callable[[Collection[str]], Collection[str]]) -> int:
    """Take away what lay there for an hour and is not `named`, of these, by a row; how many."""
    gone = 0
    for folder in sorted(_folder().glob("*")):
        with _holding(fcntl.LOCK_EX) as now:
            old = [each for each in folder.glob("*") if each.is_file() and _is_old(each, now)]
            known = set(named([each.name for each in old])) if old else set()
            for each in old:
                if each.name not in known:
                    each.unlink(missing_ok=True)
                    gone += 1
    return gone


def _copied(stream: IO[bytes], file: IO[bytes], most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise Invalid(_("The file is too large: at most %(most)s MB.", most=most // 1024**2))
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size


@contextmanager
def _room() -> Iterator[None]:
    """No room on the disk is said as such; nothing of what was begun stays."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in NO_ROOM:
            raise
        raise Full(_("There is no room left for files. Nothing was kept.")) from problem


@contextmanager
def _holding(how: int) -> Iterator[float]:
    """Those who keep something share the lock; the sweeper has it alone. A crash lets go of it.

    Gives the present moment by the clock of the disk, which dates the files too.
    """
    with (_folder() / ".lock").open("ab") as lock:
        fcntl.flock(lock, how)
        os.utime(lock.fileno())
        yield os.fstat(lock.fileno()).st_mtime


def _flush(folder: Path) -> None:
    """What was moved into a folder is on the disk once the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_old(path: Path, now: float) -> bool:
    return now - path.stat().st_mtime > UNNAMED_FOR


def _of(sha256: str) -> Path:
    return _folder() / sha256[:2] / sha256


def _folder() -> Path:
    return _place[0]

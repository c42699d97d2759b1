"""Archives, and documents that are one inside: looked through without unpacking anything."""

from __future__ import annotations

import stat
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import ZipFile, ZipInfo

from app.i18n import Text, _

MOST_MEMBERS: Final = 2_000
MOST_RATIO: Final = 100
MOST_UNPACKED: Final = 300 * 1024**2
SMALL: Final = 64 * 1024  # so little does no harm, however well it packs
ENCRYPTED: Final = 0x1
MACROS: Final = "vbaproject.bin"


class Unsafe(Exception):
    """An archive that is not taken; `text` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def document(part: str, path: Path) -> bool:
    """Whether it is an office document with this part, whole and without macros."""
    with ZipFile(path) as archive:
        members = _safe(archive, path)
        names = {member.filename.lstrip("/") for member in members}
        if any(PurePosixPath(name).name.casefold() == MACROS for name in names):
            raise Unsafe(_("Documents with macros are not taken. Save it without them."))
        return part in names and archive.testzip() is None


def bundle(path: Path, kinds: Collection[str]) -> bool:
    """Whether it is a whole archive of files of these kinds, and of no archives."""
    allowed = {*kinds, "jpeg"} - {"zip"}
    with ZipFile(path) as archive:
        for member in _safe(archive, path):
            ending = member.filename.rpartition(".")[2].casefold()
            if not member.is_dir() and ending not in allowed:
                raise Unsafe(
                    _(
                        "The archive holds “%(name)s”, a kind of file that is not taken.",
                        name=_named(member)[-80:],
                    )
                )
        return bool(archive.infolist()) and archive.testzip() is None


def _safe(archive: ZipFile, path: Path) -> list[ZipInfo]:
    """Its members, when they are not too many or too large and none of them is a trick."""
    members = archive.infolist()
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or packed > path.stat().st_size:
        raise Unsafe(_("The archive holds too much. Send its files one by one."))
    for member in members:
        if member.file_size > max(SMALL, MOST_RATIO * member.compress_size):
            raise Unsafe(_("The archive is packed too tightly. Send its files one by one."))
        if member.flag_bits & ENCRYPTED:
            raise Unsafe(_("The archive is locked with a password. Send it without one."))
        if _is_trick(member):
            raise Unsafe(_("The archive holds links or names that lead outside it."))
    if len({member.filename.casefold() for member in members}) < len(members):
        raise Unsafe(_("The archive holds two files of the same name."))
    return members


def _is_trick(member: ZipInfo) -> bool:
    """A link, an absolute path, a way upwards, or a name with signs no name has."""
    mode = member.external_attr >> 16
    name = member.orig_filename
    parts = name.split("/")
    return (
        (stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR))
        or name.startswith("/")
        or ".." in parts
        or "\\" in name
        or ":" in parts[0]
        or any(ord(sign) < 32 for sign in name)
    )


def _named(member: ZipInfo) -> str:
    """Its name as it was written: without the mark for UTF-8 it is Chinese of Windows."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename

"""Which kinds of files are taken, each recognised three times: by name, by libmagic, by structure.

One look is never enough: libmagic takes a script with “%PDF” in it for a PDF and a Word document
for a mere archive.
"""

from __future__ import annotations

import lzma
import re
import struct
import warnings
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from PIL import Image

from app.errors import Invalid
from app.files import archives
from app.files.sniffing import media_type
from app.i18n import Text, _

HEAD: Final = 8192
TAIL: Final = 2048
MOST_PIXELS: Final = 120_000_000
CONTROL: Final = re.compile(rb"[^\t\n\f\r\x20-\xff]")
"""A control character: one byte that is part of no other character in UTF-8 and GB18030."""
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
ZIPPED: Final = ("application/zip", "application/octet-stream")
DAMAGED: Final = (
    *(OSError, EOFError, ValueError, SyntaxError, NotImplementedError, struct.error),
    *(zlib.error, lzma.LZMAError, BadZipFile, Image.DecompressionBombError),
)
"""What zipfile and Pillow raise about content that was tampered with or cut off."""
NOT_WHAT_IT_SAYS: Final = _(
    "The file's content is not what its name says, or it is damaged. Open it where it was made, "
    "save it again, and send that."
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, what libmagic may call it, whether a browser may show it."""

    media_type: str
    sniffed: tuple[str, ...]
    sound: Callable[[Path], bool]
    shown: bool = False


def recognised(name: str, path: Path) -> str:
    """The kind of a file, by its ending; Invalid when it is none of ours or not really one."""
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    ending = "jpg" if ending == "jpeg" else ending
    kind = KINDS.get(ending)
    if kind is None:
        raise Invalid(
            _("Files of this kind are not taken. These are: %(kinds)s.", kinds=", ".join(KINDS))
        )
    if path.stat().st_size == 0:
        raise Invalid(_("The file is empty."))
    if _sniffed(path) not in kind.sniffed:
        raise Invalid(NOT_WHAT_IT_SAYS)
    problem = _problem(kind, path)
    if problem is not None:
        raise Invalid(problem)
    return ending


def _problem(kind: Kind, path: Path) -> Text | None:
    try:
        return None if kind.sound(path) else NOT_WHAT_IT_SAYS
    except archives.Unsafe as problem:
        return problem.text
    except DAMAGED:
        return NOT_WHAT_IT_SAYS


def _sniffed(path: Path) -> str:
    with path.open("rb") as file:
        return media_type(file.read(HEAD))


def _pdf(path: Path) -> bool:
    with path.open("rb") as file:
        begins = file.read(5) == b"%PDF-"
        file.seek(max(0, path.stat().st_size - TAIL))
        end = file.read()
    return begins and b"startxref" in end and b"%%EOF" in end


def _picture(format_: str, path: Path) -> bool:
    """The format, a sensible size, and every check Pillow has short of drawing it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path, formats=(format_,)) as image:
            width, height = image.size
            image.verify()
    return 0 < width * height <= MOST_PIXELS


def _text(path: Path) -> bool:
    """In UTF-8 or GB18030, without control characters."""
    content = path.read_bytes()
    return CONTROL.search(content) is None and any(
        _reads(content, encoding) for encoding in ("utf-8-sig", "gb18030")
    )


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


KINDS: Final[Mapping[str, Kind]] = {
    "pdf": Kind("application/pdf", ("application/pdf",), _pdf, shown=True),
    "ofd": Kind("application/ofd", ZIPPED, partial(archives.document, "OFD.xml")),
    "docx": Kind(
        f"{OFFICE}.wordprocessingml.document",
        (*ZIPPED, f"{OFFICE}.wordprocessingml.document"),
        partial(archives.document, "word/document.xml"),
    ),
    "xlsx": Kind(
        f"{OFFICE}.spreadsheetml.sheet",
        (*ZIPPED, f"{OFFICE}.spreadsheetml.sheet"),
        partial(archives.document, "xl/workbook.xml"),
    ),
    "jpg": Kind("image/jpeg", ("image/jpeg",), partial(_picture, "JPEG"), shown=True),
    "png": Kind("image/png", ("image/png",), partial(_picture, "PNG"), shown=True),
    "txt": Kind("text/plain", ("text/plain",), _text),
    "zip": Kind("application/zip", ("application/zip",), lambda path: archives.bundle(path, KINDS)),
}

"""XLSX files as lines of cells, read row by row, with a guard against hostile archives."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from openpyxl import load_workbook

from app.errors import Invalid
from app.i18n import _
from app.rules.readings.shape import MEGABYTE, MOST_COLUMNS, MOST_ROWS, Cells

SIGNATURE: Final = b"PK\x03\x04"
MOST_MEMBERS: Final = 200
MOST_UNPACKED: Final = 200 * MEGABYTE
SMALL_MEMBER: Final = MEGABYTE
HIGHEST_RATIO: Final = 100
DECIMALS: Final = 6
BROKEN: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    SyntaxError,  # what both XML parsers raise
    zlib.error,
    EOFError,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)


def xlsx_lines(data: bytes, comments: list[str]) -> Iterator[Cells]:
    """The rows of the first sheet that are not empty; `#` rows are put into `comments`."""
    _guard(data)
    try:
        yield from _rows(data, comments)
    except BROKEN as error:
        raise Invalid(_("The Excel file is damaged or not an Excel file.")) from error


def _guard(data: bytes) -> None:
    """Refuse an archive that unpacks to far more than it is, or that declares XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            safe = (
                len(members) <= MOST_MEMBERS
                and sum(member.file_size for member in members) <= MOST_UNPACKED
                and not any(_bloated(member) for member in members)
                and not any(_declares(archive, member) for member in members)
            )
    except BROKEN as error:
        raise Invalid(_("The Excel file is damaged or not an Excel file.")) from error
    if not safe:
        raise Invalid(_("The Excel file unpacks to too much or holds what no table needs."))


def _bloated(member: zipfile.ZipInfo) -> bool:
    packed = max(member.compress_size, 1)
    return member.file_size > SMALL_MEMBER and member.file_size / packed > HIGHEST_RATIO


def _declares(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether an XML member starts with a document type, the door to entity bombs."""
    if not member.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(member) as file:
        return b"<!DOCTYPE" in file.read(8192).replace(b"\x00", b"").upper()


def _rows(data: bytes, comments: list[str]) -> Iterator[Cells]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS * 2, max_col=MOST_COLUMNS, values_only=True)
        for number, row in enumerate(rows, start=1):
            cells = [_text(value) for value in row]
            if cells and cells[0].startswith("#"):
                comments.append(" ".join(filter(None, cells)).lstrip("# "))
            elif any(cells):
                yield number, cells
    finally:
        book.close()


def _text(value: Any) -> str:
    """A cell as the person sees it: figures without binary noise, a month for its first day."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(round(value, DECIMALS))).normalize(), "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m" if value.day == 1 else "%Y-%m-%d")
    return str(value).strip()

"""Tables for spreadsheets in which no text from anybody ever becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from app.clock import local

BOM: Final = "\ufeff"
LONGEST: Final = 32_767
FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠")
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Row = Sequence[Any]


def csv_text(rows: Iterable[Row]) -> Iterator[str]:
    """The rows as pieces of CSV, the first with a byte-order mark so that Excel reads Chinese.

    Texts are quoted, and one that a spreadsheet could take for a formula starts with `'`;
    numbers stay numbers.
    """
    piece = io.StringIO()
    writer = csv.writer(piece, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    piece.write(BOM)
    for row in rows:
        writer.writerow([_disarmed(value) for value in row])
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """The rows as one CSV file."""
    return "".join(csv_text(rows)).encode("utf-8")


def xlsx_bytes(title: str, rows: Iterable[Row], *, widths: Sequence[int] = ()) -> bytes:
    """The rows as one sheet, as `write_xlsx` writes it."""
    out = io.BytesIO()
    write_xlsx(out, title, rows, widths=widths)
    return out.getvalue()


def write_csv(file: IO[bytes], rows: Iterable[Row]) -> None:
    """Write the rows as they come; no more than one of them is held."""
    for piece in csv_text(rows):
        file.write(piece.encode())


def write_xlsx(
    file: IO[bytes], title: str, rows: Iterable[Row], *, widths: Sequence[int] = ()
) -> None:
    """Write one sheet as its rows come, the first bold and frozen; every text is a text cell."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", _printable(title))[:31] or "1")
    sheet.freeze_panes = "A2"
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows):
        cells = [_cell(sheet, value) for value in row]
        if number == 0:
            for cell in cells:
                cell.font = Font(bold=True)
        sheet.append(cells)
    book.save(file)


def _cell(sheet: Any, value: Any) -> Any:
    """A cell; openpyxl would make formulas and errors of some texts, so their type is forced."""
    plain = _plain(value)
    if not isinstance(plain, str):
        return WriteOnlyCell(sheet, value=plain)
    cell = WriteOnlyCell(sheet, value="")
    cell.value = plain
    cell.data_type = "s"
    return cell


def _disarmed(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, str) and FORMULA_STARTS.intersection(plain[:1] + plain.lstrip()[:1]):
        return "'" + plain
    return plain.isoformat() if isinstance(plain, date) else plain


def _plain(value: Any) -> Any:
    """What a cell can hold: numbers, days and texts; moments are said in local time."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, datetime):
        moment = local(value) if value.tzinfo else value
        return moment.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if isinstance(value, (int, date)):
        return value
    return _printable(str(value))


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)[:LONGEST]

"""Tables as files: written row by row to a file that is sent and gone, never held in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any, Final

from flask import Response

from app.errors import NotFound
from app.rules import cells

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PIECE: Final = 64 * 1024


def table_file(kind: str, name: str, title: str, rows: Iterable[Sequence[Any]]) -> Response:
    """The rows, headings first; no cell ever becomes a formula."""
    if kind not in TYPES:
        raise NotFound
    file = TemporaryFile()  # noqa: SIM115 - closed when the answer is sent
    try:
        if kind == "csv":
            cells.write_csv(file, rows)
        else:
            cells.write_xlsx(file, title, rows)
    except BaseException:
        file.close()
        raise
    answer = Response(_pieces(file), content_type=TYPES[kind])
    answer.call_on_close(file.close)
    answer.content_length = file.tell()
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece

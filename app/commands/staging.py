"""Read an uploaded file into its preview, in pieces, so that people can watch its progress."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import delete, func, insert, select

from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.effects import previews
from app.errors import Invalid, NotFound
from app.i18n import Text, _
from app.model import ImportBatch, ImportRow
from app.rules import access, importing, readings
from app.rules.readings import ReadingRow

PIECE: Final = 5_000
MOST_UNKNOWN: Final = 2_000


class _Overtaken(Exception):
    """Somebody else reads this file now, or nobody wants it any more."""


def stage(batch_id: int, *, actor: Actor) -> dict[str, int] | None:
    """Read the file into rows with their verdicts; returns how many of each, None if not needed.

    Safe to repeat: a run that died half-way is started over, one that is finished stays.
    """
    access.require(access.may_bring_in_readings(actor), _("Only the analysts bring readings in."))
    begun = _begin(batch_id)
    if begun is None:
        return None
    try:
        file = readings.read(begun["content"])
        for piece in _pieces(file.rows):
            _add(batch_id, begun["turn"], piece)
        return _finish(batch_id, begun["turn"], file.comments)
    except Invalid as refusal:
        _fail(batch_id, refusal.text)
        return None
    except _Overtaken:
        return None


def _pieces(rows: Iterator[ReadingRow]) -> Iterator[list[ReadingRow]]:
    while piece := list(islice(rows, PIECE)):
        yield piece


@command
def _begin(batch_id: int) -> dict[str, Any] | None:
    """Take the batch; each start counts as a turn, so that an earlier one notices and stops."""
    batch = _locked(batch_id)
    if batch.state not in ("uploaded", "reading"):
        return None

    turn = batch.counts.get("turn", 0) + 1
    batch.state, batch.rows_read, batch.counts = "reading", 0, {"turn": turn}
    _forget_rows(batch_id)
    return {"content": batch.content, "turn": turn}


@command
def _add(batch_id: int, turn: int, piece: list[ReadingRow]) -> None:
    batch = _locked(batch_id)
    _require_turn(batch, turn)

    session().execute(insert(ImportRow), [_columns(batch_id, row) for row in piece])
    batch.rows_read += len(piece)


@command
def _finish(batch_id: int, turn: int, comments: list[str]) -> dict[str, int]:
    batch = _locked(batch_id)
    _require_turn(batch, turn)

    batch.state, batch.rows_total = "previewed", batch.rows_read
    batch.provenance = "\n".join(comments)
    counts = previews.match(batch)
    if not counts:
        raise Invalid(_("The file has a header but no rows."))
    if _unknown_names(batch_id) > MOST_UNKNOWN:
        raise Invalid(
            _(
                "More than %(most)s indicators or areas of this file are unknown. Is it the right "
                "file, with the right columns?",
                most=MOST_UNKNOWN,
            )
        )
    return counts


@command
def _fail(batch_id: int, why: Text) -> None:
    """The file cannot be read; what is wrong stays with it, its rows go."""
    batch = _locked(batch_id)
    batch.state, batch.problem, batch.counts = "failed", json.dumps(why.as_json()), {}
    _forget_rows(batch_id)


def _locked(batch_id: int) -> ImportBatch:
    batch = session().get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound
    return batch


def _require_turn(batch: ImportBatch, turn: int) -> None:
    if batch.state != "reading" or batch.counts.get("turn") != turn:
        raise _Overtaken


def _forget_rows(batch_id: int) -> None:
    session().execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))


def _columns(batch_id: int, row: ReadingRow) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "line": row.line,
        "indicator": row.indicator,
        "period": row.period,
        "area_level": row.area_level,
        "area": row.area,
        "value": row.value,
        "year_before": row.value_year_before,
        "change": row.change,
        "case_count": row.case_count,
        "verdict": importing.verdict(row),
        "findings": [importing.as_json(finding) for finding in row.findings],
    }


def _unknown_names(batch_id: int) -> int:
    """How many different names have no meaning yet."""
    unknown = [ImportRow.batch_id == batch_id, ImportRow.verdict == importing.UNKNOWN]
    names = select(ImportRow.indicator).where(*unknown, ImportRow.indicator_id.is_(None))
    areas = select(previews.AREA_KEY).where(*unknown, ImportRow.area_id.is_(None))
    return sum(
        session().scalar(select(func.count()).select_from(each.distinct().subquery())) or 0
        for each in (names, areas)
    )

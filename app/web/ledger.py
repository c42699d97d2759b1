"""事项台账: the items with filters, and the same as CSV or XLSX."""

from __future__ import annotations

from itertools import chain
from typing import Final

from flask import Blueprint, Response, render_template, request

from app.commands.operations import in_bulk
from app.commands.starts import started_by
from app.i18n import _
from app.queries.ledger import COLUMNS, Filters, LedgerRow, in_pieces, ledger, tasks_of
from app.rules.lights import WORDS
from app.web.names import STATUSES
from app.web.offices import unit_options
from app.web.policy import current_actor, require, signed_in
from app.web.tables import table_file
from app.web.wording import day, named, say

bp = Blueprint("ledger", __name__, url_prefix="/ledger")
FOR_ITEMS: Final = ("urge",)


@bp.get("/")
@require(signed_in)
def index() -> str:
    """The ledger page."""
    viewer, filters = current_actor(), _filters()
    rows = ledger(viewer, filters)
    acts = [each for each in in_bulk.offered_to(viewer) if each.name in FOR_ITEMS]
    return render_template(
        "ledger/index.html",
        rows=rows,
        acts=acts,
        tasks=tasks_of(rows) if acts else {},
        filters=filters,
        columns=COLUMNS,
        units=unit_options(filters.unit_id),
        lights=tuple(WORDS.items()),
        query=request.args.to_dict(),
        starts=started_by(viewer, "ledger"),
    )


@bp.get("/ledger.<kind>")
@require(signed_in)
def export(kind: str) -> Response:
    """The filtered ledger as a file; no cell ever becomes a formula."""
    heads = [say(label) for _name, label in COLUMNS]
    rows = map(_cells, in_pieces(current_actor(), _filters()))
    return table_file(kind, "ledger", say(_("Ledger of supervision items")), chain([heads], rows))


def _filters() -> Filters:
    args = request.args
    unit, year = args.get("unit", ""), args.get("year", "")
    return Filters(
        text=args.get("text", "")[:80].strip(),
        status=args.get("status", ""),
        light=args.get("light", ""),
        unit_id=int(unit) if unit.isdecimal() and len(unit) < 10 else None,
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
    )


def _cells(row: LedgerRow) -> list[object]:
    return [
        row.number,
        row.matter,
        row.source,
        row.lead,
        "、".join(row.co),
        day(row.issued),
        day(row.due.day),
        row.progress,
        named(STATUSES, row.status),
        say(row.due.light.word),
        row.urged,
        row.extended,
        day(row.completed),
        day(row.struck_off),
    ]

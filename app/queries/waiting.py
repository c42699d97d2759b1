"""What waits for a person, with the light each piece of it shows now, as SQL over one index."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from sqlalchemy import ColumnElement, Subquery, case, func, literal, or_, select, true, union_all

from app import clock
from app.actor import Actor
from app.db import Present, UtcDateTime, constant
from app.model import Assignment, Case, Ticket
from app.rules.lights import CODES, PRESSING

LIGHTS: Final = (*CODES[1:], CODES[0])
"""The most pressing first; suspended work comes last."""
FAR: Final = datetime(9999, 1, 1, tzinfo=timezone.utc)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """What of the inbox is shown; empty or None shows all.

    `whose`: `me` by name, `deputy` what I stand in for, `unit` anybody's; `receipt`: only what is
    to be signed for, or only what is not; `text` is looked for in numbers, titles and steps.
    """

    kind: str = ""
    stage: str = ""
    role: str = ""
    whose: str = ""
    unit_id: int | None = None
    from_unit_id: int | None = None
    due_from: date | None = None
    due_until: date | None = None
    text: str = ""
    receipt: bool | None = None

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return self != Filters(receipt=self.receipt)


def waiting(viewer: Actor) -> Subquery:
    """What may be done under any holding: the same rule as rules.access.completes, as SQL.

    One part for each post, so that each is a range of one index, which holds all that is asked.
    """
    named: dict[tuple[int, str], set[int]] = defaultdict(set)
    own: set[tuple[int, str]] = set()
    for held in viewer.holdings:
        named[held.unit_id, held.role] |= {
            each for each in (viewer.person_id, held.deputy_for) if each
        }
        if held.deputy_for is None:
            own.add((held.unit_id, held.role))
    return union_all(
        *(
            select(*COLUMNS, literal(post not in own).label("deputised")).where(
                Assignment.state == constant("active"),
                Assignment.unit_id == post[0],
                Assignment.post == post[1],
                or_(
                    Assignment.person_id.is_(None),
                    *(Assignment.person_id == each for each in sorted(people)),
                ),
            )
            for post, people in named.items()
        )
    ).subquery("waiting")


def lit(viewer: Actor, filters: Filters | None = None) -> Subquery:
    """What waits and is asked for: its id, its light's place among LIGHTS (`rank`), the moment it
    is put by (`by`, its date or FAR), and the present moment (`now`).
    """
    found, moment = waiting(viewer), select(Present().label("now")).cte("moment")
    ranks = [
        (found.c[f"{code}_from"] <= moment.c.now, literal(LIGHTS.index(code))) for code in PRESSING
    ]
    rank = case(*ranks, else_=LIGHTS.index(CODES[-1]))
    by = func.coalesce(found.c.due_at, literal(FAR, UtcDateTime()), type_=UtcDateTime())
    chosen = select(found.c.id, rank.label("rank"), by.label("by"), moment.c.now).join_from(
        found, moment, true()
    )
    if filters is None:
        return chosen.subquery("lit")
    chosen = chosen.where(*_of_the_index(filters, found, viewer))
    further = _of_the_rest(filters)
    if further:
        chosen = (
            chosen.join(Assignment, Assignment.id == found.c.id)
            .join(Case, Case.id == Assignment.case_id)
            .join(Ticket, Ticket.id == Assignment.ticket_id)
            .where(*further)
        )
    return chosen.subquery("lit")


COLUMNS: Final = (
    Assignment.id,
    Assignment.person_id,
    Assignment.unit_id,
    Assignment.receipt,
    Assignment.due_at,
    *(getattr(Assignment, f"{code}_from") for code in PRESSING),
)


def _of_the_index(filters: Filters, found: Subquery, viewer: Actor) -> list[ColumnElement[bool]]:
    """What the index alone answers."""
    whose = {
        "me": found.c.person_id == viewer.person_id,
        "unit": found.c.person_id.is_(None),
        "deputy": found.c.deputised,
    }
    wanted = [whose[filters.whose]] if filters.whose in whose else []
    if filters.receipt is not None:
        wanted.append(found.c.receipt == filters.receipt)
    if filters.unit_id is not None:
        wanted.append(found.c.unit_id == filters.unit_id)
    if filters.due_from is not None:
        wanted.append(found.c.due_at >= clock.from_local(filters.due_from))
    if filters.due_until is not None:
        wanted.append(found.c.due_at < clock.from_local(filters.due_until + ONE_DAY))
    return wanted


def _of_the_rest(filters: Filters) -> list[ColumnElement[bool]]:
    """What has to be read of each task, its case and its step."""
    equal = {Case.kind: filters.kind, Ticket.stage: filters.stage, Assignment.role: filters.role}
    wanted = [column == value for column, value in equal.items() if value]
    if filters.from_unit_id is not None:
        wanted.append(Assignment.opened_from == filters.from_unit_id)
    if filters.text:
        sought = (Case.number, Case.title, Case.matter, Ticket.name, Ticket.name_en)
        wanted.append(or_(*(each.icontains(filters.text, autoescape=True) for each in sought)))
    return wanted

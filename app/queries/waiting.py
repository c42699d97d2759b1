"""What waits for a person, with the light each piece of it shows now, as SQL over one index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from app import clock
from app.actor import Actor, Holding
from app.db import UtcDateTime, constant
from app.model import Assignment, Case, Ticket
from app.queries.matching import alike, like, running_cases_saying, tasks_called, words_of
from app.rules.lights import CODES, PRESSING

LIGHTS: Final = (*CODES[1:], CODES[0])
"""The most pressing first; suspended work comes last."""
FAR: Final = datetime(9999, 1, 1, tzinfo=timezone.utc)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """What of the inbox is shown; empty or None shows all.

    `whose`: `me` by name, `deputy` what I stand in for, `unit` anybody's; `receipt`: only what is
    to be signed for, or only what is not; `source` is looked for in where a matter comes from,
    `text` in what the case says, and in the step's name; `only`: the tasks with these ids.
    """

    kind: str = ""
    stage: str = ""
    role: str = ""
    whose: str = ""
    unit_id: int | None = None
    from_unit_id: int | None = None
    due_from: date | None = None
    due_until: date | None = None
    opened_from: date | None = None
    opened_until: date | None = None
    source: str = ""
    text: str = ""
    receipt: bool | None = None
    only: tuple[int, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return self != Filters(receipt=self.receipt)

    @property
    def alike(self) -> Filters:
        """The same with other tasks and words: a statement is built for these, and takes those."""
        return replace(self, only=self.only[:1] and (0,), text=self.text and alike(self.text))

    @property
    def values(self) -> dict[str, Any]:
        """What that statement takes."""
        return {"only": self.only, "step": like(self.text), **words_of(self.text)}

    @property
    def typed(self) -> bool:
        """Whether a statement holds something of them that others would hardly ask for."""
        plain = replace(self.alike, only=(), text="")
        return plain != Filters(receipt=self.receipt)


class Post(NamedTuple):
    """One post as a statement asks for its work: as one's `own`, and for how many others.

    `others`: whose work somebody does as a deputy for all kinds of cases; `some`: for certain kinds
    only.
    """

    own: bool
    others: int
    some: int


class Whose(NamedTuple):
    """Whose work is asked for, post by post.

    That is the shape of a statement, the same for most people and kept; `values` are theirs.
    """

    shape: tuple[Post, ...]
    values: dict[str, Any]


def whose(viewer: Actor) -> Whose:
    """What this person may do under any holding: the same rule as rules.access.completes."""
    places: dict[tuple[int, str], list[Holding]] = defaultdict(list)
    for held in viewer.holdings:
        places[held.unit_id, held.role].append(held)
    values: dict[str, Any] = {"me": viewer.person_id}
    shape = []
    for number, ((unit_id, post), held_so) in enumerate(places.items()):
        others = [held.deputy_for for held in held_so if held.deputy_for and not held.kinds]
        some = [(held.deputy_for, sorted(held.kinds)) for held in held_so if held.kinds]
        values |= {f"unit_{number}": unit_id, f"post_{number}": post}
        values |= {f"person_{number}_{n}": each for n, each in enumerate(others)}
        for n, (person, kinds) in enumerate(some):
            values |= {f"some_{number}_{n}": person, f"kinds_{number}_{n}": kinds}
        own = any(held.deputy_for is None for held in held_so)
        shape.append(Post(own, len(others), len(some)))
    return Whose(tuple(shape), values)


def waiting(shape: tuple[Post, ...]) -> Subquery:
    """What waits, as SQL: a range of one index for each post, which holds all that is asked."""
    return union_all(
        *(
            select(*COLUMNS, _deputised(post).label("deputised")).where(
                Assignment.state == constant("active"),
                Assignment.unit_id == bindparam(f"unit_{number}"),
                Assignment.post == bindparam(f"post_{number}"),
                or_(*_theirs(number, post)),
            )
            for number, post in enumerate(shape)
        )
    ).subquery("waiting")


def _deputised(post: Post) -> ColumnElement[bool]:
    """Whether a task of the post is somebody's for whom one stands in."""
    if not post.own:
        return literal(value=True)
    if not post.others and not post.some:
        return literal(value=False)
    return func.coalesce(Assignment.person_id != bindparam("me"), literal(value=False))


def _theirs(number: int, post: Post) -> Iterator[ColumnElement[bool]]:
    """Nobody's by name, one's own, or that of those one stands in for."""
    if post.own or post.others:
        yield Assignment.person_id.is_(None)
        yield Assignment.person_id == bindparam("me")
    for n in range(post.others):
        yield Assignment.person_id == bindparam(f"person_{number}_{n}")
    for n in range(post.some):
        person = Assignment.person_id
        theirs = or_(
            person.is_(None), person.in_((bindparam("me"), bindparam(f"some_{number}_{n}")))
        )
        yield and_(theirs, KIND.in_(bindparam(f"kinds_{number}_{n}", expanding=True)))


def lit(shape: tuple[Post, ...], filters: Filters, *, numbered: bool = False) -> Subquery:
    """What waits and is asked for: its id, its light's place among LIGHTS (`rank`), and the moment
    it is put by (`by`, its date or FAR); with its case's number if asked for. Takes the present
    moment as `now`.
    """
    found, now = waiting(shape), bindparam("now", type_=UtcDateTime())
    ranks = [(found.c[f"{code}_from"] <= now, literal(LIGHTS.index(code))) for code in PRESSING]
    rank = case(*ranks, else_=LIGHTS.index(CODES[-1]))
    by = func.coalesce(found.c.due_at, literal(FAR, UtcDateTime()), type_=UtcDateTime())
    chosen = (
        select(
            found.c.id,
            found.c.receipt,
            found.c.unit_id,
            rank.label("rank"),
            by.label("by"),
            *(NUMBERED if numbered else ()),
        )
        .select_from(found)
        .where(*_of_the_index(filters, found))
    )
    if filters.text:
        chosen = _saying(filters.text, chosen, found)
    further = _of_the_rest(filters)
    if further or numbered:
        chosen = (
            chosen.join(Assignment, Assignment.id == found.c.id)
            .join(Case, Case.id == Assignment.case_id)
            .join(Ticket, Ticket.id == Assignment.ticket_id)
            .where(*further)
        )
    return chosen.subquery("lit")


KIND: Final = (
    select(Case.kind).where(Case.id == Assignment.case_id).correlate(Assignment).scalar_subquery()
)
NUMBER: Final = func.coalesce(Case.number, literal(""))
NUMBERED: Final = (func.length(NUMBER).label("number_length"), NUMBER.label("case_number"))
COLUMNS: Final = (
    Assignment.id,
    Assignment.person_id,
    Assignment.unit_id,
    Assignment.receipt,
    Assignment.due_at,
    Assignment.case_id,
    Assignment.ticket_id,
    *(getattr(Assignment, f"{code}_from") for code in PRESSING),
)


def _of_the_index(filters: Filters, found: Subquery) -> list[ColumnElement[bool]]:
    """What the index alone answers."""
    of = {
        "me": found.c.person_id == bindparam("me"),
        "unit": and_(found.c.person_id.is_(None), not_(found.c.deputised)),
        "deputy": found.c.deputised,
    }
    wanted = [of[filters.whose]] if filters.whose in of else []
    if filters.receipt is not None:
        wanted.append(found.c.receipt == filters.receipt)
    if filters.only:
        wanted.append(found.c.id.in_(bindparam("only", expanding=True)))
    if filters.unit_id is not None:
        wanted.append(found.c.unit_id == filters.unit_id)
    wanted += _days(found.c.due_at, filters.due_from, filters.due_until)
    return wanted


def _of_the_rest(filters: Filters) -> list[ColumnElement[bool]]:
    """What has to be read of each task, its case and its step."""
    equal = {Case.kind: filters.kind, Ticket.stage: filters.stage, Assignment.role: filters.role}
    wanted = [column == value for column, value in equal.items() if value]
    if filters.from_unit_id is not None:
        wanted.append(Assignment.opened_from == filters.from_unit_id)
    if filters.source:
        wanted.append(Case.source.icontains(filters.source, autoescape=True))
    return wanted + _days(Assignment.opened_at, filters.opened_from, filters.opened_until)


def _saying(text: str, chosen: Select[*tuple[Any, ...]], found: Subquery) -> Any:
    """Those whose case says it or whose step is called so.

    Each is found by its own index and joined to what waits: a condition on either of two tables
    would read both for each task.
    """
    said = running_cases_saying(text).subquery("said")
    called = tasks_called().subquery("called")
    return (
        chosen.outerjoin(said, said.c.case_id == found.c.case_id)
        .outerjoin(called, called.c.id == found.c.ticket_id)
        .where(or_(said.c.case_id.is_not(None), called.c.id.is_not(None)))
    )


def _days(column: Any, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Local days, both included."""
    wanted = [] if first is None else [column >= clock.from_local(first)]
    return wanted if last is None else [*wanted, column < clock.from_local(last + ONE_DAY)]

"""Load and lock: the first beat of every act on a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    bindparam,
    cast,
    exists,
    func,
    select,
)
from sqlalchemy.orm import aliased

from app import engine, journal
from app.advance import reference, rows
from app.db import Present, constants, dialect, gathered, keep_moment, session
from app.errors import NotFound
from app.model import (
    OPEN,
    Assignment,
    Case,
    CaseState,
    CaseUnit,
    Document,
    Event,
    ProfileVersion,
    Ticket,
)
from app.rules.profiles import Profile


@dataclass(frozen=True)
class Waiting:
    """Who still has (or will have, in turn) which task; `kind` and `parent_id` as it has them."""

    assignment_id: int
    ticket_id: int
    engine_task: str
    unit_id: int
    state: str
    name: str
    name_en: str
    kind: str = ""
    parent_id: int | None = None

    @classmethod
    def on(cls, assignment: Assignment, ticket: Ticket) -> Waiting:
        """What an assignment under a ticket has waiting."""
        return cls(
            assignment_id=assignment.id,
            ticket_id=ticket.id,
            engine_task=ticket.engine_task,
            unit_id=assignment.unit_id,
            state=assignment.state,
            name=ticket.name,
            name_en=ticket.name_en,
            kind=assignment.kind or "",  # a new one has none before its first flush
            parent_id=assignment.parent_id,
        )


@dataclass
class Loaded:
    """A locked case with everything an act on it needs.

    `papers` are the newest documents of each kind (those that were not voided), oldest first;
    `waiting` is the open work, oldest first.
    """

    case: Case
    state: bytes
    profile: Profile
    units: Mapping[str, Sequence[int]]
    papers: list[Document] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def stream(self) -> str:
        """The case's journal stream."""
        return f"case:{self.case.id}"

    @property
    def compiled(self) -> engine.Compiled:
        """The process the case runs on."""
        return reference.compiled(self.case.bundle)

    @property
    def lead_unit_id(self) -> int | None:
        """The one accountable unit, once there is one."""
        leads = self.units.get("lead") or self.units.get("addressee") or ()
        return leads[0] if leads else None


def load(case_id: int) -> Loaded:
    """Lock a case and read it; raises NotFound."""
    _lock(_the_case(), case_id)
    return _loaded(_read(_by_case(), case_id))


def load_by_assignment(assignment_id: int) -> tuple[Loaded, Ticket, Assignment]:
    """Lock the case of an assignment and read it, with ticket and assignment as they are now."""
    _lock(_its_case(), assignment_id)
    found = _read(_by_assignment(), assignment_id)
    return _loaded(found), found[0].Ticket, found[0].Assignment


@cache
def _the_case() -> Select[int]:
    return select(Case.id).where(Case.id == bindparam("sought")).with_for_update(of=Case)


@cache
def _its_case() -> Select[int]:
    its = Assignment.case_id == Case.id
    found = select(Case.id).join(Assignment, its).where(Assignment.id == bindparam("sought"))
    return found.with_for_update(of=Case)


def _lock(case: Select[int], sought: int) -> None:
    """Wait for the case. SQLite has waited already: its writers come one after the other.

    A statement of its own on purpose: what is read together with a row that had to be waited for
    would be as it was before the wait (PostgreSQL reads it again for the locked table only).
    """
    if dialect() == "postgresql":
        session().connection().execute(case, {"sought": sought})


def _read(everything: Select[*tuple[Any, ...]], sought: int) -> Sequence[Any]:
    """One row per document of the case (one where there is none); raises NotFound."""
    found = session().execute(everything, {"sought": sought}).all()
    if not found:
        raise NotFound
    return found


def _loaded(found: Sequence[Any]) -> Loaded:
    first = found[0]
    case: Case = first.Case
    if first.seq is not None:
        journal.know_head(f"case:{case.id}", first.seq, first.hash)
    keep_moment(first.moment)
    rows.know_ids(first.ids)
    reference.know_heads(calendar=first.calendar, organisation=first.organisation)
    papers = {row.Document.id: row.Document for row in found if row.Document is not None}
    return Loaded(
        case=case,
        state=first.blob or b"",
        profile=reference.profile_with(first.sha256, case.profile_id),
        units=_by_role(first.units),
        papers=[papers[key] for key in sorted(papers)],
        waiting=[Waiting(*each) for each in sorted(first.waiting or ())],
    )


@cache
def _by_case() -> Select[*tuple[Any, ...]]:
    return _everything().where(Case.id == bindparam("sought"))


@cache
def _by_assignment() -> Select[*tuple[Any, ...]]:
    return (
        _everything()
        .add_columns(Ticket, Assignment)
        .join(Assignment, Assignment.case_id == Case.id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.id == bindparam("sought"))
    )


def _everything() -> Select[*tuple[Any, ...]]:
    """Case, state, mechanism, journal heads, moment, units, open work and papers, in one go."""
    last = aliased(Event)
    stream = "case:" + cast(Case.id, String)
    newest = select(func.max(Event.seq)).where(Event.stream == stream).scalar_subquery()
    state = (CaseState.case_id == Case.id) & (CaseState.seq == Case.state_seq)
    return (
        select(
            Case,
            CaseState.blob,
            ProfileVersion.sha256,
            last.seq,
            last.hash,
            Document,
            Present().label("moment"),
            reference.head_of("calendar").label("calendar"),
            reference.head_of("organisation").label("organisation"),
            _units().label("units"),
            _waiting().label("waiting"),
            rows.NextIds().label("ids"),
        )
        .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
        .outerjoin(CaseState, state)
        .outerjoin(last, (last.stream == stream) & (last.seq == newest))
        .outerjoin(Document, _newest_of_its_kind())
        .execution_options(populate_existing=True)
    )


def _units() -> ScalarSelect[Any]:
    return (
        select(gathered(CaseUnit.id, CaseUnit.role, CaseUnit.unit_id))
        .where(CaseUnit.case_id == Case.id)
        .scalar_subquery()
    )


def _waiting() -> ScalarSelect[Any]:
    """Aliases, for the assignment in question stands beside these in the same statement."""
    open_, theirs = aliased(Assignment), aliased(Ticket)
    columns = (open_.id, theirs.id, theirs.engine_task, open_.unit_id, open_.state)
    told = (theirs.name, theirs.name_en, open_.kind, open_.parent_id)
    return (
        select(gathered(*columns, *told))
        .join(theirs, theirs.id == open_.ticket_id)
        .where(open_.case_id == Case.id, open_.state.in_(constants(*OPEN)))
        .correlate(Case)
        .scalar_subquery()
    )


def _newest_of_its_kind() -> ColumnElement[bool]:
    newer = aliased(Document)
    superseded = exists().where(
        newer.case_id == Document.case_id,
        newer.kind == Document.kind,
        newer.state != "void",
        newer.id > Document.id,
    )
    return (Document.case_id == Case.id) & (Document.state != "void") & ~superseded


def units_of(case_id: int) -> dict[str, list[int]]:
    """The units of a case by their role in it, in the order they were named."""
    found = session().execute(
        select(CaseUnit.id, CaseUnit.role, CaseUnit.unit_id).where(CaseUnit.case_id == case_id)
    )
    return _by_role(tuple(row) for row in found)


def _by_role(named: Iterable[Sequence[Any]] | None) -> dict[str, list[int]]:
    units: dict[str, list[int]] = {}
    for _id, role, unit_id in sorted((each[0], each[1], each[2]) for each in named or ()):
        units.setdefault(role, []).append(unit_id)
    return units

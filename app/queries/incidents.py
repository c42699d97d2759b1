"""Incidents for those who put them right: what stopped, why, since when, and what can be done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app import engine
from app.actor import Actor
from app.advance import compiled, profile
from app.db import session
from app.engine import EngineError
from app.errors import NotFound
from app.i18n import Text
from app.model import (
    Assignment,
    Case,
    CaseState,
    DefinitionVersion,
    Incident,
    Person,
    Ticket,
    Timer,
    Unit,
    Work,
)
from app.queries.visibility import seen, seen_by, visible
from app.queries.words.incidents import doing
from app.rules import access, facts, posts

MOST_UNSOLVED = 200
MOST_RESOLVED = 50
MOST_COUNTED = 100


@dataclass(frozen=True)
class IncidentLine:
    """One incident in a list; `case_id` is None for work that belongs to no case."""

    number: int
    kind: str
    doing: Text
    problem: Text
    state: str
    proposed: bool
    attempts: int
    first_at: datetime
    last_at: datetime
    resolved_at: datetime | None
    case_id: int | None
    case_number: str
    case_title: str


@dataclass(frozen=True)
class Fact:
    """A fact of the case as its field shows it; `kind` is empty where it can only be read."""

    name: str
    kind: str
    written: str


@dataclass(frozen=True)
class About:
    """The task and unit it is about, where there are such, and when it was planned for."""

    task: str = ""
    task_en: str = ""
    unit: str = ""
    planned: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class IncidentPage:
    """One incident with everything needed to decide; `may_settle` says whether this viewer can."""

    line: IncidentLine
    about: About
    element: str
    version: int
    proposal: str
    proposed_by: str
    proposed_at: datetime | None
    proposed_by_me: bool
    retried_at: datetime | None
    resolution: str
    resolved_by: str
    may_settle: bool
    facts: tuple[Fact, ...]

    @property
    def skippable(self) -> bool:
        """Timers and background work can be skipped; what a person does cannot."""
        return self.line.kind in ("timer", "work")


def unsolved_count(viewer: Actor) -> int:
    """How many wait for a supervisor; never counts further than a hundred."""
    if not access.may_see_incidents(viewer):
        return 0
    values, everything = seen_by(viewer)
    return session().scalar(_count(everything=everything), values) or 0


@cache
def _count(*, everything: bool) -> Select[int]:
    some = (
        select(Incident.id)
        .outerjoin(Case, Case.id == Incident.case_id)
        .where(Incident.waits(), _of_a_case(seen(everything=everything)))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return select(func.count()).select_from(some)


def incidents(viewer: Actor, *, resolved: bool = False) -> tuple[IncidentLine, ...]:
    """Those that wait, oldest first; or those resolved, newest first."""
    rows = (
        select(Incident, Case.number, Case.title)
        .outerjoin(Case, Case.id == Incident.case_id)
        .where(_seen_by(viewer))
    )
    rows = (
        rows.where(Incident.state == "resolved", Incident.opened_at.is_not(None))
        .order_by(Incident.resolved_at.desc(), Incident.id.desc())
        .limit(MOST_RESOLVED)
        if resolved
        else rows.where(Incident.waits())
        .order_by(Incident.opened_at, Incident.id)
        .limit(MOST_UNSOLVED)
    )
    return tuple(_line(row.Incident, row.number, row.title) for row in session().execute(rows))


def incident_page(viewer: Actor, incident_id: int) -> IncidentPage:
    """One incident; NotFound for strangers and for what was not yet tried five times."""
    proposer, resolver = aliased(Person), aliased(Person)
    found = (
        session()
        .execute(
            select(Incident, Case, proposer.name.label("by"), resolver.name.label("resolved_by"))
            .outerjoin(Case, Case.id == Incident.case_id)
            .outerjoin(proposer, proposer.id == Incident.proposed_by)
            .outerjoin(resolver, resolver.id == Incident.resolved_by)
            .where(
                Incident.id == incident_id,
                Incident.opened_at.is_not(None),
                _seen_by(viewer),
            )
        )
        .one_or_none()
    )
    if found is None or not access.may_see_incidents(viewer):
        raise NotFound
    incident, of_case = found.Incident, found.Case
    settles = _settles(viewer, of_case)
    return IncidentPage(
        line=_line(incident, of_case and of_case.number, of_case and of_case.title),
        about=_about(incident),
        element=incident.element,
        version=incident.version,
        proposal=incident.proposal,
        proposed_by=found.by or "",
        proposed_at=incident.proposed_at,
        proposed_by_me=incident.proposed_by == viewer.person_id,
        retried_at=incident.retried_at,
        resolution=incident.resolution,
        resolved_by=found.resolved_by or "",
        may_settle=settles and incident.state != "resolved",
        facts=_facts(of_case) if settles and of_case and incident.state == "open" else (),
    )


def _seen_by(viewer: Actor) -> ColumnElement[bool]:
    return _of_a_case(visible(viewer))


def _of_a_case(seen_case: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(Incident.case_id.is_(None), and_(Case.id.is_not(None), seen_case))


def _settles(viewer: Actor, of_case: Case | None) -> bool:
    if of_case is None:
        return access.may_settle_incidents(viewer)
    mechanism = profile(of_case.profile_id)
    return posts.holds(viewer, mechanism, "supervising_office", "supervising_director")


def _line(incident: Incident, number: str | None, title: str | None) -> IncidentLine:
    return IncidentLine(
        number=incident.id,
        kind=incident.kind,
        doing=doing(incident.doing),
        problem=Text.from_json(incident.problem),
        state=incident.state,
        proposed=incident.proposed_by is not None,
        attempts=incident.attempts,
        first_at=incident.first_at,
        last_at=incident.last_at,
        resolved_at=incident.resolved_at,
        case_id=incident.case_id,
        case_number=number or "",
        case_title=title or "",
    )


def _about(incident: Incident) -> About:
    of_task = (
        select(Ticket.name, Ticket.name_en, Unit.name.label("unit"), Assignment.due_at)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
    )
    if incident.kind == "work":
        planned = session().scalar(select(Work.not_before).where(Work.id == incident.reference))
        return About(planned=planned)
    if incident.kind == "timer":
        of_task = of_task.join(Timer, Timer.assignment_id == Assignment.id).where(
            Timer.id == incident.reference
        )
        planned = session().scalar(select(Timer.fire_at).where(Timer.id == incident.reference))
    else:
        planned = None
        task = incident.reference if incident.doing == "complete_task" else 0
        of_task = of_task.where(Assignment.id == task)
    row = session().execute(of_task).one_or_none()
    if row is None:
        return About(planned=planned)
    return About(row.name, row.name_en, row.unit, planned, row.due_at)


def _facts(of_case: Case) -> tuple[Fact, ...]:
    """What the diagrams of the case speak of; nothing where its state cannot even be read."""
    blob = session().scalar(
        select(CaseState.blob).where(
            CaseState.case_id == of_case.id, CaseState.seq == of_case.state_seq
        )
    )
    try:
        found = engine.facts_ahead(compiled(of_case.bundle), blob or b"")
    except EngineError:
        return ()
    sources = session().scalars(
        select(DefinitionVersion.source).where(
            DefinitionVersion.id.in_([entry["id"] for entry in of_case.bundle])
        )
    )
    spoken_of = set(re.findall(r"\w+", " ".join(sources)))
    return tuple(
        Fact(name, facts.kind_of(value), facts.written(value))
        for name, value in sorted(found.items())
        if name in spoken_of
    )

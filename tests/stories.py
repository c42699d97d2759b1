"""Verbs the tests speak: set the clock, open a case, do a task, look at what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import advance, clock, engine, journal
from app.actor import Actor
from app.commands.completion import complete_task
from app.db import session, transaction
from app.model import (
    Assignment,
    CalendarDay,
    CalendarYear,
    Case,
    ClockOffset,
    DefinitionVersion,
    Delivery,
    Document,
    Event,
    ProfileVersion,
    Ticket,
)
from app.rules import profiles
from tests import bringing, people
from tests.people import County

ROOT = Path(__file__).parents[1]
HOLIDAYS = ("2026-01-01", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07")
MAKEUP_DAYS = ("2026-10-10",)


def county(profile_key: str, at: str = "2026-07-06 09:00") -> County:
    """A county with everything published and everybody in place, at that local moment."""
    set_clock(at)
    publish(profile_key)
    write_calendar()
    return people.settle_in(profile_key)


def set_clock(local: str) -> datetime:
    """Make it that moment in the county (`2026-07-10 09:00`); time goes on from there."""
    wanted = datetime.fromisoformat(local).replace(tzinfo=clock.LOCAL)
    row = session().get(ClockOffset, 1) or ClockOffset(id=1, seconds=0)
    row.seconds += round((wanted - clock.now()).total_seconds())
    session().add(row)
    session().commit()
    return wanted


def publish(profile_key: str) -> None:
    """Put the shipped diagrams, decision tables and the profile into the database."""
    now = datetime.now(timezone.utc)
    data = profiles.available()[profile_key]
    session().add(
        ProfileVersion(
            key=profile_key,
            version=1,
            data=data,
            at=now,
            sha256=hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest(),
        )
    )
    session().add_all(
        DefinitionVersion(**row, version=1, published_at=now) for row in shipped_definitions()
    )
    session().commit()


@cache
def shipped_definitions() -> tuple[dict[str, Any], ...]:
    """One row per file in bpmn/."""
    rows = []
    for path in sorted((ROOT / "bpmn").glob("*.[bd]*n")):
        source = path.read_bytes()
        said = engine.describe(source) if path.suffix == ".bpmn" else None
        rows.append(
            {
                "key": path.stem,
                "kind": path.suffix[1:],
                "title": said.title if said else path.stem,
                "title_en": said.title_en if said else path.stem,
                "calls": list(said.calls) if said else [],
                "source": source.decode(),
                "sha256": hashlib.sha256(source).hexdigest(),
            }
        )
    return tuple(rows)


def write_calendar() -> None:
    """Weekends and the days the tests' stories meet; the real calendar has tests of its own."""
    session().add_all(CalendarYear(year=year, source="test") for year in (2025, 2026, 2027))
    for kind, days in (("holiday", HOLIDAYS), ("makeup", MAKEUP_DAYS)):
        session().add_all(
            CalendarDay(day=date.fromisoformat(day), kind=kind, source="test") for day in days
        )
    session().commit()


def start_case(
    county: County,
    kind: str,
    *,
    by: Actor,
    units: Mapping[str, Sequence[str]] | None = None,
    facts: Mapping[str, Any] | None = None,
    title: str = "测试事项",
    **columns: Any,
) -> int:
    """Open a case straight on the advance floor; `units` are codes by case role."""
    ids = {role: [county.unit(code) for code in codes] for role, codes in (units or {}).items()}
    with transaction():
        loaded = advance.open_case(
            kind,
            actor=by,
            profile_id=county.profile_id,
            title=title,
            units=ids,
            facts=facts,
            **columns,
        )
        journal.flush()
    return loaded.case.id


def task(case_id: int, node: str, unit: int | None = None) -> Assignment:
    """The open assignment of a diagram element (of one unit, where several have it)."""
    found = (
        session()
        .scalars(
            select(Assignment)
            .join(Ticket, Ticket.id == Assignment.ticket_id)
            .where(Assignment.case_id == case_id, Assignment.state == "active", Ticket.node == node)
            .where(Assignment.unit_id == unit if unit else True)
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )
    assert len(found) == 1, f"{node} is open {len(found)} times; open now: {open_nodes(case_id)}"
    return found[0]


def complete(
    case_id: int, node: str, answers: Mapping[str, Any] | None = None, *, by: Actor
) -> dict[str, Any]:
    """Do a task through the command the page calls."""
    return complete_task(open_for(case_id, node, by).id, dict(answers or {}), actor=by)


def open_for(case_id: int, node: str, by: Actor) -> Assignment:
    """The open assignment of that element in a unit of this person, else the only one."""
    rows = (
        session()
        .scalars(
            select(Assignment)
            .join(Ticket, Ticket.id == Assignment.ticket_id)
            .where(Assignment.case_id == case_id, Assignment.state == "active", Ticket.node == node)
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )
    mine = [row for row in rows if row.unit_id in by.unit_ids]
    assert rows, f"{node} is not open; open now: {open_nodes(case_id)}"
    return (mine or rows)[0]


def open_nodes(case_id: int) -> list[str]:
    """The diagram elements that wait for somebody now."""
    return sorted(
        session().scalars(
            select(Ticket.node).where(Ticket.case_id == case_id, Ticket.state == "open")
        )
    )


def case(case_id: int) -> Case:
    """A case as the database has it now."""
    return (
        session()
        .scalars(select(Case).where(Case.id == case_id).execution_options(populate_existing=True))
        .one()
    )


def children(case_id: int, kind: str | None = None) -> list[Case]:
    """The cases opened out of this one, oldest first."""
    rows = select(Case).where(Case.parent_id == case_id).order_by(Case.id)
    return list(session().scalars(rows.where(Case.kind == kind) if kind else rows))


def acts(stream: str, kind: str | None = None) -> list[dict[str, Any]]:
    """The journal of a stream (`case:7`, `round:3`) as written, oldest first."""
    rows = session().scalars(select(Event).where(Event.stream == stream).order_by(Event.seq))
    found = [json.loads(row.body) for row in rows]
    return [act for act in found if kind in (None, act["kind"])]


def kinds(case_id: int) -> list[str]:
    """What happened to a case, in order."""
    return [act["kind"] for act in acts(f"case:{case_id}")]


def papers(case_id: int, kind: str | None = None) -> list[Document]:
    """The documents of a case, oldest first."""
    rows = select(Document).where(Document.case_id == case_id).order_by(Document.id)
    rows = rows.where(Document.kind == kind) if kind else rows
    return list(session().scalars(rows.execution_options(populate_existing=True)))


def deliveries(document_id: int) -> dict[tuple[int, str], Delivery]:
    """Who got a document, by unit and role."""
    rows = session().scalars(
        select(Delivery)
        .where(Delivery.document_id == document_id)
        .execution_options(populate_existing=True)
    )
    return {(row.unit_id, row.role): row for row in rows}


def readings(
    county: County, round_id: int, values: Mapping[str, tuple[str, str | None]], **where: Any
) -> None:
    """A confirmed import of value and change per indicator; the import has tests of its own."""
    by_id = {county.indicators[code]: figures for code, figures in values.items()}
    bringing.published(round_id, by_id, **where)


def performer(county: County, case_id: int, node: str) -> Actor:
    """Whoever may do that open task: the post in the unit it was given to."""
    assignment = task(case_id, node)
    code = next(c for c, key in county.units.items() if key == assignment.unit_id)
    return county.actor(assignment.post, code)


def give(county: County, case_id: int, unit: str, *, due_at: datetime) -> Assignment:
    """A unit has something to do in a case until then, whatever the diagram says."""
    ticket = session().scalars(select(Ticket).where(Ticket.case_id == case_id)).first()
    assert ticket is not None
    given = Assignment(
        ticket_id=ticket.id,
        kind="",
        case_id=case_id,
        unit_id=county.unit(unit),
        role="lead",
        post="unit_handler",
        given_post="unit_handler",
        state="active",
        opened_at=clock.now(),
        due_at=due_at,
    )
    found = case(case_id)
    advance.set_lights(given, found, advance.profile(found.profile_id))
    session().add(given)
    session().commit()
    return given

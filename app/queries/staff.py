"""People as those who look after them see them: lists, one account, what is open in a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, or_, select, true
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.db import session
from app.effects import accounts, handover
from app.errors import NotFound
from app.model import OPEN, Assignment, Case, Deputyship, Person, RoleHolding, Ticket, Unit
from app.queries.history import place
from app.rules import access, deputies, handing, staff
from app.rules.staff import HeldPost, OpenGroup, PersonStanding

PAGE: Final = 50
STATES: Final = ("active", "closed", "waiting")


@dataclass(frozen=True)
class PersonRow:
    """An account in a list; `waits` for its first password; `away`: who stands in just now."""

    person_id: int
    login: str
    name: str
    name_en: str | None
    active: bool
    waits: bool
    posts: tuple[HeldPost, ...]
    away: str


@dataclass(frozen=True)
class Wanted:
    """Which people are listed; empty shows all."""

    text: str = ""
    unit_id: int | None = None
    state: str = ""


@dataclass(frozen=True)
class PeoplePage:
    """A page of people, and after whose login the next one begins."""

    rows: tuple[PersonRow, ...]
    after: str | None


@dataclass(frozen=True)
class Deputy:
    """A deputyship: who for whom, in which post (None: all), in which kinds of cases."""

    id: int
    person_id: int
    person: str
    deputy: str
    unit: str | None
    role: str | None
    kinds: tuple[str, ...]
    reason: str
    since: datetime
    until: datetime | None
    begun: bool


@dataclass(frozen=True)
class OpenTask:
    """A task open in somebody's name, for the leaders of its unit."""

    assignment_id: int
    number: str
    title: str
    task: str
    task_en: str
    due_at: datetime | None


@dataclass(frozen=True)
class PersonPage:
    """One account with everything that is arranged around it."""

    row: PersonRow
    standing: PersonStanding
    deputies: tuple[Deputy, ...]
    tasks: tuple[OpenTask, ...]


def people_page(
    viewer: Actor, wanted: Wanted, *, now: datetime, after: str = "", limit: int = PAGE
) -> PeoplePage:
    """Accounts by login: all of them for administrators, those of their unit for its leaders."""
    found = select(Person).where(_seen(viewer), *_wishes(wanted), Person.login > after)
    people = session().scalars(found.order_by(Person.login).limit(limit + 1)).all()
    shown = people[:limit]
    posts, away = _posts([each.id for each in shown]), _away([each.id for each in shown], now)
    rows = tuple(_row(each, posts, away) for each in shown)
    return PeoplePage(rows, rows[-1].login if len(people) > limit else None)


def person_page(viewer: Actor, person_id: int, *, now: datetime) -> PersonPage:
    """One of them; NotFound for whoever has nothing to do with them."""
    seen = place(accounts.STREAM)
    person = session().get(Person, person_id)
    if person is None:
        raise NotFound
    posts = _posts([person.id])
    standing = PersonStanding(
        person_id=person.id,
        login=person.login,
        active=person.active,
        posts=posts.get(person.id, ()),
        open=_open(person.id),
        seen=seen,
    )
    if not staff.may_see(viewer, standing):
        raise NotFound
    return PersonPage(
        row=_row(person, posts, _away([person.id], now)),
        standing=standing,
        deputies=deputyships(person.id, now=now),
        tasks=_tasks(viewer, standing),
    )


def deputyships(person_id: int, *, now: datetime) -> tuple[Deputy, ...]:
    """Those for and by this person that run or are still to come; their pages show them."""
    away, deputy = aliased(Person), aliased(Person)
    rows = session().execute(
        select(Deputyship, away.name, deputy.name, Unit.name)
        .join(away, away.id == Deputyship.person_id)
        .join(deputy, deputy.id == Deputyship.deputy_id)
        .outerjoin(Unit, Unit.id == Deputyship.unit_id)
        .where(
            or_(Deputyship.person_id == person_id, Deputyship.deputy_id == person_id),
            Deputyship.ended_at.is_(None),
            or_(Deputyship.valid_until.is_(None), Deputyship.valid_until > now),
        )
        .order_by(Deputyship.valid_from, Deputyship.id)
    )
    return tuple(
        Deputy(
            found.id, found.person_id, person, by, unit, found.role, tuple(found.kinds or ()),
            found.reason or "", found.valid_from, found.valid_until, found.valid_from <= now,
        )
        for found, person, by, unit in rows
    )  # fmt: skip


def colleagues(viewer: Actor, standing: PersonStanding) -> list[tuple[str, str]]:
    """Who may be named deputy: people of the units; for the security administrator more widely."""
    units: ColumnElement[bool] = RoleHolding.unit_id.in_([each.unit_id for each in standing.posts])
    if access.may_grant_roles(viewer):
        units = true()
    rows = session().execute(
        select(Person.login, Person.name)
        .where(
            Person.active,
            Person.id != standing.person_id,
            exists().where(
                RoleHolding.person_id == Person.id, RoleHolding.deputy_for_id.is_(None), units
            ),
        )
        .order_by(Person.name, Person.login)
    )
    return [(login, name) for login, name in rows]


def _seen(viewer: Actor) -> ColumnElement[bool]:
    if access.may_see_people(viewer):
        return true()
    own = viewer.in_own_name.holdings
    led = [held.unit_id for held in own if held.role in handing.LEADING]
    return _holds(RoleHolding.unit_id.in_(led))


def _wishes(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        said = {"autoescape": True}
        found.append(
            or_(
                Person.login.icontains(wanted.text, **said),
                Person.name.icontains(wanted.text, **said),
                Person.name_en.icontains(wanted.text, **said),
            )
        )
    if wanted.unit_id is not None:
        found.append(_holds(RoleHolding.unit_id == wanted.unit_id))
    states: Mapping[str, ColumnElement[bool]] = {
        "active": Person.active.is_(True),
        "closed": Person.active.is_(False),
        "waiting": Person.active & (Person.password_hash == ""),
    }
    return [*found, states[wanted.state]] if wanted.state in states else found


def _holds(where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        RoleHolding.person_id == Person.id, RoleHolding.deputy_for_id.is_(None), where
    )


def _posts(people: list[int]) -> dict[int, tuple[HeldPost, ...]]:
    rows = session().execute(
        select(RoleHolding, Unit)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(RoleHolding.person_id.in_(people), RoleHolding.deputy_for_id.is_(None))
        .order_by(RoleHolding.id)
    )
    found: dict[int, list[HeldPost]] = {}
    for held, unit in rows:
        post = HeldPost(
            unit.id, unit.code, unit.name, unit.name_en, held.role, held.valid_from,
            held.valid_until,
        )  # fmt: skip
        found.setdefault(held.person_id, []).append(post)
    return {person: tuple(posts) for person, posts in found.items()}


def _away(people: list[int], now: datetime) -> dict[int, str]:
    """Who stands in for them at the moment."""
    rows = session().execute(
        select(Deputyship.person_id, Person.name)
        .join(Person, Person.id == Deputyship.deputy_id)
        .where(
            Deputyship.person_id.in_(people),
            Deputyship.ended_at.is_(None),
            Deputyship.valid_from <= now,
            or_(Deputyship.valid_until.is_(None), Deputyship.valid_until > now),
        )
        .order_by(Deputyship.id.desc())
    )
    return dict(list(rows))


def _row(person: Person, posts: Mapping[int, Any], away: Mapping[int, str]) -> PersonRow:
    return PersonRow(
        person_id=person.id,
        login=person.login,
        name=person.name,
        name_en=person.name_en,
        active=person.active,
        waits=person.active and not person.password_hash,
        posts=posts.get(person.id, ()),
        away=away.get(person.id, ""),
    )


def _open(person_id: int) -> tuple[OpenGroup, ...]:
    """Only how much: who looks after accounts learns nothing of any case."""
    groups = handover.groups(person_id)
    if not groups:
        return ()
    ids = {unit_id for unit_id, _post in groups}
    units = {each.id: each for each in session().scalars(select(Unit).where(Unit.id.in_(ids)))}
    names = dict(list(session().execute(select(Person.login, Person.name))))
    return tuple(
        OpenGroup(
            field=handover.field_of(group),
            unit_id=group[0],
            unit=units[group[0]].name,
            unit_en=units[group[0]].name_en,
            post=group[1],
            number=number,
            successors=[(each, names[each]) for each in handover.successors(group, person_id)],
        )
        for group, number in groups.items()
    )


def _tasks(viewer: Actor, standing: PersonStanding) -> tuple[OpenTask, ...]:
    """What is open in the units the viewer leads, case by case."""
    led = deputies.leads(viewer, standing.units)
    if not led:
        return ()
    wanted: Select[*tuple[Any, ...]] = (
        select(Assignment.id, Case.number, Case.title, Ticket.name, Ticket.name_en,
               Assignment.due_at)
        .join(Case, Case.id == Assignment.case_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.person_id == standing.person_id,
            Assignment.unit_id.in_(led),
            Assignment.state.in_(OPEN),
        )
        .order_by(Assignment.due_at, Assignment.id)
    )  # fmt: skip
    return tuple(OpenTask(row[0], row[1] or "", *row[2:]) for row in session().execute(wanted))

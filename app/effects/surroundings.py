"""Cases, their units and tasks, and the people around them, read together to tell who hears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from app.actor import Actor, Holding
from app.db import session
from app.model import Assignment, Case, CaseUnit, Delivery, Follow, Person, RoleHolding
from app.rules import access
from app.rules.telling import Choices


@dataclass(frozen=True)
class Task:
    """A task as far as it decides who has it."""

    id: int
    unit_id: int
    post: str
    person_id: int | None
    state: str
    opened_at: datetime


@dataclass(frozen=True)
class Holder:
    """Somebody in a post, perhaps for somebody else and in certain kinds of cases only."""

    person_id: int
    deputy_for: int | None
    kinds: frozenset[str]


@dataclass
class Surroundings:
    """What there is around some cases at this moment."""

    cases: Mapping[int, Any]
    units: Mapping[int, Mapping[str, Sequence[int]]]
    tasks: Mapping[int, Mapping[int, Task]]
    sent: Mapping[int, Collection[tuple[int, int | None]]]
    followers: Mapping[int, Sequence[int]]
    people: dict[int, Actor] = field(default_factory=dict)
    wishes: dict[int, tuple[Choices, str | None]] = field(default_factory=dict)
    posts: dict[tuple[int, str], list[Holder]] = field(default_factory=dict)

    def at(self, unit_id: int, post: str, case_id: int) -> list[Holder]:
        """Who holds that post, for cases of this kind."""
        kind = self.cases[case_id].kind
        found = self.posts.get((unit_id, post), ())
        return [each for each in found if not each.kinds or kind in each.kinds]

    def deputies(self, person_id: int, case_id: int) -> list[int]:
        """Who stands in for somebody in cases of this kind."""
        kind = self.cases[case_id].kind
        return [
            number
            for number, actor in self.people.items()
            if any(
                held.deputy_for == person_id and (not held.kinds or kind in held.kinds)
                for held in actor.holdings
            )
        ]

    def may_see(self, person_id: int, case_id: int) -> bool:
        """Whether they may know of the case at all: the rule every page goes by."""
        actor, case = self.people.get(person_id), self.cases[case_id]
        if actor is None:
            return False
        parties = {unit for ids in self.units.get(case_id, {}).values() for unit in ids}
        parties |= {task.unit_id for task in self.tasks.get(case_id, {}).values()}
        parties.add(case.opened_unit_id or 0)
        return access.may_see_case(actor, case.kind, parties, self.sent.get(case_id, ()))

    def choices(self, person_id: int) -> Choices:
        """What they chose about being told."""
        return self.wishes[person_id][0]

    def email(self, person_id: int) -> str | None:
        """Where their letters go."""
        return self.wishes[person_id][1]


def around(
    ids: Collection[int], named: Collection[int], units: Collection[int], now: datetime
) -> Surroundings:
    """Around these cases; `named` people and `units` are those that rows of them speak of."""
    found = Surroundings(
        cases={row.id: row for row in session().execute(_CASES.where(Case.id.in_(ids)))},
        units=_units(ids),
        tasks=_tasks(ids),
        sent=_sent(ids),
        followers=_followers(ids),
    )
    people = {*named, *(each for ids in found.followers.values() for each in ids)}
    for row in found.cases.values():
        people |= {row.opened_by, row.handler_id}
    places = {*units, *(unit for of in found.units.values() for ids in of.values() for unit in ids)}
    places |= {task.unit_id for of in found.tasks.values() for task in of.values()}
    _add_people(found, people - {None}, places, now)
    return found


_CASES = select(Case.id, Case.kind, Case.opened_by, Case.opened_unit_id, Case.handler_id)


def _units(ids: Collection[int]) -> dict[int, dict[str, list[int]]]:
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = select(CaseUnit.case_id, CaseUnit.role, CaseUnit.unit_id)
    for case_id, role, unit in session().execute(rows.where(CaseUnit.case_id.in_(ids))):
        found[case_id][role].append(unit)
    return found


def _tasks(ids: Collection[int]) -> dict[int, dict[int, Task]]:
    found: dict[int, dict[int, Task]] = defaultdict(dict)
    of = Assignment
    rows = select(of.case_id, of.id, of.unit_id, of.post, of.person_id, of.state, of.opened_at)
    for row in session().execute(rows.where(of.case_id.in_(ids))):
        found[row.case_id][row.id] = Task(*row[1:])
    return found


def _sent(ids: Collection[int]) -> dict[int, list[tuple[int, int | None]]]:
    """To whom the cases themselves were sent for reading."""
    found: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    rows = select(Delivery.case_id, Delivery.unit_id, Delivery.person_id).where(
        Delivery.case_id.in_(ids), Delivery.document_id.is_(None), Delivery.recalled_at.is_(None)
    )
    for case_id, unit, person in session().execute(rows):
        found[case_id].append((unit, person))
    return found


def _followers(ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = select(Follow.case_id, Follow.person_id).where(Follow.case_id.in_(ids))
    for case_id, person in session().execute(rows):
        found[case_id].append(person)
    return found


def _add_people(
    found: Surroundings, people: Collection[int], units: Collection[int], now: datetime
) -> None:
    """Everybody in these units, these people, and who stands in for them; what they hold now."""
    near = select(RoleHolding.person_id).where(
        or_(
            RoleHolding.unit_id.in_(units),
            RoleHolding.person_id.in_(people),
            RoleHolding.deputy_for_id.in_(people),
        )
    )
    rows = session().execute(
        select(RoleHolding, Person.login, Person.name, Person.telling, Person.email)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(Person.active, RoleHolding.person_id.in_(near))
        .where(or_(RoleHolding.valid_from.is_(None), RoleHolding.valid_from <= now))
        .where(or_(RoleHolding.valid_until.is_(None), RoleHolding.valid_until > now))
        .order_by(RoleHolding.id)
    )
    holdings: dict[int, list[Holding]] = defaultdict(list)
    for held, login, name, telling, email in rows:
        who, kinds = held.person_id, frozenset(held.kinds or ())
        post = Holding(held.unit_id, "", "", held.role, held.deputy_for_id, None, kinds)
        holdings[who].append(post)
        found.people[who] = Actor(who, login, name, tuple(holdings[who]))
        found.wishes[who] = (Choices.read(telling), email)
        place = found.posts.setdefault((held.unit_id, held.role), [])
        place.append(Holder(who, held.deputy_for_id, kinds))

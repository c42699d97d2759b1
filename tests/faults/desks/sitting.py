"""Who sits at the desks: whose a task is, who else is there, and what they would answer."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import bindparam, select

from app import clock
from app.actor import Actor
from app.db import session
from app.errors import Refusal
from app.model import Assignment, Case, Person, RoleHolding, Ticket
from app.queries.people import actor_by_login
from tests.faults.desks.filling import Filling
from tests.faults.machine.people import Play
from tests.people import DEPARTMENTS, County

UNITS: Final = {"lead": ["ZJJ"], "co": ["SJG", "CZJ"]}
OTHERS: Final = (
    ("PAB", "supervision_clerk"), ("PAB", "supervision_director"), ("ZFW", "convener"),
    ("ZJJ", "unit_handler"), ("ZJJ", "unit_leader"), ("SJG", "unit_handler"),
    ("FGW", "unit_handler"), ("RSJ", "unit_liaison"), ("JGB", "unit_leader"),
    ("WLX", "unit_handler"),
)  # fmt: skip
ELSEWHERE: Final = ("RSJ", "JGB", "FGW")
PREFERRED: Final[Mapping[str, Mapping[str, Any]]] = {
    "co_sign_for": {"decision": "sign"},
    "completion_review": {"checks": ["facts", "solved", "evidence", "format"]},
}
"""What is answered where anything else would mostly be refused, or end what has just begun."""


MINE: Final = (Case.id > bindparam("before")) | (Case.id == bindparam("item"))
CASES: Final = select(Case.id).where(MINE).order_by(Case.id)
ROWS: Final = (
    select(
        Assignment.id, Assignment.case_id, Assignment.unit_id, Assignment.post,
        Assignment.person_id, Assignment.kind, Assignment.role, Assignment.state,
        Ticket.policy, Ticket.node, Ticket.form, Case.kind.label("case_kind"), Case.status,
    )
    .join(Ticket, Ticket.id == Assignment.ticket_id)
    .join(Case, Case.id == Assignment.case_id)
    .where(MINE, Ticket.state == "open")
    .where(Assignment.state.in_(bindparam("states", expanding=True)))
    .order_by(Assignment.id)
)  # fmt: skip


class Everybody:
    """Who holds which post in a county where nobody's posts change; read once for many plays."""

    def __init__(self) -> None:
        columns = (Person.id, Person.login, RoleHolding.unit_id, RoleHolding.role)
        wanted = select(*columns).join(RoleHolding, RoleHolding.person_id == Person.id)
        rows = session().execute(wanted.order_by(Person.id)).all()
        self.known: dict[str, Actor] = {}
        self.logins = {row.id: row.login for row in rows}
        self.holders = {(row.unit_id, row.role): row.id for row in reversed(rows)}
        self.staff: dict[int, list[str]] = defaultdict(list)
        for row in rows:
            self.staff[row.unit_id].append(row.login)


class Sitting(Play):
    """Some cases, what is open in them, and the people it is open to."""

    def __init__(
        self, app: Flask, county: County, heard: Counter[str], dice: int, everybody: Everybody
    ) -> None:
        super().__init__(app, county, heard)
        self.chance = random.Random(dice)
        self.everybody, self.known = everybody, everybody.known
        self.before = session().scalar(select(Case.id).order_by(Case.id.desc()).limit(1)) or 0
        self.item = 0

    def open_rows(self, *states: str) -> list[Any]:
        """Parts of tasks that are open, in the cases that are played with."""
        given = {"before": self.before, "item": self.item, "states": states or ("active",)}
        return list(session().execute(ROWS, given))

    def cases(self) -> list[int]:
        """The cases that are played with: the item, and whatever began with the play."""
        return list(session().scalars(CASES, {"before": self.before, "item": self.item}))

    def whose(self, row: Any) -> Actor:
        """Whoever may do a task: whose it is by name, else somebody of its post."""
        there = self.everybody.holders
        wanted = row.person_id or there.get((row.unit_id, row.post))
        return self.named(self.everybody.logins[wanted]) if wanted else self.somebody()

    def named(self, login: str) -> Actor:
        """That person as they may act now."""
        if login not in self.known:
            self.known[login] = actor_by_login(login)
        return self.known[login]

    def somebody(self) -> Actor:
        """Anybody at all."""
        return self.person(*self.chance.choice(OTHERS))

    def seen(self, look: Callable[[], Any]) -> Any:
        """What somebody sees there; nothing for a stranger."""
        try:
            return look()
        except Refusal:
            self.heard["not seen"] += 1
            return None

    def filled(self, form: Any, unit_id: int | None, who: Actor, **chosen: Any) -> dict[str, Any]:
        """Answers to a form for work of that unit; `chosen` are given as they are."""
        home = unit_id or self.chance.choice(list(self.county.units.values()))
        people = [each for each in self.everybody.staff[home] if each != who.login]
        units = [each for each in DEPARTMENTS if self.county.units[each] != home]
        codes = {"unit": units, "units": units, "person": people, "people": people}
        preferred = {**PREFERRED.get(form.key, {}), **self._fitting(form.key), **chosen}
        return Filling(self.chance, codes).answers(form, preferred)

    def _fitting(self, form: str) -> dict[str, Any]:
        """What only whoever knows the county would answer."""
        units, ahead = self.chance.sample(ELSEWHERE, 2), clock.today() + timedelta(days=90)
        known: dict[str, dict[str, Any]] = {
            "copy": {"units": units},
            "circulate_widely": {"units": units},
            "reassign": {"unit": units[0]},
            "item_refusal": {"unit": units[0]},
            "add_signers": {"units": units[:1]} if self.chance.random() < 0.7 else {},
            "extension_apply": {"new_date": ahead.isoformat()},
            "extension_decision": {"granted_date": ahead.isoformat()},
        }
        return known.get(form, {})

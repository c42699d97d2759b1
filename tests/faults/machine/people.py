"""The county the machine plays in, and one play of it: acts, what was heard, what must be so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection, bindparam, func, select

from app.actor import SYSTEM, Actor
from app.commands import roles, timers
from app.commands.completion import complete_task
from app.commands.operations import ON_CASES
from app.db import db, session
from app.errors import Invalid, NotAllowed, NotFound, Refusal, Stale
from app.model import Assignment, Case, ClockOffset, Event, Person, Ticket
from app.queries.audit import verify
from app.queries.people import actor_by_login
from tests import loop, supervision
from tests.faults.crash import LASTING, POINTS, struck
from tests.faults.machine.answers import OPERATIONS, TASKS, one_of
from tests.faults.machine.watch import Watch
from tests.people import County, login_of

MOST_FIRINGS = 200
PLACE = select(func.max(Event.seq)).where(Event.stream == bindparam("stream"))
LAST_ROW = select(func.max(Event.id))
POSTS = (
    ("PAB", "supervision_clerk"), ("PAB", "supervision_director"), ("ZJJ", "unit_handler"),
    ("ZJJ", "unit_leader"), ("ZJJ", "unit_liaison"), ("SJG", "unit_liaison"),
    ("SJG", "unit_handler"), ("CZJ", "unit_liaison"), ("ZFW", "convener"),
    ("FY", "suggestion_drafter"), ("FY", "court_president"), ("WLX", "unit_handler"),
)  # fmt: skip


class Struck(Exception):
    """What acts are struck down with."""


def must(held: object, words: str) -> None:
    """Say at once what does not hold: the play is run again to be told, and may end otherwise."""
    if not held:
        print(f"R13: {words}")
    assert held, words


def strike() -> None:
    """Strike the act that has come to its point."""
    raise Struck


def settled(county: County) -> None:
    """Cases of several processes at several points, for every play to begin with."""
    loop.round_with_notices(county)
    loop.called_meeting(county)
    supervision.open_item(county, matter="尚未登记的事项", co=[])
    supervision.dispatched(
        county, supervision.open_item(county, matter="已交办的事项", co=["SJG", "CZJ"])
    )
    supervision.in_hand(county, matter="办理中的事项")


@dataclass
class Sent:
    """A form somebody sent: asked again with its key it must give the same answer."""

    act: Callable[..., Any]
    answer: Any


@dataclass
class Play:
    """One play: it begins with the county as it was settled, and nothing of it is left."""

    app: Flask
    county: County
    heard: Counter[str]
    sent: list[Sent] = field(default_factory=list)
    known: dict[str, Actor] = field(default_factory=dict)
    last: tuple[int, Actor] | None = None
    keys: int = 0

    def __post_init__(self) -> None:
        connection = session().get_bind()
        assert isinstance(connection, Connection)
        db.session.remove()
        self.nested = connection.begin_nested()
        self.county.people.clear()
        self.watch = Watch()
        assert self.watch.complaints == []
        self.began = self.watch.now.last

    def end(self) -> None:
        """Everything verifies; then nothing of it was ever done."""
        self.heard["dates found again after a standstill"] += self.watch.standstills
        try:
            session().rollback()
            broken = [(each.stream, each.seq, str(each.problem)) for each in verify().breaks]
            must(not broken, f"the journal is broken: {broken}")
        finally:
            db.session.remove()
            self.nested.rollback()

    def looked(self, turn: int) -> None:
        """Nothing is wrong, whoever looks."""
        who = [self.person(*POSTS[turn // 3 * 5 % len(POSTS)])] if turn % 3 == 0 else []
        complaints = self.watch.look(*who)
        must(not complaints, "; ".join(complaints))

    def person(self, unit: str, role: str) -> Actor:
        """That person as they may act now."""
        login = login_of(unit, role)
        if login not in self.known:
            self.known[login] = actor_by_login(login)
        return self.known[login]

    def open(self) -> list[Any]:
        """Every task somebody has whose answers this file knows."""
        rows = session().execute(
            select(
                Assignment.id, Assignment.case_id, Assignment.unit_id, Assignment.post,
                Assignment.version, Assignment.person_id, Case.kind, Ticket.node,
            )
            .join(Ticket, Ticket.id == Assignment.ticket_id)
            .join(Case, Case.id == Assignment.case_id)
            .where(Assignment.state == "active")
            .order_by(Assignment.id)
        )  # fmt: skip
        return [row for row in rows if (row.kind, row.node) in TASKS]

    def unit_code(self, unit_id: int) -> str:
        """What a unit is called in these files."""
        return next(code for code, key in self.county.units.items() if key == unit_id)

    def completing(self, row: Any, way: int, *, who: Actor | None = None) -> Callable[..., Any]:
        """The act of completing a task under a new key, by whom it belongs to."""
        unit = self.unit_code(row.unit_id)
        answers = one_of(TASKS[row.kind, row.node], way, self.county, row.case_id, unit)
        actor = who or self.person(unit, row.post)
        return self.keyed(complete_task, row.id, answers, actor=actor, version=row.version)

    def operating(self, name: str, case: int, way: int, who: Actor) -> Callable[..., Any]:
        """The act of an operation under a new key, by somebody who has just looked."""
        answers = one_of(OPERATIONS.get(name, ({},)), way, self.county, case, "ZJJ")
        act, seen = ON_CASES.named(name).act, self.place(case)
        return self.keyed(act, case, answers, actor=who, seen=seen)

    def keyed(self, command: Any, *args: Any, **named: Any) -> Callable[..., Any]:
        """An act under a key of its own; called again it is sent again, `changes` and all."""
        self.keys += 1
        key = f"form-{self.keys}"
        return lambda **changes: command.once(key, *args, **{**named, **changes})

    def place(self, case_id: int) -> int:
        """How far the case's journal goes."""
        return session().scalar(PLACE, {"stream": f"case:{case_id}"}) or 0

    def rows(self) -> int:
        """How many journal rows there are."""
        session().rollback()
        return session().scalar(LAST_ROW) or 0

    def done(
        self, what: str, act: Callable[..., Any], *, may: bool = True, told: bool = True
    ) -> bool:
        """Do it: acknowledged it stands in the journal, refused it leaves nothing there.

        What is not `told` is nobody else's business, and never stands there.
        """
        before = self.rows()
        try:
            answer = act()
        except (Invalid, NotAllowed, NotFound, Stale) as refusal:
            self.heard[f"{what} {refusal.code}"] += 1
            must(self.rows() == before, f"{what} was refused and left something")
            return False
        self.heard[f"{what} done"] += 1
        must(may, f"{what} was not refused")
        if not told:
            must(self.rows() == before, f"{what} stands in the journal")
            return True
        must(self.rows() > before, f"{what} was acknowledged and nobody wrote it down")
        self.sent.append(Sent(act, answer))
        return True

    def refused(self, what: str, act: Callable[..., Any], *how: type[Refusal]) -> None:
        """It is refused in one of these ways, and nothing is left of it."""
        before = self.rows()
        try:
            act()
        except how:
            self.heard[f"{what} refused"] += 1
        else:
            must(held=False, words=f"{what} was not refused")
        must(self.rows() == before, f"{what} was refused and left something")

    def repeated(self, turn: int) -> None:
        """A form that went through is sent again: the same answer, nothing done."""
        sent, before = self.sent[turn % len(self.sent)], self.rows()
        must(sent.act() == sent.answer, "the second answer is another one")
        must(self.rows() == before, "a repeat was done again")
        self.heard["repeat answered"] += 1

    def crashing(self, what: str, act: Callable[..., Any], point: str) -> None:
        """The act is struck down at a point and sent again: once, whatever had become of it."""
        before = self.rows()
        try:
            with struck(point, strike) as times:
                answer = act()
        except Refusal:
            must(self.rows() == before, f"{what} was refused and left something")
            return
        except Struck:
            self.heard[f"struck {point}"] += 1
        else:
            must(times == [], "the strike was swallowed")
            self.sent.append(Sent(act, answer))
            return
        lasted = self.rows()
        must((lasted > before) == (point in LASTING), f"{what} struck {point} left half of it")
        self.looked(self.keys)
        try:
            self.sent.append(Sent(act, act()))
        except Refusal:  # it was struck before anybody looked whether it may be
            must(self.rows() == before, f"{what} was refused and left something")
            return
        must((self.rows() > lasted) == (point not in LASTING), f"{what} was not done once")

    def pass_time(self, span: timedelta) -> None:
        """The one seam through which time is moved."""
        row = session().get_one(ClockOffset, 1)
        row.seconds += int(span.total_seconds())
        session().commit()

    def fire(self) -> None:
        """The worker fires what is due, until nothing is."""
        fired = timers.fire_due(limit=MOST_FIRINGS, actor=SYSTEM)
        self.heard["timers fired"] += fired
        again = timers.fire_due(limit=MOST_FIRINGS, actor=SYSTEM)
        must(again == 0, "what fired fires again")

    def give_roles(self, unit: str, role: str, posts: list[Mapping[str, str]]) -> None:
        """The security administrator gives somebody these posts and no others."""
        person = session().scalars(select(Person.id).where(Person.login == login_of(unit, role)))
        admin = self.person("XZF", "sec_admin")
        self.known.clear()
        self.done("roles", self.keyed(roles.set_roles, person.one(), posts, actor=admin))

    def running(self) -> list[int]:
        """The matters the operations are about; items more often than notices."""
        rows = session().execute(select(Case.id, Case.kind).order_by(Case.id)).all()
        items = [row.id for row in rows if row.kind == "supervision_item"]
        return [*items, *items, *(row.id for row in rows if row.kind == "risk_notice")]


WRONG = (NotAllowed, NotFound, Stale)
ALL_POINTS = tuple(POINTS)

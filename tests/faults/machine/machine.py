"""R13: people of a county do whatever they like in any order, and the records stay right."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.actor import Actor
from app.commands.operations import ON_CASES, ON_TASKS
from app.errors import Stale
from app.rules.access import UNIT_STAFF
from tests.faults.machine.people import ALL_POINTS, POSTS, WRONG, Play
from tests.people import login_of

OFFERED: Final = [each.name for each in ON_CASES.rows]
HANDLER: Final = {"unit": "ZJJ", "role": "unit_handler"}
OURS: Final = ("progress", "urgent", "extension")
WEIGHTS: Final = {
    "complete": 30, "complete_as_somebody": 8, "complete_what_changed": 5, "complete_twice": 5,
    "operate": 22, "hand_on": 6, "suspend_and_resume": 4, "repeat": 8, "crash": 10,
    "crash_urging": 3, "wait": 6, "wait_long": 2, "replace_the_handler": 1,
}  # fmt: skip


class Machine(RuleBasedStateMachine):
    """Acts in any order; after each the records are looked at."""

    begin: Callable[[], Play]

    def __init__(self) -> None:
        super().__init__()
        self.play = type(self).begin()
        self.chance = random.Random(0)
        self.turn = 0
        self.absent = False

    @initialize(days=st.integers(0, 40))
    def start(self, days: int) -> None:
        """Some time after the cases were opened."""
        self.play.pass_time(timedelta(days=days))

    @rule(dice=st.integers(0, 2**64))
    def somebody_acts(self, dice: int) -> None:
        """One of them does something, as the dice say."""
        self.chance = random.Random(dice)
        (what,) = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        note(what)
        getattr(self, what)()

    @invariant()
    def everything_is_right(self) -> None:
        """After each act."""
        self.turn += 1
        self.play.looked(self.turn)

    def teardown(self) -> None:
        self.play.end()

    def complete(self) -> None:
        """People do their tasks; often the one that has just come."""
        for _turn in range(self.chance.randint(1, 2)):
            row = self._task()
            if row and self.play.done("task", self.play.completing(row, self._way())):
                self.play.last = (row.case_id, self._whose(row))

    def complete_as_somebody(self) -> None:
        """Somebody tries a task; only whose it is may."""
        row, person = self._task(), self.play.person(*self.chance.choice(POSTS))
        if not row:
            return
        act = self.play.completing(row, self._way(), who=person)
        if (row.unit_id, row.post) in {(h.unit_id, h.role) for h in person.holdings}:
            self.play.done("task", act)
        else:
            self.play.refused("another's task", act, *WRONG)

    def complete_what_changed(self) -> None:
        """Somebody answers a form that is older than its task."""
        row = self._task()
        if row:
            act = self.play.completing(row, self._way())
            how = WRONG if self.absent else (Stale,)
            self.play.refused("old form", lambda: act(version=row.version + 1), *how)

    def complete_twice(self) -> None:
        """Two forms for one task: the second comes too late."""
        row = self._task()
        if row and self.play.done("task", self.play.completing(row, self._way())):
            self.play.refused("second form", self.play.completing(row, self._way()), Stale)

    def operate(self) -> None:
        """Somebody, mostly whoever may, does an operation on some matter."""
        name, case = self.chance.choice(OFFERED), self._case()
        if name == "withdraw" and self.play.last:
            case_id, who = self.play.last
        else:
            case_id, who = self._operator(name, case)
        self.play.done(name, self.play.operating(name, case_id, self._way(), who))

    def hand_on(self) -> None:
        """A task is claimed, released or handed to a colleague, mostly by whose it is."""
        row, operation = self._task(), self.chance.choice(ON_TASKS.rows)
        if operation.name == "release":
            row = next((each for each in self.play.open() if each.person_id), row)
        if not row:
            return
        unit = self.play.unit_code(row.unit_id)
        who = self._whose(row)
        if self.chance.random() < 0.2:
            who = self.play.person(*self.chance.choice(POSTS))
        to = {"person": login_of(unit, self.chance.choice(UNIT_STAFF))}
        answers = to if operation.name == "transfer" else {}
        act = self.play.keyed(operation.act, row.id, answers, actor=who, version=row.version)
        self.play.done(operation.name, act)

    def _operator(self, name: str, case_id: int) -> tuple[int, Actor]:
        row = self._task()
        if name == "send_back" and row:
            return row.case_id, self._whose(row)
        if self.chance.random() < 0.2:
            return case_id, self.play.person(*self.chance.choice(POSTS))
        clerk = ("PAB", "supervision_clerk")
        return case_id, self.play.person(*(("ZJJ", "unit_handler") if name in OURS else clerk))

    def suspend_and_resume(self) -> None:
        """The office stops a clock for some days; a second form to stop it comes too late."""
        play, case = self.play, self._case()
        office = play.person("PAB", "supervision_clerk")
        second = play.operating("suspend", case, 0, office)
        if play.done("suspend", play.operating("suspend", case, 0, office)):
            play.refused("second suspend", second, Stale)
            play.looked(self.turn)
            play.pass_time(timedelta(hours=self.chance.randint(0, 200)))
            play.fire()
            play.looked(self.turn)
            play.done("resume", play.operating("resume", case, 0, office))

    def repeat(self) -> None:
        """A form that went through is sent again."""
        if self.play.sent:
            self.play.repeated(self._way())

    def crash(self) -> None:
        """An act is struck down somewhere and sent again."""
        row, point = self._task(), self.chance.choice(ALL_POINTS)
        if row:
            self.play.crashing("task", self.play.completing(row, self._way()), point)

    def crash_urging(self) -> None:
        """So is an urging, perhaps at night."""
        play, point = self.play, self.chance.choice(("before the commit", "after the commit"))
        play.pass_time(timedelta(hours=self.chance.randint(0, 14)))
        office = play.person("PAB", "supervision_clerk")
        play.crashing("urge", play.operating("urge", self._case(), 0, office), point)

    def wait(self) -> None:
        """Time goes by and the worker runs."""
        self.play.pass_time(timedelta(hours=self.chance.randint(1, 72)))
        self.play.fire()

    def wait_long(self) -> None:
        """A long time goes by before the worker runs."""
        self.play.pass_time(timedelta(days=self.chance.randint(3, 25)))
        self.play.fire()

    def replace_the_handler(self) -> None:
        """The handler's post is taken away, or given back."""
        self.play.give_roles("ZJJ", "unit_handler", [HANDLER] if self.absent else [])
        self.absent = not self.absent

    def _task(self) -> Any:
        found = self.play.open()
        newest = self.chance.random() < 0.5
        return self.chance.choice(found[-4:] if newest else found) if found else None

    def _whose(self, row: Any) -> Actor:
        return self.play.person(self.play.unit_code(row.unit_id), row.post)

    def _case(self) -> int:
        found = self.play.running()
        return int(self.chance.choice(found))

    def _way(self) -> int:
        return self.chance.randrange(2**16)

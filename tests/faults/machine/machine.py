"""R13: people of a county do whatever they like in any order, and the records stay right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.commands import operations
from app.errors import Stale
from tests.faults.machine.people import ALL_POINTS, POSTS, WRONG, Play

ANY = st.integers(0, 2**16)
OFFERED = [each.name for each in operations.TABLE]
HANDLER = {"unit": "ZJJ", "role": "unit_handler"}


class Machine(RuleBasedStateMachine):
    """Acts in any order; after each the records are looked at."""

    begin: Callable[[], Play]

    def __init__(self) -> None:
        super().__init__()
        self.play = type(self).begin()
        self.turn = 0
        self.absent = False

    @initialize(days=st.integers(0, 40))
    def start(self, days: int) -> None:
        """Some time after the cases were opened."""
        self.play.pass_time(timedelta(days=days))

    @rule(which=ANY, way=ANY, many=st.integers(1, 4))
    def complete(self, which: int, way: int, many: int) -> None:
        """People do their tasks, one after the other."""
        for turn in range(many):
            row = self._task(which + turn)
            if row:
                self.play.done("task", self.play.completing(row, way + turn))

    @rule(which=ANY, way=ANY)
    def complete_the_newest(self, which: int, way: int) -> None:
        """A matter moves on quickly: what has just come is done at once, twice over."""
        for turn in range(2):
            row = self._task(-1 - which % 3)
            if row:
                self.play.done("task", self.play.completing(row, way + turn))

    @rule(which=ANY, way=ANY, who=st.sampled_from(POSTS))
    def complete_as_somebody(self, which: int, way: int, who: tuple[str, str]) -> None:
        """Somebody tries a task; only whose it is may."""
        row = self._task(which)
        if row:
            person = self.play.person(*who)
            may = (row.unit_id, row.post) in {(h.unit_id, h.role) for h in person.holdings}
            act = self.play.completing(row, way, who=person)
            if may:
                self.play.done("task", act)
            else:
                self.play.refused("another's task", act, *WRONG)

    @rule(which=ANY, way=ANY)
    def complete_what_changed(self, which: int, way: int) -> None:
        """Somebody answers a form that is older than its task."""
        row = self._task(which)
        if row:
            act = self.play.completing(row, way)
            how = WRONG if self.absent else (Stale,)
            self.play.refused("old form", lambda: act(version=row.version + 1), *how)

    @rule(which=ANY, way=ANY)
    def complete_twice(self, which: int, way: int) -> None:
        """Two forms for one task: the second comes too late."""
        row = self._task(which)
        if row and self.play.done("task", self.play.completing(row, way)):
            self.play.refused("second form", self.play.completing(row, way), Stale)

    @rule(name=st.sampled_from(OFFERED), which=ANY, way=ANY, who=st.sampled_from(POSTS[:6]))
    def operate(self, name: str, which: int, way: int, who: tuple[str, str]) -> None:
        """Somebody tries an operation on some matter."""
        case = self._case(which)
        person = self.play.person(*who)
        self.play.done(name, self.play.operating(name, case, way, person))

    @rule(name=st.sampled_from(OFFERED), which=ANY, way=ANY, who=st.sampled_from(POSTS[:3]))
    def operate_on_items(self, name: str, which: int, way: int, who: tuple[str, str]) -> None:
        """Those who mostly may, on the matters in hand."""
        items = [each for each in self.play.running() if each.kind == "supervision_item"]
        case = items[which % len(items)]
        self.play.done(name, self.play.operating(name, case, way, self.play.person(*who)))

    @rule(which=ANY)
    def suspend_and_resume(self, which: int) -> None:
        """The office stops a clock for some days; a second form to stop it comes too late."""
        play, case = self.play, self._case(which)
        office = play.person("PAB", "supervision_clerk")
        second = play.operating("suspend", case, 0, office)
        if play.done("suspend", play.operating("suspend", case, 0, office)):
            play.refused("second suspend", second, Stale)
            play.looked(self.turn)
            play.pass_time(timedelta(days=which % 9, hours=which % 24))
            play.fire()
            play.looked(self.turn)
            play.done("resume", play.operating("resume", case, 0, office))

    @rule(which=ANY)
    def repeat(self, which: int) -> None:
        """A form that went through is sent again."""
        if self.play.sent:
            self.play.repeated(which)

    @rule(which=ANY, way=ANY, point=st.sampled_from(ALL_POINTS))
    def crash(self, which: int, way: int, point: str) -> None:
        """An act is struck down somewhere and sent again."""
        row = self._task(which)
        if row:
            self.play.crashing("task", self.play.completing(row, way), point)

    @rule(which=ANY, point=st.sampled_from(("before the commit", "after the commit")))
    def crash_urging(self, which: int, point: str) -> None:
        """So is an urging, perhaps at night."""
        play, case = self.play, self._case(which)
        play.pass_time(timedelta(hours=which % 24))
        office = play.person("PAB", "supervision_clerk")
        play.crashing("urge", play.operating("urge", case, 0, office), point)

    @rule(hours=st.integers(1, 72))
    def wait(self, hours: int) -> None:
        """Time goes by and the worker runs."""
        self.play.pass_time(timedelta(hours=hours))
        self.play.fire()

    @rule(days=st.integers(3, 25))
    def wait_long(self, days: int) -> None:
        """A long time goes by before the worker runs."""
        self.play.pass_time(timedelta(days=days))
        self.play.fire()

    @rule(chance=st.integers(0, 3))
    def replace_the_handler(self, chance: int) -> None:
        """Now and then the handler's post is taken away; it is given back the next time."""
        if chance and not self.absent:
            return
        posts = [HANDLER] if self.absent else []
        self.play.give_roles("ZJJ", "unit_handler", posts)
        self.absent = not self.absent

    @invariant()
    def everything_is_right(self) -> None:
        """After each act."""
        self.turn += 1
        self.play.looked(self.turn)

    def teardown(self) -> None:
        self.play.end()

    def _task(self, which: int) -> Any:
        found = self.play.open()
        return found[which % len(found)] if found else None

    def _case(self, which: int) -> Any:
        found = self.play.running()
        return found[which % len(found)]

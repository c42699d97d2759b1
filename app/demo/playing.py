"""Play a county through the commands its pages call: the clock, the people, the acts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, TypeVar

from app import clock
from app.actor import SYSTEM, Actor
from app.commands import demonstration, timers
from app.commands.completion import complete_task
from app.demo.county import login_of
from app.demo.diary import Diary, Step, Waiting
from app.demo.seeing import Seeing
from app.demo.shifting import Shift
from app.errors import Refusal
from app.i18n import Text
from app.queries import demonstration as watching
from app.queries.demonstration import Act, OpenWork
from app.queries.people import actor_by_login
from app.rules import profiles

R = TypeVar("R")
A_SECOND = timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)


class Broken(Exception):
    """The play cannot go on: somebody has no task that the story gives them."""


class Play:
    """One county at work under one mechanism, moment after moment.

    `shift` moves the days the chapters name; the story plays on the very days.
    """

    def __init__(self, profile: str, diary: Diary, shift: Shift | None = None) -> None:
        """Nothing happens yet; what the founding wrote is not told again."""
        self.key = profile
        self.profile = profiles.parse(profiles.available()[profile])
        self.diary = diary
        self.shift = shift or Shift.none()
        self.see = Seeing()
        self.cases: dict[str, int] = {}
        self.rounds: dict[str, int] = {}
        self._last = watching.last_act(self.see.viewer)

    def at(self, moment: str) -> None:
        """Go to that local moment (`2026-07-10 09:30`); timers due on the way fire on time."""
        day, time = moment.split()
        hour, minute = time.split(":")
        self.go_to(clock.from_local(self.day(day), hour=int(hour), minute=int(minute)))

    def go_to(self, target: datetime) -> None:
        """The same for a moment that is known."""
        while (due := watching.next_timer()) is not None and due <= target:
            demonstration.set_clock(max(due, clock.now()) + A_SECOND, actor=SYSTEM)
            if not timers.fire_due():
                raise Broken(f"A timer of {clock.local(due)} is due and does not fire.")
            self.note()
        if target < clock.now() - A_MINUTE:
            raise Broken(f"It is {clock.local(clock.now())} already.")
        if target > clock.now():
            demonstration.set_clock(target, actor=SYSTEM)

    def day(self, day: str) -> date:
        """A day the chapters name, as it is played."""
        return self.shift.day(date.fromisoformat(day))

    def iso(self, day: str) -> str:
        """The same as forms take it."""
        return self.day(day).isoformat()

    def person(self, unit: str, role: str) -> Actor:
        """Whoever holds a role in a unit, with the posts they have just now."""
        return actor_by_login(login_of(unit, role))

    def post(self, name: str) -> Actor:
        """Whoever fills a post of the mechanism."""
        post = self.profile.posts[name]
        return self.person(post.unit, post.role)

    def do(
        self, case_id: int, node: str, answers: Mapping[str, Any] | None = None, *, by: Actor
    ) -> None:
        """Somebody does a task that waits in the case, as on its page."""
        work = self._waiting(case_id, node, by)
        self.act(lambda: complete_task(work.assignment_id, dict(answers or {}), actor=by))

    def try_to(
        self, case_id: int, node: str, answers: Mapping[str, Any] | None = None, *, by: Actor
    ) -> str:
        """The same where it should be refused; says what became of it."""
        work = self._waiting(case_id, node, by)
        return self.attempt(
            lambda: complete_task(work.assignment_id, dict(answers or {}), actor=by)
        )

    def act(self, do: Callable[[], R]) -> R:
        """Do something and write down what the journal says of it."""
        answer = do()
        self.note()
        return answer

    def attempt(self, do: Callable[[], object]) -> str:
        """Try what should be refused: `refused` when the journal stayed as it was, else `done`."""
        before = watching.last_act(self.see.viewer)
        with suppress(Refusal):
            do()
        after = watching.last_act(self.see.viewer)
        self.note()
        return "refused" if after == before else "done"

    def check(self, sentence: Text, expected: Any, found: Any, *, rule: str = "") -> None:
        """Hold what the database says against what it should say."""
        self.diary.check(sentence, expected, found, rule=rule)

    def note(self) -> None:
        """Write down every act since the last time, one step per case it touched."""
        acts = watching.acts_since(self.see.viewer, self._last)
        if not acts:
            return
        self._last = acts[-1].event_id
        by_case = [
            (case_id, list(rows)) for case_id, rows in groupby(acts, key=lambda each: each.case_id)
        ]
        work = watching.open_work(self.see.viewer, {case_id for case_id, _ in by_case if case_id})
        for case_id, rows in by_case:
            mine = [each for each in work if each.case_id == case_id]
            self.diary.write(_step(self.diary.chapter, rows, mine))

    def _waiting(self, case_id: int, node: str, by: Actor) -> OpenWork:
        """The open task of that element in a unit of this person, else the only one there is."""
        found = [each for each in self._open(case_id) if each.node == node]
        mine = [each for each in found if each.unit_id in by.unit_ids]
        if not found:
            open_now = sorted(each.node for each in self._open(case_id))
            raise Broken(f"“{node}” does not wait in case {case_id}; open are {open_now}.")
        return (mine or found)[0]

    def _open(self, case_id: int) -> Collection[OpenWork]:
        return watching.open_work(self.see.viewer, [case_id])


def _step(chapter: int, acts: list[Act], work: list[OpenWork]) -> Step:
    first = next((each for each in acts if each.line.who), acts[0])
    newest = acts[-1]
    return Step(
        chapter=chapter,
        at=newest.line.at,
        who=first.line.who,
        unit=first.line.unit,
        number=newest.number,
        title=newest.title,
        stage=work[-1].stage if work else "",
        did=tuple(each.line.text for each in acts),
        kinds=tuple(each.line.kind for each in acts),
        waiting=tuple(
            Waiting(
                each.unit,
                each.unit_en,
                each.task,
                each.task_en,
                each.due.day,
                each.due.left,
                each.due.light.code,
            )
            for each in work
        ),
    )

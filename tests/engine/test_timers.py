"""Timers of a diagram obey the caller's clock and no other."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from app import engine
from app.engine import EngineError, TimerDue
from tests.engine.diagrams import Diagram

HOUR = dt.timedelta(hours=1)


def compiled(diagram: Diagram) -> engine.Compiled:
    return engine.compile_bundle([diagram.xml], "case")


def guarded(*, interrupts: bool, after: str = "P1D") -> engine.Compiled:
    """A task with a timer on it; the timer's way leads to another task."""
    diagram = Diagram().start().user("work").user("next").end()
    diagram.boundary("work", "timer", after=after, interrupts=interrupts)
    return compiled(diagram.user("late").end("late_end"))


@pytest.mark.parametrize("after", ["P1D", "'P1D'", '"PT24H"', "PT1440M", "wait"])
def test_a_timer_says_when_it_is_due(now, after):
    outcome = engine.start(guarded(interrupts=True, after=after), {"wait": "P1D"}, now=now)

    (timer,) = outcome.timers
    assert (timer.node, timer.due_at) == ("timer", now + 24 * HOUR)


def test_it_fires_at_its_instant_and_not_before(now):
    process = guarded(interrupts=True)
    begun = engine.start(process, {}, now=now)
    due = begun.timers[0].due_at

    early = engine.refresh(process, begun.state, now=due - dt.timedelta(microseconds=1))
    fired = engine.refresh(process, begun.state, now=due)

    assert (early.opened, early.closed, early.passed) == ((), (), ())
    assert early.timers == begun.timers
    assert [step.node for step in fired.opened] == ["late"]
    assert fired.closed == (begun.opened[0].id,)
    assert (fired.passed, fired.timers) == (("timer",), ())


def test_the_machines_clock_is_never_asked(now):
    process = guarded(interrupts=True)
    with time_machine.travel(dt.datetime(2050, 1, 1, tzinfo=dt.timezone.utc), tick=False):
        begun = engine.start(process, {}, now=now)
        early = engine.refresh(process, begun.state, now=now + HOUR)
        assert early.passed == ()
    with time_machine.travel(dt.datetime(2001, 1, 1, tzinfo=dt.timezone.utc), tick=False):
        fired = engine.refresh(process, begun.state, now=now + 24 * HOUR)

    assert begun.timers[0].due_at == now + 24 * HOUR
    assert fired.passed == ("timer",)


def test_a_reminder_fires_once_and_leaves_the_task_open(now):
    process = guarded(interrupts=False)
    begun = engine.start(process, {}, now=now)
    week_later = engine.refresh(process, begun.state, now=now + 7 * 24 * HOUR)
    again = engine.refresh(process, week_later.state, now=now + 9 * 24 * HOUR)

    assert [step.node for step in week_later.opened] == ["late"]
    assert (week_later.closed, week_later.timers) == ((), ())
    assert again.passed == ()
    assert {step.node for step in engine.open_steps(process, again.state)} == {"work", "late"}


def test_who_completes_in_time_stops_the_timer(now):
    process = guarded(interrupts=True)
    begun = engine.start(process, {}, now=now)
    done = engine.complete(process, begun.state, begun.opened[0].id, {}, now=now + HOUR)

    assert done.timers == ()
    assert engine.refresh(process, done.state, now=now + 100 * HOUR).passed == ()


def test_who_completes_late_but_first_wins(now):
    process = guarded(interrupts=True)
    begun = engine.start(process, {}, now=now)
    done = engine.complete(process, begun.state, begun.opened[0].id, {}, now=now + 48 * HOUR)

    assert done.passed == ("work",)
    assert [step.node for step in done.opened] == ["next"]


def test_a_case_may_wait_for_a_time(now):
    process = compiled(Diagram().start().wait("pause", after="P1W").user("after").end())
    begun = engine.start(process, {}, now=now)

    assert begun.timers == (TimerDue(begun.timers[0].step, "pause", now + 7 * 24 * HOUR),)
    fired = engine.refresh(process, begun.state, now=now + 8 * 24 * HOUR)
    assert fired.passed == ("pause",)
    assert [step.node for step in fired.opened] == ["after"]


def test_a_day_begins_in_the_office(now):
    process = compiled(Diagram().start().wait("pause", until="opening").user("after").end())
    begun = engine.start(process, {"opening": dt.date(2028, 3, 1)}, now=now)

    assert begun.timers[0].due_at == dt.datetime(2028, 2, 29, 16, tzinfo=dt.timezone.utc)


def test_a_time_that_has_passed_holds_nobody_up(now):
    process = compiled(Diagram().start().wait("pause", until="2027-12-01").user("after").end())

    assert [step.node for step in engine.start(process, {}, now=now).opened] == ["after"]


def test_the_clock_does_not_start_again_when_a_case_is_saved(now):
    process = guarded(interrupts=True)
    outcome = engine.start(process, {}, now=now)
    for hours in range(1, 20):
        outcome = engine.refresh(process, outcome.state, now=now + hours * HOUR)

    assert outcome.timers[0].due_at == now + 24 * HOUR


def test_any_zone_will_do_but_one_there_must_be(now, line):
    shanghai = now.astimezone(dt.timezone(8 * HOUR))
    begun = engine.start(guarded(interrupts=True), {}, now=shanghai)

    assert begun.timers[0].due_at == now + 24 * HOUR
    with pytest.raises(EngineError) as refused:
        engine.start(line, {}, now=now.replace(tzinfo=None))
    assert refused.value.code == "naive_time"


@pytest.mark.parametrize("wait", ["P1M", "garbage", 5, None, "PT1S"])
def test_a_fact_that_is_no_duration_names_the_timer(now, wait):
    with pytest.raises(EngineError) as refused:
        engine.start(guarded(interrupts=True, after="wait"), {"wait": wait}, now=now)

    assert refused.value.element == "timer"


def test_timers_in_sub_processes_are_told_too(now):
    inside = Diagram().start("b2").wait("inner", after="PT2H").end("e2")
    process = compiled(Diagram().start().sub("part", inside).user("after").end())
    begun = engine.start(process, {}, now=now)

    assert [timer.node for timer in begun.timers] == ["inner"]
    fired = engine.refresh(process, begun.state, now=now + 2 * HOUR)
    assert fired.passed == ("inner", "e2", "part")

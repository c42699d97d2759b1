"""Cases move on at the moments their diagrams name, by the database's clock."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands import timers
from app.db import session
from app.model import Timer
from app.queries import audit
from tests import stories
from tests.engine.diagrams import Diagram
from tests.faults.harness import drills

WAITING = "waiting"


@pytest.fixture
def by_the_clock(tanghe) -> int:
    """A case with a timer on its task: after a day another task opens instead."""
    drawn = Diagram(WAITING, **{"wv:title": "限时", "wv:titleEn": "Timed"}).start()
    drawn.user("work", form="acknowledge", performer="lead/unit_handler").end()
    drawn.boundary("work", "late", after="P1D", interrupts=True)
    drawn.user("chase", form="acknowledge", performer="lead/unit_leader").end("late_end")
    drills.publish(WAITING, drawn.xml)
    return stories.start_case(
        tanghe, WAITING, by=tanghe.post("supervising_office"), units={"lead": ["ZJJ"]}
    )


def test_a_moment_the_diagram_names_moves_the_case_on(tanghe, by_the_clock):
    stories.set_clock("2026-07-07 08:59")
    assert timers.fire_due() == 0
    stories.set_clock("2026-07-07 09:01")

    assert timers.fire_due() == 1

    assert stories.open_nodes(by_the_clock) == ["chase"]
    (act,) = stories.acts(f"case:{by_the_clock}", "timer.fired")
    assert (act["data"]["kind"], act["data"]["passed"]) == ("flow", ["late"])
    assert not [each for each in audit.verify().breaks if each.stream == f"case:{by_the_clock}"]
    leader = tanghe.actor("unit_leader", "ZJJ")
    stories.complete(by_the_clock, "chase", {"handling": "read"}, by=leader)
    assert stories.case(by_the_clock).status == "closed"


def test_a_task_done_in_time_takes_its_timer_away(tanghe, by_the_clock):
    handler = tanghe.actor("unit_handler", "ZJJ")
    stories.complete(by_the_clock, "work", {"handling": "read"}, by=handler)
    stories.set_clock("2026-07-08 09:00")

    assert timers.fire_due() == 0
    left = select(Timer.state).where(Timer.case_id == by_the_clock, Timer.state == "pending")
    assert session().scalars(left).all() == []

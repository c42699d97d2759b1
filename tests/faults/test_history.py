"""The history checker finds what it is there for, each thing planted alone."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app import journal
from app.actor import SYSTEM
from app.commands.completion import complete_task
from app.db import session, transaction
from app.model import Assignment, Timer, Work
from tests import stories, supervision
from tests.faults.harness.history import ACKNOWLEDGED, REFUSED, UNKNOWN, Act, History, judge
from tests.work import ask


@pytest.fixture
def item(own_county) -> int:
    """An item whose dispatch waits for approval."""
    item = supervision.open_item(own_county, matter="核对")
    supervision.complete(item, "register", supervision.registration(own_county, item),
                         by=own_county.post("supervising_office"))  # fmt: skip
    return item


def approve(county, item: int, act: Act) -> int:
    """The dispatch approved under the act's key; the assignment it was."""
    task = stories.task(item, "approve_dispatch").id
    answers = {**supervision.APPROVE, "opinion": act.key}
    complete_task.once(act.key, task, answers, actor=county.post("supervising_director"))
    return task


def found(history: History) -> list[str]:
    """What the checker says of it."""
    return judge(history, at_rest=False).problems


def test_what_people_heard_is_held_against_what_was_done(own_county, item):
    history = History()
    done, never = (history.invoke("complete", "somebody") for _ in range(2))
    approve(own_county, item, done)

    done.state, never.state = ACKNOWLEDGED, REFUSED
    assert found(history) == []
    done.state, never.state = UNKNOWN, UNKNOWN
    assert found(history) == []
    done.state, never.state = REFUSED, ACKNOWLEDGED
    said = found(history)
    assert [each.partition(":")[0] for each in said] == [
        "done though refused", "lost though acknowledged",
    ]  # fmt: skip


def test_an_act_that_is_done_twice_is_found(own_county, item):
    act = History().invoke("complete", "somebody")
    task = approve(own_county, item, act)
    with transaction():
        stream = f"case:{item}"
        data = {"assignment": task, "answers": {"opinion": act.key}}
        journal.record("task.completed", stream=stream, case_id=item, actor=SYSTEM, data=data)
        journal.flush()

    said = "\n".join(found(History()))

    assert "2 times in the journal" in said
    assert f"2 completions of assignment {task}" in said


def test_a_task_whose_row_disagrees_with_engine_or_journal_is_found(own_county, item):
    task = stories.task(item, "approve_dispatch").id
    session().execute(update(Assignment).where(Assignment.id == task).values(state="done"))
    session().commit()

    assert found(History()) == [
        f"journal and table disagree whether assignment {task} is done",
        f"case {item}: engine, tickets and assignments differ",
    ]


def test_timers_that_fired_early_twice_or_in_silence_are_found(own_county):
    supervision.in_hand(own_county, matter="到期", co=[])
    timer = session().query(Timer).filter_by(state="pending").first()
    timer.state, timer.fired_at = "fired", timer.fire_at.replace(year=2020)
    session().commit()

    assert found(History()) == [
        f"timer {timer.id} ({timer.kind}) is fired; it fired 0 times",
        f"timer {timer.id} fired early",
    ]


def test_what_is_left_to_do_is_found(own_county):
    ask()

    assert judge(History()).problems == ["left over: 1 work"]
    session().execute(update(Work).values(state="done"))
    session().commit()
    judge(History()).require()

"""Taking back and sending back, struck down at every point: nothing or everything, and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import engine
from app.advance import lineage, restoring
from app.commands import falling, sight, undoing
from app.commands.completion import complete_task
from app.errors import NotAllowed, Stale
from tests import going_back, stories
from tests.faults.crash import POINTS, struck
from tests.faults.test_crashes import LASTING, Struck, difference, require_clean, rows
from tests.faults.together import require_agreement, tally, together
from tests.people import County

PLACES: dict[str, tuple[Any, str, str]] = {
    "going back: case locked": (sight, "seen", "after"),
    "going back: acts read": (lineage, "acts_of", "after"),
    "going back: run again": (engine, "renewed", "after"),
    "going back: tasks dropped": (restoring, "settle", "after"),
    "going back: tasks opened": (restoring, "plan_timers", "after"),
    "going back: state saved": (falling, "save_state", "after"),
    "before the journal": POINTS["before the journal"],
    "after the journal": POINTS["after the journal"],
    "before the commit": POINTS["before the commit"],
    "after the commit": (Session, "commit", "after"),
}
WHY = {"task": "previous", "follow": "stepwise", "reason": "请补充后重新办理"}
Act = Callable[[County, int, str], Any]


def withdrawal(county: County, case_id: int, key: str) -> Any:
    """Whoever did the second branch's task takes it back; the first branch is run again."""
    return undoing.withdraw.once(key, case_id, {}, actor=county.actor("unit_leader", "ZJJ"))


def going_back_to_the_start(county: County, case_id: int, key: str) -> Any:
    """Whoever has the task behind the join sends the case back before the split."""
    return undoing.send_back.once(key, case_id, WHY, actor=county.actor("unit_head", "ZJJ"))


@pytest.fixture(scope="module")
def forks(at_work: Flask, busy_county: County) -> County:
    """A county with the process that forks."""
    going_back.publish(going_back.fork())
    return busy_county


@pytest.fixture(params=[withdrawal, going_back_to_the_start])
def act(request: pytest.FixtureRequest) -> Act:
    """One of the two."""
    found: Act = request.param
    return found


def waiting_case(county: County) -> int:
    """A case in which everything but the last task is done, the second branch's first."""
    case_id = going_back.opened(county, "fork")
    for node in ("a", "b", "c", "c2"):
        (part,) = [a for t, a in going_back.parts(case_id, "active") if t.node == node]
        complete_task(part.id, going_back.READ, actor=going_back.doer(county, part))
    return case_id


def undisturbed(county: County, act: Act) -> Mapping[str, int]:
    """What the act adds to which table when nothing happens to it."""
    case_id, before = waiting_case(county), rows()
    act(county, case_id, f"undisturbed {case_id}")
    added = difference(before, rows())
    assert added["case_state"] == added["event"] == 1
    return added


@pytest.mark.parametrize("point", PLACES)
def test_an_act_that_fails_leaves_nothing_or_everything(forks, act, point, monkeypatch):
    whole = undisturbed(forks, act)
    case_id = waiting_case(forks)
    key, before, nodes = f"{act.__name__} {point}", rows(), going_back.open_nodes(case_id)

    def strike() -> None:
        raise Struck

    monkeypatch.setitem(POINTS, point, PLACES[point])
    with struck(point, strike) as times, pytest.raises(Struck):
        act(forks, case_id, key)

    assert times
    require_clean()
    assert difference(before, rows()) == (whole if point in LASTING else {})
    assert point in LASTING or going_back.open_nodes(case_id) == nodes
    require_agreement(case_id)
    assert act(forks, case_id, key)["case"] == case_id
    assert difference(before, rows()) == whole
    require_agreement(case_id)


@pytest.mark.soak("R3")
def test_the_next_handler_and_a_withdrawal_at_the_same_moment(at_work, forks, size, figures):
    turns, done = size(8, 200), Counter[str]()
    for _turn in range(turns):
        case_id = waiting_case(forks)
        part = stories.task(case_id, "d")
        head = forks.actor("unit_head", "ZJJ")
        answers = together(
            at_work,
            partial(complete_task, part.id, going_back.READ, actor=head),
            partial(withdrawal, forks, case_id, f"both {case_id}"),
        )
        ends = tally(answers)
        done["one"] += ends["done"] == 1
        refused = [each for each in answers if isinstance(each, Exception)]
        done["told"] += all(
            isinstance(each, Stale | NotAllowed) or "open" in str(each) for each in refused
        )
        require_agreement(case_id)
    going_back.require_vouched(case_id)

    figures("completions against withdrawals", turns, at_least=turns)
    figures("of them one done and one refused", done["one"], exactly=turns)
    figures("refused in words", done["told"], exactly=turns)


def test_two_withdrawals_at_the_same_moment_both_stand(at_work, forks):
    case_id = waiting_case(forks)
    mine, theirs = (forks.actor(role, "ZJJ") for role in ("unit_leader", "unit_handler"))

    answers = together(
        at_work,
        lambda: undoing.withdraw(case_id, {}, actor=mine),
        lambda: undoing.withdraw(case_id, {}, actor=theirs),
    )

    assert tally(answers) == {"done": 2}, answers
    assert going_back.open_nodes(case_id) == {"b": 1, "c2": 1}
    require_agreement(case_id)
    assert len([each for each in stories.kinds(case_id) if each == "task.withdrawn"]) == 2
    going_back.require_vouched(case_id)

"""Two act on a case's life in one moment: it ends once, is moved once, and nothing is half done."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask

from app.advance import lineage, restoring, straight
from app.commands import ending, moving, reopening, sight, undoing
from app.commands.completion import complete_task
from app.effects import anew
from tests import going_back, stories, supervision
from tests.faults.crash import POINTS, struck
from tests.faults.test_crashes import LASTING, Struck, difference, require_clean, rows
from tests.faults.together import require_agreement, tally, together
from tests.people import County

END = {"reason": "上级已另行部署"}
AGAIN = {**END, "entry": "complete_item", "due_date": "2026-12-30"}
MOVED = {**END, "task": "review_completion"}
STRAIGHT = {"task": "previous", "follow": "straight", "reason": "请补充后重新办理"}
EVERYWHERE = ("before the journal", "after the journal", "before the commit")
POINTS_OF_LIVES = {
    "a life: case locked": (sight, "require_seen", "after"),
    "a life: begun anew": (anew, "settle", "after"),
    "a life: state saved": (anew, "save_state", "after"),
    "straight: acts read": (lineage, "every_act", "after"),
    "straight: tasks open again": (restoring, "go_forward", "after"),
    "straight: state saved": (straight, "save_state", "after"),
}


@pytest.fixture(scope="module")
def lines(at_work: Flask, busy_county: County) -> County:
    """A county with the process of three in a row."""
    going_back.publish(going_back.line())
    return busy_county


def reopened(county: County, case_id: int, key: str):
    """The office has it run again."""
    return reopening.reopen.once(key, case_id, AGAIN, actor=county.post("supervising_office"))


def agreed(county: County, case_id: int, key: str):
    """The second person agrees to what the first one proposed in this case."""
    (act,) = stories.acts(f"case:{case_id}", "incident.move_proposed")
    head = county.post("supervising_director")
    return moving.move.once(key, act["data"]["incident"], actor=head)


def done_again(county: County, case_id: int, key: str):
    """The first of three in a row does again what was sent back, and the case goes straight on."""
    (part,) = [a for t, a in going_back.parts(case_id, "active", "done") if t.node == "a"]
    actor = going_back.doer(county, part)
    return complete_task.once(key, part.id, going_back.READ, actor=actor)


def closed_item(county: County) -> int:
    """An item that was terminated."""
    item = supervision.in_hand(county, matter="已办结事项", override_reason="并案办理")
    ending.terminate(item, END, actor=county.post("supervising_director"))
    return item


def item_to_be_moved(county: County) -> int:
    """An item for which one person proposed another task."""
    item = supervision.in_hand(county, matter="待跳转事项", override_reason="并案办理")
    moving.propose_move(item, MOVED, actor=county.post("supervising_office"))
    return item


def case_sent_back(county: County) -> int:
    """Sent back over two tasks, straight back wanted."""
    case_id = going_back.opened(county, "line")
    for node in ("a", "b"):
        going_back.do(county, case_id, node)
    head = county.actor("unit_head", "ZJJ")
    target = next(t for t, _a in going_back.parts(case_id, "done") if t.node == "a")
    (mine,) = [a for _t, a in going_back.parts(case_id, "active")]
    undoing.send_back(case_id, {**STRAIGHT, "task": f"{mine.id}:{target.id}"}, actor=head)
    return case_id


ACTS = {
    reopened: (closed_item, ("a life: case locked", "a life: begun anew", "a life: state saved")),
    agreed: (item_to_be_moved, ("a life: case locked", "a life: begun anew")),
    done_again: (case_sent_back, tuple(POINTS_OF_LIVES)[3:]),
}


@pytest.mark.parametrize(
    ("act", "point"),
    [(act, point) for act, (_begin, own) in ACTS.items() for point in (*own, *EVERYWHERE)],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_an_act_that_fails_leaves_nothing_or_everything(lines, act, point, monkeypatch):
    begin, _own = ACTS[act]
    case_id, before = begin(lines), rows()
    act(lines, case_id, f"undisturbed {case_id}")
    whole = difference(before, rows())
    case_id = begin(lines)
    key, before, nodes = f"{act.__name__} {case_id}", rows(), going_back.open_nodes(case_id)

    def strike() -> None:
        raise Struck

    if point in POINTS_OF_LIVES:
        monkeypatch.setitem(POINTS, point, POINTS_OF_LIVES[point])
    with struck(point, strike) as times, pytest.raises(Struck):
        act(lines, case_id, key)

    assert times
    require_clean()
    assert difference(before, rows()) == {}
    assert point not in LASTING
    assert going_back.open_nodes(case_id) == nodes
    assert act(lines, case_id, key)["case"] == case_id
    assert difference(before, rows()) == whole
    require_agreement(case_id)
    going_back.require_vouched(case_id)


def test_two_end_a_case_and_it_ends_once(at_work, lines):
    item = supervision.in_hand(lines, matter="同时终止", override_reason="并案办理")
    head = lines.post("supervising_director")

    answers = together(
        at_work,
        lambda: ending.terminate(item, END, actor=head),
        lambda: ending.declare_void(item, END, actor=head),
    )

    assert tally(answers)["done"] == 1, answers
    assert len({"case.void", "case.terminated"} & set(stories.kinds(item))) == 1
    require_agreement(item)


def test_it_is_completed_or_terminated_and_never_both_halves(at_work, lines):
    item = supervision.in_hand(lines, matter="办结与终止", override_reason="并案办理")
    task, head = stories.task(item, "complete_item"), lines.post("supervising_director")
    handler = lines.actor("unit_handler", "ZJJ")

    answers = together(
        at_work,
        partial(complete_task, task.id, supervision.COMPLETION, actor=handler),
        lambda: ending.terminate(item, END, actor=head),
    )

    assert not [each for each in answers if isinstance(each, AssertionError)]
    assert stories.case(item).status == "terminated"
    require_agreement(item)
    going_back.require_vouched(item)


def test_an_agreement_and_a_refusal_at_the_same_moment(at_work, lines):
    item = item_to_be_moved(lines)
    clerk = lines.post("supervising_office")
    (act,) = stories.acts(f"case:{item}", "incident.move_proposed")

    answers = together(
        at_work,
        lambda: agreed(lines, item, f"both {item}"),
        lambda: moving.decline_move(act["data"]["incident"], actor=clerk),
    )

    assert tally(answers)["done"] == 1, answers
    assert going_back.open_nodes(item) in ({"review_completion": 1}, {"complete_item": 1})
    require_agreement(item)


def test_two_reopen_it_and_it_runs_once(at_work, lines):
    item = closed_item(lines)
    clerk, head = lines.post("supervising_office"), lines.post("supervising_director")

    answers = together(
        at_work,
        lambda: reopening.reopen(item, AGAIN, actor=clerk),
        lambda: reopening.reopen(item, AGAIN, actor=head),
    )

    assert tally(answers)["done"] == 1, answers
    assert stories.kinds(item).count("case.reopened") == 1
    require_agreement(item)

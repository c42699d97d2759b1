"""Straight back to whoever returned it (原路直送), told one by one (domain 2.2 row 10)."""

from __future__ import annotations

import pytest

from app import advance, clock, journal
from app.commands import undoing
from app.commands.completion import complete_task
from app.commands.timers import fire_due
from app.db import transaction
from app.effects import reassigning
from app.errors import Invalid, Stale
from app.queries.history import history
from app.queries.inbox import inbox
from app.queries.standing import standing
from app.queries.tasks import task_page
from tests import going_back, stories
from tests.going_back import begun, do

WHY = "请补充后重新办理"
STRAIGHT = {"task": "previous", "follow": "straight", "reason": WHY}


def back_to(person, case_id, node):
    """The answer that sends a case straight to that task."""
    ways = standing(person, case_id).back_to
    return {**STRAIGHT, "task": next(way for way in ways if f"任务 {node}（" in ways[way][0])}


def answered(county, case_id, node, *, good):
    """Whoever may answers the task with yes or no."""
    (part,) = [a for t, a in going_back.parts(case_id, "active") if t.node == node]
    form = going_back.answers_to("approval", good=good)
    complete_task(part.id, form, actor=going_back.doer(county, part))


def test_once_it_is_done_again_the_returner_has_the_same_task_and_the_rest_counts(county, people):
    case_id = begun(county, "line", "a", "b")
    mine = stories.task(case_id, "c")
    between = next(a for t, a in going_back.parts(case_id, "done") if t.node == "b")
    undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])
    assert going_back.open_nodes(case_id) == {"a": 1}
    assert inbox(people[1]).total == inbox(people[2]).total == 0

    do(county, case_id, "a")

    assert going_back.open_nodes(case_id) == {"c": 1}
    again = stories.task(case_id, "c")
    assert (again.id, again.ticket_id) == (mine.id, mine.ticket_id)
    (kept,) = [a for t, a in going_back.parts(case_id, "done") if t.node == "b"]
    assert (kept.id, kept.done_at, kept.answers) == (between.id, between.done_at, between.answers)
    assert inbox(people[2]).total == 1
    said = [str(each.text) for each in history(people[2], case_id)]
    assert "sent the case back from “任务 c” to “任务 a”, and straight back from there" in said
    assert said[-1].endswith("straight back to “任务 c”; what came between counts again: “任务 b”.")
    going_back.require_sound(case_id)
    going_back.require_vouched(case_id)
    do(county, case_id, "c")
    assert stories.case(case_id).status == "closed"


def test_step_by_step_every_task_is_done_again(county, people):
    case_id = begun(county, "line", "a", "b")
    stepwise = {**back_to(people[2], case_id, "a"), "follow": "stepwise"}
    undoing.send_back(case_id, stepwise, actor=people[2])

    do(county, case_id, "a")

    assert going_back.open_nodes(case_id) == {"b": 1}


def test_new_answers_that_lead_elsewhere_go_step_by_step_and_the_journal_says_so(county, people):
    case_id = begun(county, "choice", "a")
    answered(county, case_id, "b", good=False)
    undoing.send_back(case_id, back_to(people[2], case_id, "b"), actor=people[2])

    answered(county, case_id, "b", good=True)

    assert going_back.open_nodes(case_id) == {"d": 1}
    said = [str(each.text) for each in history(people[0], case_id)]
    assert said[-1].endswith("it leads another way now, so the case goes on step by step")
    going_back.require_sound(case_id)


def test_the_same_answer_leads_back_past_the_choice(county, people):
    case_id = begun(county, "choice", "a")
    answered(county, case_id, "b", good=False)
    do(county, case_id, "c")
    undoing.send_back(case_id, back_to(people[0], case_id, "b"), actor=people[0])

    answered(county, case_id, "b", good=False)

    assert going_back.open_nodes(case_id) == {"z": 1}
    going_back.require_sound(case_id)


def test_over_branches_and_their_join_all_that_came_between_counts(county, people):
    case_id = begun(county, "fork", "a", "b", "c", "c2")
    undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])

    do(county, case_id, "a")

    assert going_back.open_nodes(case_id) == {"d": 1}
    assert {t.node for t, _a in going_back.parts(case_id, "done")} == {"a", "b", "c", "c2"}
    going_back.require_vouched(case_id)


def test_others_open_work_stands_again_as_it_stood(county, people):
    case_id = begun(county, "fork", "a")
    before = {a.id: a.state for _t, a in going_back.parts(case_id, "active", "waiting")}
    undoing.send_back(case_id, back_to(people[1], case_id, "a"), actor=people[1])
    assert going_back.open_nodes(case_id) == {"a": 1}

    do(county, case_id, "a")

    now = {a.id: a.state for _t, a in going_back.parts(case_id, "active", "waiting")}
    assert now == before
    going_back.require_sound(case_id)


def test_what_another_branch_does_meanwhile_stands(county, people):
    case_id = begun(county, "fork", "a", "c")
    undoing.send_back(case_id, back_to(people[0], case_id, "c"), actor=people[0])
    do(county, case_id, "b")

    do(county, case_id, "c")

    assert going_back.open_nodes(case_id) == {"c2": 1}
    do(county, case_id, "c2")
    assert going_back.open_nodes(case_id) == {"d": 1}


def test_the_returner_has_the_time_the_rule_gives_and_is_reminded_again(county, people):
    case_id = begun(county, "units", "a")
    for code in ("ZJJ", "FGW", "CZJ"):
        do(county, case_id, "all", county.unit(code))
    do(county, case_id, "turns")
    second = county.actor("unit_liaison", "FGW")
    (mine,) = [a for t, a in going_back.parts(case_id, "active") if t.node == "turns"]
    undoing.send_back(case_id, back_to(second, case_id, "a"), actor=second)
    stories.set_clock("2026-07-14 10:00")

    do(county, case_id, "a")

    (again,) = [a for _t, a in going_back.parts(case_id, "active")]
    assert (again.id, again.unit_id) == (mine.id, county.unit("FGW"))
    going_back.require_sound(case_id)
    assert fire_due() >= 0


def test_who_was_re_assigned_meanwhile_does_not_get_it_back(county, people):
    case_id = begun(county, "line", "a", "b")
    undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])
    move = reassigning.Move("lead", county.unit("ZJJ"), county.unit("RSJ"), "职能已划转")
    with transaction():
        office = county.post("supervising_office")
        reassigning.reassign(advance.load(case_id), move, actor=office, at=clock.now())
        journal.flush()

    do(county, case_id, "a")

    assert going_back.open_nodes(case_id) == {"b": 1}
    assert stories.task(case_id, "b").unit_id == county.unit("RSJ")
    going_back.require_sound(case_id)


def test_a_withdrawal_of_the_new_answers_takes_what_counted_along(county, people):
    case_id = begun(county, "line", "a", "b")
    undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])
    do(county, case_id, "a")

    undoing.withdraw(case_id, {}, actor=people[0])
    assert going_back.open_nodes(case_id) == {"a": 1}
    going_back.require_sound(case_id)

    do(county, case_id, "a")
    assert going_back.open_nodes(case_id) == {"c": 1}
    going_back.require_vouched(case_id)


def test_once_the_returner_acted_the_new_answers_stay(county, people):
    case_id = begun(county, "loop", "a", "draft")
    undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])
    do(county, case_id, "a")
    do(county, case_id, "check")

    with pytest.raises(Stale):
        undoing.withdraw(case_id, {}, actor=people[0])


def test_it_may_go_back_and_straight_on_more_than_once(county, people):
    case_id = begun(county, "line", "a", "b")
    for _turn in range(3):
        undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])
        do(county, case_id, "a")
        assert going_back.open_nodes(case_id) == {"c": 1}
    undoing.send_back(case_id, {**STRAIGHT, "follow": "stepwise"}, actor=people[2])
    do(county, case_id, "b")

    assert going_back.open_nodes(case_id) == {"c": 1}
    going_back.require_sound(case_id)
    going_back.require_vouched(case_id)


def test_what_counts_again_in_another_branch_is_not_sent_back_along(county, people):
    case_id = begun(county, "nested", "a", "i1")
    undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])
    do(county, case_id, "a")
    assert going_back.open_nodes(case_id) == {"i2": 1, "b": 1}

    with pytest.raises(Invalid) as refused:
        undoing.send_back(case_id, {**STRAIGHT, "follow": "stepwise"}, actor=people[3])

    assert "任务 i1" in str(refused.value.text)


def test_to_a_task_of_ones_own_post_there_is_no_straight_back(county, people):
    case_id = begun(county, "fork", "a", "c")

    with pytest.raises(Invalid) as refused:
        undoing.send_back(case_id, back_to(people[0], case_id, "a"), actor=people[0])

    assert "follow" in refused.value.fields


def test_the_initiators_task_is_called_so_and_can_be_asked_for(county, people):
    case_id = begun(county, "filed", "file", "a", "f")
    (previous, first) = standing(people[1], case_id).back_to.values()
    assert previous[0] == "上一环节：任务 a（县住房和城乡建设局）"
    assert first[0].startswith("发起人：任务 file（")
    assert first[1].startswith("Whoever opened the case: ")

    with pytest.raises(Invalid):
        undoing.send_back(case_id, {**STRAIGHT, "task": "initiator"}, actor=people[1])


def test_back_to_the_initiator_and_straight_on(county, people):
    case_id = begun(county, "filed", "file", "a", "f")
    answered(county, case_id, "b", good=False)
    do(county, case_id, "e")
    undoing.send_back(case_id, {**STRAIGHT, "task": "initiator"}, actor=people[2])
    assert going_back.open_nodes(case_id) == {"file": 1}

    do(county, case_id, "file")

    assert going_back.open_nodes(case_id) == {"d": 1}
    going_back.require_vouched(case_id)


def test_a_case_whose_opener_did_nothing_has_no_initiators_task(county, people):
    case_id = begun(county, "line", "a")

    with pytest.raises(Invalid) as refused:
        undoing.send_back(case_id, {**STRAIGHT, "task": "initiator"}, actor=people[1])

    assert "task" in refused.value.fields


def test_what_the_returner_had_said_is_filled_in_again(county, people):
    case_id = begun(county, "loop", "a", "draft", "check")
    undoing.withdraw(case_id, {}, actor=people[2])
    undoing.send_back(case_id, back_to(people[2], case_id, "a"), actor=people[2])

    do(county, case_id, "a")

    page = task_page(people[2], stories.task(case_id, "check").id)
    assert page.may
    assert page.answers["decision"] == "approve"

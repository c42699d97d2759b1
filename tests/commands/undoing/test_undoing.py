"""Taking back what was submitted, told one by one (domain 2.2 row 11)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands import undoing
from app.commands.clock import suspend
from app.commands.supervising import waive_co
from app.commands.timers import fire_due
from app.db import session
from app.engine.case import stepping
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.model import Assignment, CaseState, Timer
from app.queries.history import history
from app.queries.standing import standing
from app.queries.tasks import task_page
from tests import going_back, loop, stories, supervision
from tests.going_back import begun, do

BACK = {"task": "previous", "follow": "stepwise", "reason": "请补充后重新办理"}


def test_what_was_submitted_is_open_again_with_its_words_and_its_clock(county, people):
    case_id = begun(county, "line")
    before = stories.task(case_id, "a")
    due, version = before.due_at, before.version
    do(county, case_id, "a")
    stories.set_clock("2026-07-06 17:00")

    undoing.withdraw(case_id, {"reason": "附件有误"}, actor=people[0])

    again = stories.task(case_id, "a")
    assert (again.id, again.due_at, again.done_at) == (before.id, due, None)
    assert again.version == version + 2
    assert task_page(people[0], again.id).answers["handling"] == "read"
    assert going_back.open_nodes(case_id) == {"a": 1}
    (act,) = stories.acts(f"case:{case_id}", "task.withdrawn")
    assert act["data"]["reason"] == "附件有误"
    assert stories.acts(f"case:{case_id}", "task.completed")[0]["data"]["answers"]
    assert [str(each.text) for each in history(people[0], case_id)][-1].startswith("took back")


def test_its_reminders_come_again_and_those_of_what_vanished_do_not(county, people):
    case_id = begun(county, "line", "a")
    vanished = stories.task(case_id, "b").id

    undoing.withdraw(case_id, {}, actor=people[0])
    stories.set_clock("2026-07-09 10:00")
    fire_due()

    fired = select(Timer.assignment_id).where(Timer.case_id == case_id, Timer.state == "fired")
    assert set(session().scalars(fired)) == {stories.task(case_id, "a").id} != {vanished}


def test_once_the_next_one_acted_it_is_too_late_and_says_who_did_what(county, people):
    case_id = begun(county, "line", "a", "b")

    with pytest.raises(Stale) as refused:
        undoing.withdraw(case_id, {}, actor=people[0])

    told = refused.value.details
    assert (told["by"], told["what"]) == ("演示-zjj_unit_leader", "任务 b")
    assert told["at"] is not None


def test_what_opens_next_after_that_is_never_mistaken_for_what_opened_before(county, people):
    case_id = begun(county, "line", "a")
    first = stories.task(case_id, "b").ticket_id
    undoing.withdraw(case_id, {}, actor=people[0])

    do(county, case_id, "a")

    assert stories.task(case_id, "b").ticket_id != first


def test_if_it_could_be_mistaken_for_that_it_would_not_open(county, people, monkeypatch):
    monkeypatch.setattr(stepping, "foresee_anew", lambda _workflow: None)
    case_id = begun(county, "line", "a")
    undoing.withdraw(case_id, {}, actor=people[0])

    with pytest.raises(Stale):
        do(county, case_id, "a")

    assert going_back.open_nodes(case_id) == {"a": 1}


def test_a_colleague_of_the_same_post_may_and_nobody_else(county, people):
    case_id = begun(county, "line", "a")

    with pytest.raises(NotAllowed):
        undoing.withdraw(case_id, {}, actor=people[1])
    with pytest.raises(NotAllowed):
        undoing.withdraw(case_id, {}, actor=county.post("supervising_office"))
    with pytest.raises(NotFound):
        undoing.withdraw(case_id, {}, actor=county.stranger)


def test_what_another_branch_did_since_is_run_again(county, people):
    case_id = begun(county, "fork", "a", "b", "c")
    kept = stories.task(case_id, "c2")

    undoing.withdraw(case_id, {}, actor=people[1])

    assert going_back.open_nodes(case_id) == {"b": 1, "c2": 1}
    assert stories.task(case_id, "c2").id == kept.id
    (act,) = stories.acts(f"case:{case_id}", "task.withdrawn")
    assert len(act["data"]["again"]) == 1
    going_back.require_sound(case_id)


def test_the_states_of_every_act_are_kept(county, people):
    case_id = begun(county, "fork", "a", "b", "c", "c2")
    undoing.withdraw(case_id, {}, actor=people[1])
    do(county, case_id, "b")

    states = select(CaseState.seq).where(CaseState.case_id == case_id).order_by(CaseState.seq)
    assert list(session().scalars(states)) == [1, 2, 3, 4, 5, 6, 7]
    assert going_back.open_nodes(case_id) == {"d": 1}


def test_one_of_several_units_takes_back_its_own_part_only(county, people):
    case_id = begun(county, "units", "a")
    units = [county.unit(code) for code in ("ZJJ", "FGW", "CZJ")]
    for unit in units[:2]:
        do(county, case_id, "all", unit)

    undoing.withdraw(case_id, {}, actor=county.actor("unit_liaison", "FGW"))
    open_now = {a.unit_id for _t, a in going_back.parts(case_id, "active")}
    for unit in units[1:]:
        do(county, case_id, "all", unit)
    undoing.withdraw(case_id, {}, actor=county.actor("unit_liaison", "ZJJ"))

    assert open_now == {units[1], units[2]}
    assert [a.unit_id for _t, a in going_back.parts(case_id, "active")] == [units[0]]
    going_back.require_sound(case_id)


def test_where_one_signs_after_the_other_only_the_last_takes_back(county, people):
    case_id = begun(county, "units", "a")
    for code in ("ZJJ", "FGW", "CZJ"):
        do(county, case_id, "all", county.unit(code))
    do(county, case_id, "turns")
    do(county, case_id, "turns")

    with pytest.raises(Stale):
        undoing.withdraw(case_id, {}, actor=county.actor("unit_liaison", "ZJJ"))
    undoing.withdraw(case_id, {}, actor=county.actor("unit_liaison", "FGW"))

    states = {a.unit_id: a.state for t, a in going_back.parts(case_id, "active", "waiting", "done")
              if t.node == "turns"}  # fmt: skip
    assert states == {
        county.unit("ZJJ"): "done", county.unit("FGW"): "active", county.unit("CZJ"): "waiting"
    }  # fmt: skip


def test_where_anybody_decides_all_have_the_task_again(county, people):
    case_id = begun(county, "units", "a")
    for code in ("ZJJ", "FGW", "CZJ"):
        do(county, case_id, "all", county.unit(code))
    for _turn in range(3):
        do(county, case_id, "turns")
    do(county, case_id, "any", county.unit("FGW"))

    undoing.withdraw(case_id, {}, actor=county.actor("unit_liaison", "FGW"))

    assert len([a for t, a in going_back.parts(case_id, "active") if t.node == "any"]) == 3


def test_what_the_diagrams_own_clock_did_since_stands_too(county, people):
    going_back.publish(going_back.timed())
    case_id = begun(county, "timed", "a", "c")
    stories.set_clock("2026-07-08 10:00")
    fire_due()
    assert going_back.open_nodes(case_id) == {"b": 1, "late": 1}
    late = stories.task(case_id, "late").id

    undoing.withdraw(case_id, {}, actor=people[3])

    assert going_back.open_nodes(case_id) == {"b": 1, "c": 1, "late": 1}
    assert stories.task(case_id, "late").id == late
    going_back.require_sound(case_id)


def test_a_clock_of_the_diagram_that_ran_before_runs_again(county, people):
    going_back.publish(going_back.timed())
    case_id = begun(county, "timed", "a")
    running = select(Timer.fire_at).where(Timer.case_id == case_id, Timer.kind == "flow")
    before = list(session().scalars(running))
    do(county, case_id, "b")
    assert len(before) == 1
    assert list(session().scalars(running)) == []

    undoing.withdraw(case_id, {}, actor=people[1])

    assert list(session().scalars(running)) == before


def test_what_was_issued_is_not_taken_back(tanghe):
    notice = loop.round_with_notices(tanghe)["notices"]["I10"]
    loop.issued_notice(tanghe, notice)

    with pytest.raises(NotAllowed) as refused:
        undoing.withdraw(notice, {}, actor=tanghe.post("drafting_office"))

    assert "papers" in str(refused.value.text)


def test_the_leader_names_another_handler_after_taking_the_first_back(tanghe):
    item = supervision.dispatched(tanghe, supervision.open_item(tanghe, co=[]))
    supervision.signed(tanghe, item)
    leader = tanghe.actor("unit_leader", "ZJJ")
    assert standing(leader, item).taken_back == "确定专人、细化责任"

    undoing.withdraw(item, {}, actor=leader)

    assert "appoint_handler" in stories.open_nodes(item)
    assert "complete_item" not in stories.open_nodes(item)


def test_what_the_office_waived_stays_waived(tanghe):
    item = supervision.dispatched(tanghe, supervision.open_item(tanghe, co=["SJG"]))
    supervision.signed(tanghe, item)
    waive_co(item, {"unit": "SJG", "reason": "已书面同意牵头方案"},
             actor=tanghe.post("supervising_office"))  # fmt: skip

    undoing.withdraw(item, {}, actor=tanghe.actor("unit_leader", "ZJJ"))

    (act,) = stories.acts(f"case:{item}", "task.waived")
    waived = session().get_one(Assignment, act["data"]["assignment"], populate_existing=True)
    assert waived.state == "cancelled"
    going_back.require_sound(item)


def test_while_the_clock_stands_still_or_the_case_is_closed_nothing_goes_back(county, people):
    case_id = begun(county, "line", "a")
    closed = begun(county, "line", "a", "b", "c")
    suspend(case_id, {"reason": "等待上级政策明确"}, actor=county.post("supervising_office"))

    for each in (case_id, closed):
        with pytest.raises(Invalid):
            undoing.withdraw(each, {}, actor=people[0])
        with pytest.raises(Invalid):
            undoing.send_back(each, BACK, actor=people[1])
        found = standing(people[0], each)
        assert (found.taken_back, dict(found.back_to)) == ("", {})

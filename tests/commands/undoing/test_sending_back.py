"""Sending a case back to an earlier task, told one by one (domain 2.2 row 10, 2.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.commands import undoing
from app.commands.operations import ON_CASES
from app.effects import backwards
from app.errors import Invalid, NotAllowed
from app.queries.standing import standing
from tests import going_back, stories
from tests.engine.diagrams import Diagram
from tests.going_back import begun, do

WHY = "请补充后重新办理"
BACK = {"task": "previous", "follow": "stepwise", "reason": WHY}


def test_a_case_goes_back_to_an_earlier_task_for_a_reason(county, people):
    case_id = begun(county, "line", "a", "b")
    (way, earliest) = standing(people[2], case_id).back_to

    with pytest.raises(Invalid):
        undoing.send_back(case_id, {**BACK, "task": way, "reason": "短"}, actor=people[2])
    undoing.send_back(case_id, {**BACK, "task": earliest}, actor=people[2])

    assert going_back.open_nodes(case_id) == {"a": 1}
    counted = [(t.node, a.state) for t, a in going_back.parts(case_id, "withdrawn", "cancelled")]
    assert counted == [("b", "withdrawn"), ("c", "cancelled")]
    (act,) = stories.acts(f"case:{case_id}", "task.returned")
    assert (act["data"]["to"], act["data"]["reason"]) == ("a", WHY)
    assert len(act["data"]["undone"]) == 2
    do(county, case_id, "a")
    assert going_back.open_nodes(case_id) == {"b": 1}


def test_who_gets_work_back_from_another_unit_has_its_rules_time_and_never_less(county, people):
    case_id = begun(county, "units", "a")
    for code in ("ZJJ", "FGW", "CZJ"):
        do(county, case_id, "all", county.unit(code))
    old = {a.unit_id: a.due_at for t, a in going_back.parts(case_id, "done") if t.node == "all"}
    stories.set_clock("2026-07-14 10:00")

    undoing.send_back(case_id, BACK, actor=county.actor("unit_liaison", "ZJJ"))

    new = {a.unit_id: a.due_at for t, a in going_back.parts(case_id, "active") if t.node == "all"}
    assert new[county.unit("ZJJ")] == old[county.unit("ZJJ")]  # its own work: no time won
    assert new[county.unit("FGW")] > old[county.unit("FGW")] + timedelta(days=5)
    going_back.require_sound(case_id)


def test_another_branchs_work_is_never_sent_back_along(county, people):
    case_id = begun(county, "fork", "a", "c")

    with pytest.raises(Invalid) as refused:
        undoing.send_back(case_id, BACK, actor=people[1])

    assert "任务 c" in str(refused.value.text)
    assert going_back.open_nodes(case_id) == {"b": 1, "c2": 1}


def test_from_behind_a_join_the_case_goes_back_before_the_split_only(county, people):
    case_id = begun(county, "fork", "a", "b", "c", "c2")

    assert [names[0] for names in standing(people[2], case_id).back_to.values()] == [
        "上一环节：任务 a（县住房和城乡建设局）"
    ]
    undoing.send_back(case_id, BACK, actor=people[2])

    assert going_back.open_nodes(case_id) == {"a": 1}
    going_back.require_sound(case_id)


def test_where_the_diagram_leads_back_itself_that_way_is_taken(county, people):
    case_id = begun(county, "loop", "a", "draft")

    found = standing(people[2], case_id)
    assert [names[0] for names in found.back_to.values()] == [
        "上一环节：任务 a（县住房和城乡建设局）"
    ]
    part = stories.task(case_id, "check")
    drafted = next(t for t, _a in going_back.parts(case_id, "done") if t.node == "draft")
    with pytest.raises(Invalid):
        undoing.send_back(case_id, {**BACK, "task": f"{part.id}:{drafted.id}"}, actor=people[2])


def test_whoever_has_two_tasks_says_which_one_goes_back(county, people):
    case_id = begun(county, "nested", "a")
    do(county, case_id, "i1")
    do(county, case_id, "i2")  # now i3 and b wait for the same person

    ways = standing(people[3], case_id).back_to
    assert len({way.partition(":")[0] for way in ways}) == 2
    with pytest.raises(Invalid) as refused:
        undoing.send_back(case_id, BACK, actor=people[3])
    assert "task" in refused.value.fields

    inner = next(way for way in ways if "i1" in ways[way][0])
    undoing.send_back(case_id, {**BACK, "task": inner}, actor=people[3])
    assert going_back.open_nodes(case_id) == {"i1": 1, "b": 1}


def test_a_case_with_nothing_before_it_goes_nowhere(county, people):
    case_id = begun(county, "line")

    with pytest.raises(Invalid):
        undoing.send_back(case_id, BACK, actor=people[0])
    with pytest.raises(NotAllowed):
        undoing.send_back(case_id, BACK, actor=people[1])


def test_a_task_can_forbid_to_send_back_from_it_and_to_take_it_back(county, people):
    diagram = Diagram("firm").start().user("a", **going_back.asks(0, forbids="withdraw"))
    diagram.user("b", **going_back.asks(1, forbids="send_back")).user("c", **going_back.asks(2))
    going_back.publish(going_back.Shape(diagram.end()))
    case_id = begun(county, "firm", "a")

    for person, act in ((people[0], undoing.withdraw), (people[1], undoing.send_back)):
        with pytest.raises(Invalid) as refused:
            act(case_id, BACK if person is people[1] else {}, actor=person)
        assert refused.value.text == backwards.FORBIDDEN
    mine = [{o.name: o.why_not for o in ON_CASES.offers(each, standing(each, case_id))}
            for each in people[:2]]  # fmt: skip
    assert "withdraw" not in mine[0]
    assert mine[1]["send_back"] == backwards.FORBIDDEN

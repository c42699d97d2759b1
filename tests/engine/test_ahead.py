"""What may follow a task: on which answers, through gateways, sub-processes, calls and errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import engine
from tests.engine.diagrams import Diagram

SHIPPED = Path(__file__).resolve().parents[2] / "bpmn"


def named(diagram, node):
    return [
        (tuple(name for name, _en in each.when), each.name) for each in engine.ahead(diagram, node)
    ]


def shipped(key, node):
    files = [(SHIPPED / f"{each}.bpmn").read_bytes() for each in key.split()]
    return engine.ahead(files, node)


def test_a_gateway_names_the_answer_and_the_end_is_told():
    found = shipped("supervision_brief", "approve")

    assert [(each.when, each.name, each.performer) for each in found] == [
        ((("同意", "Approved"),), "报送专报", "supervising_office"),
        ((("退回", "Returned"),), "起草专报", "supervising_office"),
    ]
    assert [each.kind for each in shipped("supervision_brief", "instruct")] == ["endEvent"]


def test_a_second_question_is_asked_in_full():
    found = shipped("supervision_item", "approve_dispatch")

    assert [each.when for each in found][1:3] == [
        (("同意", "Approved"), ("有协办单位？有", "Co-handlers? Yes")),
        (("同意", "Approved"), ("有协办单位？无", "Co-handlers? No")),
    ]
    assert [each.together for each in found] == [False, False, True, False]


def test_a_call_leads_into_the_called_process_and_out_again():
    assert shipped("escalation interview", "approve_measure")[0].name == "发约谈通知书"
    assert shipped("escalation interview", "sign_record")[0].name == "登记考核记录"
    assert shipped("interview", "sign_record")[0].kind == "endEvent"


def test_what_follows_a_sub_process_follows_its_end():
    inner = Diagram().start("b2").user("inside").end("e2")
    diagram = Diagram().start().user("a").sub("part", inner).user("z").end()

    assert named([diagram.xml], "a") == [((), "任务 inside")]
    assert named([diagram.xml], "inside") == [((), "任务 z")]


def test_an_error_goes_on_where_it_is_caught():
    inner = Diagram().start("b2").user("first").end("failed", cause="error:A")
    diagram = Diagram().start().sub("part", inner).user("z").end()
    diagram.boundary("part", "caught", cause="error:A").user("repair").end("e3")

    assert named([diagram.xml], "first") == [((), "任务 repair")]


def test_gateways_in_a_ring_are_gone_through_once():
    diagram = Diagram().start().user("a").xor("one").xor("two").user("b").end()
    diagram.at("two", when="again").to("one")

    assert named([diagram.xml], "a") == [((), "任务 b")]


def test_an_unknown_task_is_followed_by_nothing():
    assert shipped("interview", "nowhere") == ()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.bpmn")), ids=lambda path: path.stem)
def test_after_every_shipped_task_something_comes(path):
    source = path.read_bytes()
    tasks = [node.id for node in engine.describe(source).nodes if node.kind == "userTask"]
    files = [each.read_bytes() for each in SHIPPED.glob("*.bpmn") if each != path]

    assert tasks
    assert [task for task in tasks if not engine.ahead([source, *files], task)] == []

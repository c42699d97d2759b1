"""What SpiffWorkflow 3.2.0 silently gets wrong, and what becomes of it here.

The first half of each test shows the defect in the engine as it comes: when an upgrade makes
one fail, the defect is gone and our way round it can be looked at again.
"""

from __future__ import annotations

import datetime as dt
import io

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from app import engine
from app.engine import EngineError
from app.engine.bundle.compiling import Compiled
from app.engine.bundle.parsing import BundleParser
from app.engine.case import state
from app.engine.reading import parse
from tests.engine.diagrams import Diagram
from tests.engine.test_running import act
from tests.engine.untouched import StockEngine


def stock(diagram: Diagram, now: dt.datetime, **facts) -> StockEngine:
    return StockEngine(diagram.xml, "case", facts=facts, now=now)


def refusal(diagram: Diagram) -> tuple[str, str]:
    """Why our engine will not run a diagram, and about which element it says so."""
    with pytest.raises(EngineError) as refused:
        engine.compile_bundle([diagram.xml], "case")
    assert refused.value.code in {finding.code for finding in engine.check(diagram.xml)}
    return refused.value.code, refused.value.element


def test_a_condition_on_a_flow_that_leaves_a_task_is_ignored(now):
    diagram = Diagram().start().user("a").at("a", when="False").user("never").end()

    ride = stock(diagram, now)
    ride.complete("a", 0, {}, now)
    assert ride.seen() == (["never"], False)

    assert refusal(diagram) == ("condition_ignored", "case_f2")


def test_several_flows_out_of_a_task_are_not_understood(now):
    diagram = Diagram().start().user("a").user("b").end().at("a").user("c").end("e2")

    with pytest.raises(SpiffWorkflowException):
        stock(diagram, now)

    assert refusal(diagram) == ("several_flows", "a")


def test_a_user_task_called_end_is_skipped(now):
    diagram = Diagram().start().user("End").user("after").end()

    assert stock(diagram, now).seen() == ([], True)

    assert refusal(diagram) == ("id_reserved", "End")


def test_an_end_event_called_end_ends_the_case_while_a_branch_is_open(now):
    diagram = Diagram().start().both("s").user("a").end("End").at("s").user("b").end("e2")

    ride = stock(diagram, now)
    ride.complete("a", 0, {}, now)
    assert ride.workflow.completed
    assert [task.task_spec.name for task in ride.ready()] == ["b"]

    assert refusal(diagram) == ("id_reserved", "End")


def test_a_duration_without_quotes_is_taken_for_a_variable(now):
    diagram = Diagram().start().user("a").end().boundary("a", "t", after="PT1H").end("e2")

    with pytest.raises(Exception, match="PT1H"):
        stock(diagram, now)

    begun = engine.start(engine.compile_bundle([diagram.xml], "case"), {}, now=now)
    assert begun.timers[0].due_at == now + dt.timedelta(hours=1)


def test_an_empty_duration_fires_at_once(now):
    diagram = Diagram().start().wait("t", after="'P'").user("after").end()

    ride = stock(diagram, now)
    ride.refresh(now + dt.timedelta(seconds=1))
    assert ride.seen() == (["after"], False)

    with pytest.raises(EngineError):
        engine.start(engine.compile_bundle([diagram.xml], "case"), {}, now=now)
    assert [finding.code for finding in engine.check(diagram.xml)] == ["duration"]


def test_a_month_from_the_end_of_january_ends_in_march():
    start = dt.datetime(2027, 1, 31, tzinfo=dt.timezone.utc)
    month = TimerEventDefinition.get_timedelta_from_start({"months": 1}, start)

    assert start + month == dt.datetime(2027, 3, 3, tzinfo=dt.timezone.utc)

    diagram = Diagram().start().wait("t", after="P1M").user("after").end()
    assert [finding.code for finding in engine.check(diagram.xml)] == ["duration"]


def two_rounds() -> Diagram:
    """Two branches that must both be done, again and again."""
    diagram = Diagram().start().user("begin_again").both("s").user("a").both("j").xor("g").end()
    diagram.at("s").user("b").to("j")
    return diagram.at("g", when="again").to("begin_again")


def test_a_join_in_a_loop_fires_early_when_branches_come_in_another_order(now):
    ride = stock(two_rounds(), now, again=True)
    for node in ("begin_again", "a", "b", "begin_again", "b"):
        ride.complete(node, 0, {}, now)
    assert ride.seen() == (["a", "begin_again"], False)

    process = engine.compile_bundle([two_rounds().xml], "case")
    outcome = engine.start(process, {"again": True}, now=now)
    for node in ("begin_again", "a", "b", "begin_again", "b"):
        outcome = act(process, outcome, node, now)
    assert [step.node for step in engine.open_steps(process, outcome.state)] == ["a"]


def test_a_join_brings_back_what_a_branch_never_touched(now):
    diagram = Diagram().start().user("first").both("s").user("a").both("j").user("z").end()
    diagram.at("s").user("b").to("j")
    acts = [("first", {"approved": False}), ("a", {"approved": True}), ("b", {"opinion": "agreed"})]

    ride = stock(diagram, now)
    for node, facts in acts:
        ride.complete(node, 0, facts, now)
    assert ride.ready()[0].data["approved"] is False

    process = engine.compile_bundle([diagram.xml], "case")
    outcome = engine.start(process, {}, now=now)
    for node, facts in acts:
        outcome = act(process, outcome, node, now, **facts)
    seen = engine.facts_of(process, outcome.state, outcome.opened[0].id)
    assert seen == {"approved": True, "opinion": "agreed"}


def test_repeated_tasks_hang_when_the_parsers_own_objects_are_shared(now):
    diagram = Diagram().start().user("many", times=2).user("after").end()
    process = engine.compile_bundle([diagram.xml], "case")
    begun = engine.start(process, {}, now=now)

    parser = BundleParser()
    parser.add_bpmn_xml(parse(diagram.xml))
    raw = Compiled("case", process.digest, parser.get_spec("case"), {}, process.script_engine)
    workflow = state.load(begun.state, raw)
    for task in workflow.get_tasks(state=TaskState.READY):
        task.run()
    workflow.do_engine_steps()
    assert not workflow.get_tasks(state=TaskState.READY)

    outcome = begun
    for _ in range(2):
        outcome = act(process, outcome, "many", now)
    assert [step.node for step in outcome.opened] == ["after"]


def test_a_circle_of_gateways_is_called_finished_once_it_is_deep_enough(now):
    diagram = Diagram().start().user("a").xor("g").end().at("g", when="True").xor("h").to("g")

    ride = stock(diagram, now)
    ride.complete("a", 0, {}, now)
    assert ride.workflow.is_completed()
    assert any(task.state == TaskState.READY for task in ride.workflow.tasks.values())

    assert {finding.code for finding in engine.check(diagram.xml)} == {"endless"}


def long_line(count: int) -> Diagram:
    diagram = Diagram().start()
    for number in range(count):
        diagram.user(f"u{number}")
    return diagram.end()


def test_a_long_line_of_tasks_cannot_be_read(now):
    with pytest.raises((RecursionError, SpiffWorkflowException)):
        stock(long_line(600), now)

    assert refusal(long_line(600))[0] == "too_many_nodes"


def test_the_longest_line_allowed_is_read_even_deep_inside_a_server(now):
    def deep(frames: int):
        if frames:
            return deep(frames - 1)
        return engine.compile_bundle([long_line(248).xml], "case")

    assert engine.start(deep(150), {}, now=now).opened[0].node == "u0"


def test_a_signal_that_ends_is_a_plain_end(now):
    diagram = (
        Diagram().start().user("a").node("endEvent", "e", '<signalEventDefinition signalRef="s"/>')
    )
    file = diagram.file(more='<signal id="s" name="s"/>')
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(file))
    workflow = BpmnWorkflow(parser.get_spec("case"))
    workflow.do_engine_steps()
    workflow.get_tasks(state=TaskState.READY)[0].run()
    workflow.do_engine_steps()
    assert workflow.is_completed()
    assert workflow.get_events() == []

    (finding,) = engine.check(file)[:1]
    assert (finding.code, finding.element) == ("unsupported", "e")

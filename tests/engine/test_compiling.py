"""Bundles: what is found in them, what is refused, and that what is compiled may be shared."""

from __future__ import annotations

import threading

import pytest

from app import engine
from app.engine import EngineError
from tests.engine.decisions import table
from tests.engine.diagrams import Diagram

SMALL = Diagram("small").start().user("look").end()
CALLER = Diagram("caller").start().call("ask", "small").end()
LEVELS = table(["value"], ["level"], [(["< 70"], ["'high'"]), ([">= 70"], ["'low'"])])


def test_the_same_files_are_compiled_once_in_any_order():
    one = engine.compile_bundle([CALLER.xml, SMALL.xml], "caller")

    assert engine.compile_bundle([SMALL.xml, CALLER.xml], "caller") is one


def test_a_definition_is_named_by_the_files_it_uses():
    other = Diagram("other").start().user("else").end()
    alone = engine.compile_bundle([SMALL.xml], "small").digest

    assert engine.compile_bundle([SMALL.xml, other.xml], "small").digest == alone
    assert engine.compile_bundle([CALLER.xml, SMALL.xml], "small").digest == alone
    assert engine.compile_bundle([other.xml], "other").digest != alone
    changed = Diagram("small").start().user("look").user("again").end()
    assert engine.compile_bundle([changed.xml], "small").digest != alone


def test_what_an_unused_file_does_wrong_does_not_matter():
    wrong = Diagram("wrong").start().node("scriptTask", "script").end()

    assert engine.compile_bundle([SMALL.xml, wrong.xml], "small").process_id == "small"


def ring(*names: str) -> list[bytes]:
    pairs = zip(names, (*names[1:], names[0]), strict=True)
    return [Diagram(one).start().call(f"call_{one}", two).end().xml for one, two in pairs]


WRONG = {
    "nothing there": ([], "small", "missing", "small"),
    "no such process": ([SMALL.xml], "large", "missing", "large"),
    "called but not there": ([CALLER.xml], "caller", "missing", "ask"),
    "calls itself": (ring("a"), "a", "call_ring", "call_a"),
    "calls go in a ring": (ring("a", "b", "c"), "b", "call_ring", "call_a"),
    "calls too deep": (ring(*"abcdefghijkl"), "a", "call_ring", "call_j"),
    "there twice": ([SMALL.xml, SMALL.xml + b"\n"], "small", "defined_twice", "small"),
    "table not there": (
        [Diagram("p").start().rule("grade", "grading").end().xml],
        "p",
        "missing",
        "grade",
    ),
    "table there twice": ([SMALL.xml, LEVELS, LEVELS + b" "], "small", "defined_twice", "grading"),
    "not xml": ([b"<a"], "small", "file_xml", ""),
    "unsupported": (
        [Diagram("p").start().node("scriptTask", "script").end().xml],
        "p",
        "unsupported",
        "script",
    ),
    "reserved id": ([Diagram("p").start().user("End").end().xml], "p", "id_reserved", "End"),
    "too many nodes": (
        [
            _long.xml
            for _long in [Diagram("p").start()]
            if [_long.user(f"u{n}") for n in range(250)]
        ],
        "p",
        "too_many_nodes",
        "p",
    ),
    "condition without a gateway's default": (
        [
            Diagram("p")
            .start()
            .xor("g")
            .user("a")
            .end()
            .at("g")
            .to("done")
            .xml.replace(b"default", b"x")
        ],
        "p",
        "parse",
        None,
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_it_is_refused_and_says_where(case):
    files, process_id, code, element = WRONG[case]

    with pytest.raises(EngineError) as refused:
        engine.compile_bundle(files, process_id)

    assert refused.value.code == code
    assert element in {refused.value.element, None}


def test_a_called_process_and_a_decision_table_run_in_the_case(now):
    diagram = Diagram("p").start().rule("grade", "grading").call("ask", "small").user("after").end()
    compiled = engine.compile_bundle([diagram.xml, SMALL.xml, LEVELS], "p")

    begun = engine.start(compiled, {"value": 69.5}, now=now)
    after = engine.complete(compiled, begun.state, begun.opened[0].id, {"seen": True}, now=now)

    assert begun.passed == ("begin", "grade", "begin")
    assert after.passed == ("look", "done", "ask")
    assert engine.facts_of(compiled, after.state, after.opened[0].id) == {
        "value": engine.evaluate("69.5", {}),
        "level": "high",
        "seen": True,
    }


def test_a_table_that_gives_no_answer_names_the_table(now):
    diagram = Diagram("p").start().rule("grade", "grading").end()
    compiled = engine.compile_bundle([diagram.xml, LEVELS], "p")

    with pytest.raises(engine.DecisionError) as refused:
        engine.start(compiled, {"value": None}, now=now)

    assert refused.value.code == "no_rule"


def test_conditions_are_asked_in_the_order_of_the_file_not_of_the_drawing(now):
    diagram = Diagram("p").start().xor("g").user("other").end()
    diagram.at("g", when="value > 1").user("first").end("e1")
    diagram.at("g", when="value > 0").user("second").end("e2")
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{node}"><dc:Bounds x="0" y="{y}"/></bpmndi:BPMNShape>'
        for node, y in (("first", 500), ("second", 0))
    )
    drawn = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
        f'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">{shapes}</bpmndi:BPMNDiagram>'
    )
    compiled = engine.compile_bundle([diagram.file(more=drawn)], "p")

    assert engine.start(compiled, {"value": 2}, now=now).opened[0].node == "first"


def test_one_compiled_process_serves_many_threads(now):
    diagram = Diagram("p").start().user("many", times=3).rule("grade", "grading").user("last").end()
    compiled = engine.compile_bundle([diagram.xml, LEVELS], "p")
    ends: list[bool] = []

    def run() -> None:
        for _ in range(10):
            outcome = engine.start(compiled, {"value": 1}, now=now)
            while not outcome.finished:
                step = engine.open_steps(compiled, outcome.state)[0]
                outcome = engine.complete(compiled, outcome.state, step.id, {}, now=now)
            ends.append(outcome.finished)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ends == [True] * 40

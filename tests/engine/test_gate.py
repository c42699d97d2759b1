"""The publish gate: every finding, with the element it is about, all of them at once."""

from __future__ import annotations

import pytest

from app import engine
from app.engine import Severity
from tests.engine.decisions import table
from tests.engine.diagrams import BPMN, Diagram


def line(*, kind: str = "userTask", inner: str = "", **attributes: str) -> Diagram:
    """A start, one node `n`, an end."""
    given = {"wv:performer": "opener"} if kind == "userTask" else {}
    return Diagram().start().node(kind, "n", inner, **{**given, **attributes}).end()


def split(kind: str = "xor") -> Diagram:
    """A gateway `g` with a default way and a way on a condition."""
    diagram = Diagram().start()
    return getattr(diagram, kind)("g").user("a").end()


EVENT = {"kind": "intermediateCatchEvent"}
TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
HOUR = TIMER.format("PT1H")
MANY = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"
COUNT = MANY.format("<loopCardinality>{}</loopCardinality>")
NESTED = Diagram().start("b2").user("n", 8).end("e2")


def deep(levels: int) -> Diagram:
    inside = Diagram().start("b0").user("u0").end("e0")
    for level in range(1, levels):
        inside = Diagram().start(f"b{level}").sub(f"s{level - 1}", inside).end(f"e{level}")
    return Diagram().start().sub("outer", inside).end()


def waiting() -> Diagram:
    """One of two branches may end elsewhere, so the join `j` may wait for ever."""
    diagram = Diagram().start().both("s").user("a").xor("g").both("j").user("z").end()
    diagram.at("g", when="elsewhere").end("e2")
    return diagram.at("s").user("b").to("j")


def failing(cause: str, caught: str = "") -> Diagram:
    inside = Diagram().start("b2").user("u").end("failed", cause=cause)
    diagram = Diagram().start().sub("part", inside).end()
    return diagram.boundary("part", "caught", cause=caught).end("e3") if caught else diagram


FINDINGS = {
    "script task": (line(kind="scriptTask", inner="<script>1</script>"), "unsupported", "n"),
    "service task": (line(kind="serviceTask"), "unsupported", "n"),
    "send task": (line(kind="sendTask"), "unsupported", "n"),
    "receive task": (line(kind="receiveTask"), "unsupported", "n"),
    "manual task": (line(kind="manualTask"), "unsupported", "n"),
    "task of no kind": (line(kind="task"), "unsupported", "n"),
    "complex gateway": (line(kind="complexGateway"), "unsupported", "n"),
    "event gateway": (line(kind="eventBasedGateway"), "unsupported", "n"),
    "ad-hoc": (line(kind="adHocSubProcess"), "unsupported", "n"),
    "transaction": (line(kind="transaction"), "unsupported", "n"),
    "throwing event": (line(kind="intermediateThrowEvent"), "unsupported", "n"),
    "unheard of": (line(kind="quantumTask"), "unsupported", "n"),
    "data object": (line(inner='<ioSpecification id="io"/>'), "unsupported", "io"),
    "loop": (line(inner="<standardLoopCharacteristics/>"), "unsupported", "n"),
    "message": (line(**EVENT, inner="<messageEventDefinition/>"), "unsupported", "n"),
    "signal": (line(**EVENT, inner='<signalEventDefinition id="x"/>'), "unsupported", "n"),
    "link": (line(**EVENT, inner="<linkEventDefinition/>"), "unsupported", "n"),
    "compensation": (line(**EVENT, inner="<compensateEventDefinition/>"), "unsupported", "n"),
    "condition event": (line(**EVENT, inner="<conditionalEventDefinition/>"), "unsupported", "n"),
    "cancel": (line(**EVENT, inner="<cancelEventDefinition/>"), "unsupported", "n"),
    "cycle": (
        line(
            **EVENT,
            inner="<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>",
        ),
        "unsupported",
        "n",
    ),
    "event sub-process": (line(kind="subProcess", triggeredByEvent="true"), "unsupported", "n"),
    "for compensation": (line(isForCompensation="true"), "unsupported", "n"),
    "wrong cause": (line(**EVENT, inner="<terminateEventDefinition/>"), "event_cause", "n"),
    "two causes": (line(**EVENT, inner=HOUR + HOUR), "event_causes", "n"),
    "no cause": (line(**EVENT), "event_no_cause", "n"),
    "repeated by a fact": (line(inner=COUNT.format("units")), "repetition", "n"),
    "repeated never": (line(inner=COUNT.format("0")), "repetition", "n"),
    "repeated too often": (line(inner=COUNT.format("51")), "repetition", "n"),
    "repeated huge": (line(inner=COUNT.format("9" * 5000)), "repetition", "n"),
    "repeated for a list": (
        line(inner=MANY.format("<loopDataInputRef>units</loopDataInputRef>")),
        "repetition",
        "n",
    ),
    "repeated decision": (
        line(kind="businessRuleTask", inner=COUNT.format("2"), **{"wv:decision": "d"}),
        "repetition",
        "n",
    ),
    "repeated in a repetition": (Diagram().start().sub("s", NESTED, 8).end(), "repetition", "n"),
    "no start": (Diagram().node("userTask", "n").end(), "start_events", "case"),
    "two starts": (line().start("again").to("n"), "start_events", "case"),
    "condition after a task": (
        Diagram().start().user("a").at("a", when="x").user("b").end(),
        "condition_ignored",
        "case_f2",
    ),
    "two ways out of a task": (
        Diagram().start().user("a").end().at("a").end("e2"),
        "several_flows",
        "a",
    ),
    "reserved id": (Diagram().start().user("Root").end(), "id_reserved", "Root"),
    "id of a join": (Diagram().start().user("case_EndJoin").end(), "id_reserved", "case_EndJoin"),
    "id with a path": (Diagram().start().user("../../etc").end(), "id_form", "../../etc"),
    "id too long": (Diagram().start().user("a" * 65).end(), "id_form", "a" * 65),
    "id in Chinese": (Diagram().start().user("任务").end(), "id_form", "任务"),
    "id of a process again": (Diagram("n").start().user("n").end(), "id_twice", "n"),
    "long name": (line(name="长" * 201), "name_long", "n"),
    "hidden name": (line(name="正常\u202e反"), "name_hidden", "n"),
    "nobody": (line(**{"wv:performer": ""}), "attribute_value", "n"),
    "no performer": (
        Diagram().start().node("userTask", "n").end(),
        "performer_missing",
        "n",
    ),
    "no decision": (line(kind="businessRuleTask"), "decision_missing", "n"),
    "no call": (line(kind="callActivity"), "call_missing", "n"),
    "unknown attribute": (line(**{"wv:dueIn": "3"}), "attribute_unknown", "n"),
    "attribute elsewhere": (line(kind="callActivity", **{"wv:form": "x"}), "attribute_place", "n"),
    "unknown stage": (line(**{"wv:stage": "planning"}), "attribute_value", "n"),
    "unknown policy": (line(**{"wv:policy": "most"}), "attribute_value", "n"),
    "unknown party": (line(**{"wv:performer": "mayor"}), "attribute_value", "n"),
    "party without a role": (line(**{"wv:performer": "lead"}), "attribute_value", "n"),
    "post with a role": (line(**{"wv:performer": "convener/unit_head"}), "attribute_value", "n"),
    "form with a path": (line(**{"wv:form": "../../etc/passwd"}), "attribute_value", "n"),
    "too deep": (deep(6), "too_deep", "s0"),
    "not executable": (Diagram(isExecutable="false").start().end(), "not_executable", "case"),
    "condition unreadable": (
        split().at("g", when="a ===").to("done"),
        "syntax",
        "case_f4",
    ),
    "condition in another language": (
        split().at("g", when="${approved}").to("done"),
        "syntax",
        "case_f4",
    ),
    "condition that calls": (
        split().at("g", when="open('x')").to("done"),
        "function",
        "case_f4",
    ),
    "timer unreadable": (line(**EVENT, inner=TIMER.format("a b")), "syntax", "n"),
    "timer of a month": (line(**EVENT, inner=TIMER.format("P1M")), "duration", "n"),
    "timer of ages": (line(**EVENT, inner=TIMER.format("P99999999Y")), "duration", "n"),
    "timer without a time": (line(**EVENT, inner="<timerEventDefinition/>"), "timer", "n"),
    "error without a code": (failing("error:none", "error:A"), "error_code", "failed"),
    "error uncaught": (failing("error:A"), "uncaught", "failed"),
    "error caught as another": (failing("error:A", "error:B"), "uncaught", "failed"),
    "error caught as escalation": (failing("error:A", "escalation:A"), "uncaught", "failed"),
    "flow to nowhere": (line().at("n").to("nowhere"), "flow_broken", "case_f3"),
    "flow into the start": (split().at("g", when="x").to("begin"), "flow_into_start", "begin"),
    "flow out of the end": (line().at("done").user("late").end("e2"), "flow_out_of_end", "done"),
    "boundary on a gateway": (
        split().boundary("g", "t", after="PT1H").end("e2"),
        "boundary",
        "t",
    ),
    "boundary on nothing": (line().boundary("gone", "t", after="PT1H").end("e2"), "boundary", "t"),
    "error on a user task": (
        line().boundary("n", "t", cause="error:A").end("e2"),
        "boundary_error",
        "t",
    ),
    "unreachable": (line().at("island").user("island").end("e2"), "unreachable", "island"),
    "no way out": (split().at("g", when="x").user("stop"), "no_way_out", "stop"),
    "no way out of a circle": (
        Diagram().start().xor("g").end().at("g", when="x").user("a").user("b").to("a"),
        "no_way_out",
        "a",
    ),
    "no default": (
        Diagram().start().xor("g").at("g", when="x").end().at("g", when="not x").end("e2"),
        "default_missing",
        "g",
    ),
    "condition idle": (
        Diagram().start().xor("g").at("g", when="x").end(),
        "condition_idle",
        "case_f2",
    ),
    "condition after a split": (
        Diagram().start().both("g").end().at("g", when="x").end("e2"),
        "condition_idle",
        "case_f3",
    ),
    "endless": (
        Diagram().start().xor("g").end().at("g", when="x").xor("h").to("g"),
        "endless",
        "g",
    ),
    "endless through a sub-process": (
        Diagram()
        .start()
        .xor("g")
        .end()
        .at("g", when="x")
        .sub("s", Diagram().start("b2").end("e2"))
        .to("g"),
        "endless",
        "s",
    ),
    "inclusive on the way back": (
        Diagram().start().user("a").some("g").end().at("g", when="x").to("a"),
        "inclusive_round",
        "g",
    ),
    "two rounds at a join": (
        Diagram()
        .start()
        .user("a")
        .both("s")
        .xor("g")
        .end()
        .at("s")
        .both("s2")
        .user("b")
        .both("j")
        .end("e2")
        .at("s2")
        .user("c")
        .to("j")
        .at("g", when="again")
        .to("a"),
        "twice_joined",
        "b",
    ),
    "waits for ever": (waiting(), "waits_forever", "j"),
    "waits for one of two ways": (
        Diagram().start().xor("g").both("j").end().at("g", when="x").user("a").to("j"),
        "waits_forever",
        "j",
    ),
}


def errors(xml: bytes, **known) -> list[tuple[str, str]]:
    return [(f.code, f.element) for f in engine.check(xml, **known) if f.severity is Severity.ERROR]


@pytest.mark.parametrize("case", FINDINGS)
def test_it_is_found(case):
    diagram, code, element = FINDINGS[case]

    assert (code, element) in errors(diagram.xml)


@pytest.mark.parametrize("case", FINDINGS)
def test_it_is_said_by_name_in_a_sentence(case):
    diagram, code, element = FINDINGS[case]
    (said,) = {
        str(f.message) for f in engine.check(diagram.xml) if (f.code, f.element) == (code, element)
    }

    assert said.endswith(".")
    assert "%(" not in said
    assert "“" in said


ACCEPTED = {
    "nothing to do": Diagram().start().end(),
    "a task": line(),
    "a review": Diagram().start().user("a").xor("g").end().at("g", when="again").to("a"),
    "a parallel review": Diagram()
    .start()
    .user("a")
    .both("s")
    .user("b")
    .both("j")
    .xor("g")
    .end()
    .at("s")
    .user("c")
    .to("j")
    .at("g", when="again")
    .to("a"),
    "inclusive": split("some").at("g", when="x").user("b").to("done"),
    "a reminder": line().boundary("n", "t", after="P3D", interrupts=False).user("l").end("e2"),
    "a pause": line(**EVENT, inner=HOUR),
    "a fact as time": line(**EVENT, inner=TIMER.format("'P3D' if urgent else 'P7D'")),
    "a caught error": failing("error:A", "error:A"),
    "repetition": line(inner=COUNT.format("50")),
    "five deep": deep(5),
    "a call": Diagram().start().call("c", "other").end(),
    "a decision": Diagram().start().rule("r", "grading_tanghe").end(),
    "all attributes": Diagram(**{"wv:title": "风险", "wv:titleEn": "Risk"})
    .start()
    .user(
        "n",
        performer="lead_and_co/unit_liaison",
        policy="all",
        deadline="sign_for",
        ladder="standard",
        stage="supervision",
        effect="sign_item",
        nameEn="Sign for",
    )
    .end(),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_it_is_accepted(case):
    assert engine.check(ACCEPTED[case].xml) == []


def test_everything_is_said_at_once_and_in_order():
    diagram = Diagram().start().node("scriptTask", "s").user("End", stage="x").xor("g").end()
    xml = diagram.at("g", when="a b").user("stop").xml
    found = errors(xml)

    places = [xml.index(f'id="{element}"'.encode()) for _code, element in found]
    assert places == sorted(places)
    assert sorted(found) == [
        ("attribute_value", "End"),
        ("id_reserved", "End"),
        ("no_way_out", "stop"),
        ("syntax", "case_f5"),
        ("unsupported", "s"),
    ]


KNOWN = {
    "forms": ("form", "form_unknown"),
    "effects": ("effect", "effect_unknown"),
    "deadlines": ("deadline", "deadline_unknown"),
}


@pytest.mark.parametrize("what", KNOWN)
def test_what_is_named_must_exist(what):
    attribute, code = KNOWN[what]
    diagram = Diagram().start().user("n", **{"form": "note", attribute: "sign_for"}).end()

    assert errors(diagram.xml) == []
    assert errors(diagram.xml, **{what: {"sign_for", "note"}}) == []
    assert (code, "n") in errors(diagram.xml, **{what: {"other"}})


def test_where_forms_are_known_each_task_names_one():
    diagram = line()

    assert errors(diagram.xml) == []
    assert errors(diagram.xml, forms={"note"}) == [("form_missing", "n")]


def test_a_decision_must_exist():
    diagram = Diagram().start().rule("r", "grading").end()

    assert errors(diagram.xml, decisions_known={"grading"}) == []
    assert errors(diagram.xml, decisions_known=set()) == [("decision_unknown", "r")]


def test_a_condition_asks_for_facts_that_something_gives():
    diagram = split().at("g", when="amount > 1 and kind == 'x'").to("done")

    assert errors(diagram.xml) == []
    assert errors(diagram.xml, facts={"amount", "kind"}) == []
    assert errors(diagram.xml, facts={"amount"}) == [("fact_unknown", "case_f4")]


def test_what_other_tools_add_is_listed_and_not_refused():
    extra = (
        '<extensionElements xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
        '<camunda:script>import os</camunda:script><scriptTask id="s"/></extensionElements>'
    )
    xml = line(inner=extra).xml.replace(
        b'id="definitions"', b'id="definitions" xmlns:z="urn:zeebe" z:v="8"'
    )
    found = engine.check(xml)

    assert [(f.code, f.severity) for f in found] == [("vendor", Severity.NOTICE)] * 2
    assert "http://camunda.org/schema/1.0/bpmn" in str(found[1].message)


@pytest.mark.parametrize(
    ("colour", "wrong"),
    [("#fff", False), ("red", False), ("url(http://127.0.0.1/x)", True), ("#fff;x", True)],
)
def test_a_colour_cannot_call_out(colour, wrong):
    drawing = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0">'
        f'<bpmndi:BPMNShape id="shape" bpmnElement="n" bioc:stroke="{colour}"/>'
        "</bpmndi:BPMNDiagram>"
    )

    assert (("colour", "shape") in errors(line().file(more=drawing))) is wrong


def test_what_only_the_engines_own_reader_notices_is_said_too():
    xml = line().file(more='<escalation escalationCode="x"/>')

    assert errors(xml) == [("parse", "case")]


def test_a_file_may_have_no_id():
    xml = line().xml.replace(b'id="definitions"', b'xmlns:z="urn:z" z:v="1"')

    assert [(f.code, f.element) for f in engine.check(xml)] == [("vendor", "")]


def test_two_of_the_same_at_once_are_only_mentioned():
    diagram = Diagram().start().both("s").xor("m").user("twice").end().at("s").to("m")

    assert [(f.code, f.element, f.severity) for f in engine.check(diagram.xml)] == [
        ("twice", "twice", Severity.NOTICE)
    ]


def test_an_error_for_the_calling_process_is_only_mentioned():
    diagram = Diagram().start().user("a").end("failed", cause="error:A")

    assert [(f.code, f.severity) for f in engine.check(diagram.xml)] == [
        ("outward", Severity.NOTICE)
    ]


def test_too_many_ways_are_not_all_tried():
    diagram = Diagram().start().both("s").user("x").both("j").end()
    for branch in range(8):
        diagram.at("s")
        for number in range(8):
            diagram.user(f"u{branch}_{number}")
        diagram.to("j")

    assert [(f.code, f.severity) for f in engine.check(diagram.xml)] == [("ways", Severity.NOTICE)]


def test_a_file_may_hold_only_as_much_as_a_case_can_carry():
    crowd = Diagram().start()
    for number in range(249):
        crowd.user(f"u{number}")
    tangle = Diagram().start().both("g").end()
    for _ in range(1000):
        tangle.at("g").to("done")

    assert errors(crowd.end().xml) == [("too_many_nodes", "definitions")]
    assert errors(tangle.xml) == [("too_many_flows", "definitions")]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "file_xml"),
        (b"<html/>", "not_bpmn"),
        (f'<definitions xmlns="{BPMN}" id="d"/>'.encode(), "no_process"),
        (f'<process xmlns="{BPMN}" id="d"/>'.encode(), "not_bpmn"),
        (b"<!DOCTYPE x><x/>", "file_doctype"),
    ],
)
def test_a_file_that_is_something_else_is_said_so(xml, code):
    assert [finding.code for finding in engine.check(xml)] == [code]


LEVELS = [(["< 70"], ["'high'"]), ([">= 70"], ["'low'"])]

TABLES = {
    "policy": (table(["v"], ["o"], LEVELS, policy="COLLECT"), "grading"),
    "rules": (table(["v"], ["o"], []), "grading"),
    "outputs": (table(["v"], [], [(["1"], [])]), "grading"),
    "cells": (table(["v"], ["o"], [(["1", "2"], ["3"])]), "r1"),
    "syntax": (table(["v"], ["o"], [(["< "], ["3"])]), "t1_1"),
    "forbidden": (table(["v"], ["o"], [(["1"], ["a.b"])]), "e1_1"),
    "empty": (table([""], ["o"], [(["1"], ["1"])]), "x1"),
    "id_twice": (table(["v"], ["o"], LEVELS).replace(b'id="r2"', b'id="r1"'), "r1"),
    "tables": (table(["v"], ["o"], LEVELS).replace(b"decisionTable", b"context"), "d"),
}


@pytest.mark.parametrize("code", TABLES)
def test_a_wrong_decision_table_is_found(code):
    xml, element = TABLES[code]

    assert errors(xml) == [(code, element)]


def test_a_table_may_have_as_many_rules_as_people_can_read():
    rules = [([f"{number}"], ["1"]) for number in range(501)]

    assert errors(table(["v"], ["o"], rules)) == [("rules", "grading")]
    assert errors(table(["v"], ["o"], rules[:500])) == []

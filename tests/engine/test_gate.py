"""The publish gate: every finding, with the element it is about, all of them at once."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from app import engine
from app.config import ROOT
from app.engine import Severity
from tests.engine.diagrams import BPMN, Diagram
from tests.engine.findings import (
    COUNT,
    EVENT,
    FINDINGS,
    HOUR,
    TIMER,
    deep,
    errors,
    failing,
    line,
    split,
)

HAN = re.compile(r"[\u4e00-\u9fff]")


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


def test_a_called_process_must_exist_and_not_come_back():
    caller = Diagram("caller").start().call("ask", "other").end().xml

    assert errors(caller) == []
    assert errors(caller, processes={"other": ["third"], "third": []}) == []
    assert errors(caller, processes={"third": []}) == [("call_unknown", "ask")]
    ring = {"other": ["third"], "third": ["caller"], "caller": []}
    assert errors(caller, processes=ring) == [("call_ring", "ask")]


def test_every_sentence_of_the_gate_is_there_in_chinese():
    path = ROOT / "app" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        chinese = {message.id: message.string for message in read_po(file)}
    found = [each for diagram, *_ in FINDINGS.values() for each in engine.check(diagram.xml)]
    texts = [each.message for each in found]
    texts += [text.values["problem"] for text in texts if "problem" in text.values]

    assert all(HAN.search(chinese[t.msgid]) for t in texts if "problem" not in t.values)
    assert len({text.msgid for text in texts}) > 50


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


def test_a_circle_of_timers_is_only_mentioned():
    diagram = Diagram().start().wait("w", after="PT1H").xor("g").end().at("g", when="x").to("w")

    assert {(f.code, f.element, f.severity) for f in engine.check(diagram.xml)} == {
        ("polling", "w", Severity.NOTICE),
        ("polling", "g", Severity.NOTICE),
    }


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

"""Decision tables: the tests in their cells, their hit policies, and what a wrong one says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import engine
from app.engine import DecisionError, EngineError, ExpressionError
from app.engine.language import unary
from app.engine.language.values import inward
from tests.engine.decisions import DMN, table
from tests.engine.diagrams import Diagram

FACTS = {"high": 85, "low": 70, "word": "medium", "words": ["a", "b"], **unary.LITERALS}

TESTS = [
    ("-", 5, True),
    ("", None, True),
    ("  - ", "x", True),
    ("< 70", 69, True),
    ("< 70", 70, False),
    ("<= 70", Decimal("70.0"), True),
    (">low", 71, True),
    (">= high", 85, True),
    ("[70..85)", 70, True),
    ("[70..85)", 85, False),
    ("(70..85]", 70, False),
    ("(70..85]", 85, True),
    ("[low..high]", 84.999, True),
    ("[0.1..0.3]", Decimal("0.3"), True),
    ("< 10, [20..30], 40", 25, True),
    ("< 10, [20..30], 40", 15, False),
    ("< 10, [20..30], 40", 40, True),
    ('"high","medium"', "medium", True),
    ('"high","medium"', "low", False),
    ('"a, b"', "a, b", True),
    ("'not(x)'", "not(x)", True),
    ("word", "medium", True),
    ("words", "b", True),
    ('("x", "y")', "y", True),
    ("not(5, 6)", 7, True),
    ("not(5, 6)", 6, False),
    ("not(< 5)", 4, False),
    ("not (null)", 4, True),
    ("not(null)", None, False),
    ("null", None, True),
    ("true", True, True),
    ("false", True, False),
    ("-5", -5, True),
    ("max(low, high)", 85, True),
    ("< max(low, high)", 84, True),
    ("60 < ? < 90", 75, True),
    ("? > 1 and ? < 3", 2, True),
    ("? > 1 and ? < 3", 4, False),
    ('"?"', "?", True),
    ("< 70", None, False),
    ("[1..2]", None, False),
    ("5", None, False),
    ("not(5)", None, True),
]


@pytest.mark.parametrize(("text", "value", "passes"), TESTS)
def test_a_cell_lets_through(text, value, passes):
    assert unary.read(text)(inward(value), FACTS) is passes


UNREADABLE = ["<", "< ", "<> 5", "< = 5", "[1..", "1..2", "[..]", "not(", "not()", ",", "1,,2", "'"]
UNREADABLE += ["x y", "a.b", "__import__('os')", "=5", "!= 5", "x" * 1001, "<" * 500, "[" * 300]


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_cell_that_says_nothing_readable_is_refused(text):
    with pytest.raises(ExpressionError):
        unary.read(text)


@given(st.text("-<>=[]().,0123456789\"' ?notax", max_size=30), st.integers() | st.none())
def test_any_cell_gives_an_answer_or_our_own_error(text, value):
    try:
        answer = unary.read(text)(value and inward(value % 100), FACTS)
    except ExpressionError:
        answer = False

    assert answer in {True, False}


LEVELS = [(["< 70"], ['"high"']), (["[70..85)"], ['"medium"']), (["-"], ['"low"'])]


def test_the_first_rule_that_applies_decides_and_says_why():
    found = engine.decide(table(["value"], ["level"], LEVELS, policy="FIRST"), {"value": 71})

    assert found == engine.Decision({"level": "medium"}, "r2", "rule 2")


@given(st.decimals(0, 100, places=2))
def test_grading_by_a_table_is_grading_by_its_words(value):
    expected = "high" if value < 70 else "medium" if value < 85 else "low"
    found = engine.decide(table(["value"], ["level"], LEVELS, policy="FIRST"), {"value": value})

    assert found.outputs == {"level": expected}


def test_a_unique_table_refuses_to_choose():
    with pytest.raises(DecisionError) as refused:
        engine.decide(table(["value"], ["level"], LEVELS), {"value": 71})

    assert (refused.value.code, refused.value.element) == ("two_rules", "grading")


@pytest.mark.parametrize("policy", [None, "UNIQUE"])
def test_a_table_without_a_policy_is_unique(policy):
    rules = [(["< 70"], ['"high"', "1 + 1"]), ([">= 70"], ['"low"', ""])]
    found = engine.decide(table(["value"], ["level", "n"], rules, policy=policy), {"value": 70})

    assert found.outputs == {"level": "low", "n": None}


def test_no_rule_is_an_error():
    with pytest.raises(DecisionError) as refused:
        engine.decide(table(["value"], ["level"], LEVELS[:1]), {"value": 71})

    assert refused.value.code == "no_rule"


def test_outputs_may_be_worked_out_from_the_inputs():
    rules = [(["-", "-"], ["数值 - base"])]
    found = engine.decide(table(["数值", "base"], ["change"], rules), {"数值": 0.3, "base": 0.1})

    assert found.outputs == {"change": Decimal("0.2")}


def test_annotations_speak_where_there_is_no_description():
    xml = table(["value"], ["level"], LEVELS[:1]).replace(
        b"<description>rule 1</description>",
        b"<annotationEntry><text>one</text></annotationEntry>"
        b"<annotationEntry><text>two</text></annotationEntry>",
    )

    assert engine.decide(xml, {"value": 1}).rule_text == "one; two"


WRONG = {
    "policy": table(["v"], ["o"], LEVELS, policy="COLLECT"),
    "incomplete": table(["v"], ["o"], []),
    "cells": table(["v", "w"], ["o"], LEVELS),
    "syntax": table(["v"], ["o"], [(["< "], ["1"])]),
    "forbidden": table(["v"], ["o"], [(["-"], ["a.b"])]),
    "unknown": table(["missing"], ["o"], LEVELS),
    "type": table(["v"], ["o"], [(["< 'x'"], ["1"])]),
    "tables": table(["v"], ["o"], LEVELS).replace(b"decisionTable", b"literalExpression"),
    "not_dmn": Diagram().start().end().xml,
    "file_xml": b"<definitions",
    "file_doctype": b'<!DOCTYPE x [<!ENTITY a "b">]><definitions/>',
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_table_is_an_error_of_ours(code):
    with pytest.raises(EngineError) as refused:
        engine.decide(WRONG[code], {"v": 71})

    assert refused.value.code == code


def test_two_outputs_need_two_names():
    xml = table(["v"], ["o"], LEVELS).replace(b'name="o"', b"")

    with pytest.raises(DecisionError) as refused:
        engine.decide(xml, {"v": 1})
    assert refused.value.code == "incomplete"


@pytest.mark.parametrize(
    "version",
    [
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_other_editions_of_the_format_are_read_too(version):
    xml = table(["v"], ["o"], LEVELS, policy="FIRST").replace(DMN.encode(), version.encode())

    assert engine.decide(xml, {"v": 1}).outputs == {"o": "high"}

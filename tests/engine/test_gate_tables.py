"""The publish gate on decision tables."""

from __future__ import annotations

import pytest

from tests.engine.decisions import table
from tests.engine.findings import errors

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

"""Answers are taken whole, as plain JSON, or refused with a sentence per field."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import forms
from app.errors import Invalid
from tests.forms.samples import EVERYTHING, field, form

CONTEXT = forms.Context(
    today=date(2026, 7, 15),
    units={"ZJJ", "RSJ"},
    persons={"zjj_unit_handler"},
    indicators={"I02"},
    rounds={"2026H1"},
)
FULL = {
    "decision": "back",
    "reason": "  材料不全，\r\n请补充  ",
    "ground": "late",
    "short": "一二三四五",
    "tags": ["blue", "red"],
    "day": "2026-07-15",
    "held": "2026-07-15",
    "percent": "80",
    "points": "1E+1",
    "agreed": "on",
    "measures": [{"text": "开展排查", "due": "2026-08-01", "units": ["RSJ"], "major": True}],
    "unit": "ZJJ",
    "copies": ["ZJJ", "RSJ"],
    "readers": ["zjj_unit_handler"],
    "handler": "zjj_unit_handler",
    "indicator": "I02",
    "level": "high",
    "round": "2026H1",
}

NUMBER = "Please enter a number with at most six decimal places."
A_DATE = "Please enter a date such as 2026-07-15."
UNKNOWN = "This form has no such field."
ROW_BY_ROW = "Please fill in this table row by row."
LETTERS = "Please remove the invisible or control characters."
FILL_IN = "Please fill in this field."


def taken(answers: Any) -> forms.Answers:
    return forms.checked(EVERYTHING, answers, context=CONTEXT)


def refused(answers: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        taken(answers)
    return {name: str(text) for name, text in refusal.value.fields.items()}


def attempt(answers: Any) -> tuple[forms.Answers | None, dict[str, Any]]:
    try:
        return taken(answers), {}
    except Invalid as refusal:
        return None, refusal.fields


def test_every_type_comes_out_as_plain_json():
    assert taken(FULL) == FULL | {
        "reason": "材料不全，\n请补充",
        "percent": 80,
        "points": "10",
        "agreed": True,
    }


def test_what_was_left_out_is_there_as_nothing():
    assert taken({"decision": "go"}) == {
        "decision": "go",
        "reason": None,
        "ground": None,
        "short": None,
        "tags": [],
        "day": None,
        "held": None,
        "percent": None,
        "points": None,
        "agreed": False,
        "measures": [],
        "unit": None,
        "copies": [],
        "readers": [],
        "handler": None,
        "indicator": None,
        "level": None,
        "round": None,
    }


@pytest.mark.parametrize(
    ("answers", "place", "sentence"),
    [
        ({"decision": None}, "decision", FILL_IN),
        ({"decision": "  "}, "decision", FILL_IN),
        ({"decision": "stay"}, "decision", "Please choose one of the answers offered."),
        ({"decision": ["go", "back"]}, "decision", "Please choose one of the answers offered."),
        ({"reason": ""}, "reason", FILL_IN),
        ({"reason": "不全"}, "reason", "Please write at least 4 characters."),
        ({"short": "一二三四五六"}, "short", "Please write at most 5 characters."),
        ({"short": "a\nb"}, "short", LETTERS),
        ({"short": "a\x00"}, "short", LETTERS),
        ({"short": "\ud800"}, "short", LETTERS),
        ({"short": "\u202etxt"}, "short", LETTERS),
        ({"short": 5}, "short", "Please enter text."),
        ({"tags": ["green"]}, "tags", "Please choose from the answers offered."),
        ({"tags": "red"}, "tags", "Please choose from the answers offered."),
        ({"tags": [1]}, "tags", "Please choose from the answers offered."),
        ({"tags": ["red", "red"]}, "tags", "Please name each entry only once."),
        ({"day": "15.7.2026"}, "day", A_DATE),
        ({"day": "2026-07-14"}, "day", "This day has already passed."),
        ({"day": "2031-01-01"}, "day", "Please choose a day not after 2030-12-31."),
        ({"held": "2026-07-16"}, "held", "This day is yet to come."),
        ({"held": "1948-12-31"}, "held", "Please choose a day not before 1949-10-01."),
        ({"day": "9999-01-01"}, "day", A_DATE),
        ({"percent": "101"}, "percent", "Please enter a number not above 100."),
        ({"percent": -1}, "percent", "Please enter a number not below 0."),
        ({"percent": 12.5}, "percent", "Please enter a whole number."),
        ({"percent": "9" * 5000}, "percent", "Please enter a whole number."),
        ({"percent": True}, "percent", "Please enter a whole number."),
        ({"points": "0.4"}, "points", "Please enter a number not below 0.5."),
        ({"points": "NaN"}, "points", NUMBER),
        ({"points": "1e13"}, "points", NUMBER),
        ({"points": "1.0000001"}, "points", NUMBER),
        ({"agreed": "perhaps"}, "agreed", "Please answer yes or no."),
        ({"measures": "all"}, "measures", ROW_BY_ROW),
        ({"measures": ["all"]}, "measures.0", ROW_BY_ROW),
        ({"measures": [{"text": "x"}]}, "measures.0.due", FILL_IN),
        ({"measures": [{"text": "x", "due": "soon"}]}, "measures.0.due", A_DATE),
        ({"measures": [{"text": "x", "cost": "1"}]}, "measures.0.cost", UNKNOWN),
        (
            {"measures": [{"units": ["XX"]}]},
            "measures.0.units",
            "Please choose units from the list.",
        ),
        (
            {"measures": [{"text": "x", "due": "2026-08-01"}] * 4},
            "measures",
            "Too many rows: at most 3 fit.",
        ),
        ({"unit": "XX"}, "unit", "Please choose a unit from the list."),
        ({"copies": ["XX"]}, "copies", "Please choose units from the list."),
        ({"handler": "admin"}, "handler", "Please choose a person from the list."),
        ({"readers": ["admin"]}, "readers", "Please choose people from the list."),
        ({"indicator": "I99"}, "indicator", "Please choose an indicator from the list."),
        ({"level": "extreme"}, "level", "Please choose one of the answers offered."),
        ({"round": "1999"}, "round", "Please choose an assessment round from the list."),
        ({"approved_by": "me"}, "approved_by", UNKNOWN),
    ],
)
def test_what_is_wrong_is_said_at_its_place(answers, place, sentence):
    assert refused(FULL | answers)[place] == sentence


def test_a_question_that_is_not_asked_takes_no_answer():
    answers = taken(FULL | {"decision": "go", "ground": None, "reason": "typed before changing"})

    assert answers["reason"] is None


def test_an_option_is_open_only_beside_its_condition():
    assert "ground" in refused(FULL | {"decision": "go", "ground": "late"})
    assert taken(FULL | {"decision": "go", "ground": "other"})["ground"] == "other"


def test_records_are_not_looked_up_without_a_list_of_them():
    answers = {"decision": "go", "unit": "ANY"}

    assert forms.checked(EVERYTHING, answers, context=forms.Context())["unit"] == "ANY"


def test_a_box_that_must_be_ticked():
    consent = form(field("checked", "boolean", required=True))
    context = forms.Context()

    for answers in ({}, {"checked": False}, {"checked": None}):
        with pytest.raises(Invalid) as refusal:
            forms.checked(consent, answers, context=context)
        assert str(refusal.value.fields["checked"]) == "Please tick this box to go on."
    assert forms.checked(consent, {"checked": True}, context=context) == {"checked": True}


def test_a_required_table_needs_a_row_and_a_required_list_an_entry():
    needy = form(
        field("rows", "table", required=True, columns=[field("text", "text", required=True)]),
        field("units", "units", required=True),
    )
    with pytest.raises(Invalid) as refusal:
        forms.checked(needy, {"rows": [], "units": []}, context=forms.Context())

    assert {name: str(text) for name, text in refusal.value.fields.items()} == {
        "rows": "Too few rows: at least 1 needed.",
        "units": FILL_IN,
    }


def test_a_draft_may_be_unfinished_but_not_wrong():
    unfinished = {"reason": "x", "measures": [{"text": "开展排查"}]}

    kept = forms.draft(EVERYTHING, {"decision": "back"} | unfinished, context=CONTEXT)

    assert kept["reason"] == "x"
    assert kept["measures"] == [{"text": "开展排查", "units": [], "due": None, "major": False}]
    for wrong in ({"short": "一二三四五六"}, {"approved_by": "me"}):
        with pytest.raises(Invalid):
            forms.draft(EVERYTHING, wrong, context=CONTEXT)


def test_facts_are_only_what_the_form_flags():
    assert forms.facts(EVERYTHING, taken(FULL)) == {"decision": "back", "percent": 80}


def test_answers_that_are_no_mapping_are_refused():
    assert refused(["decision"]) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
NAMES = st.sampled_from([asked.name for asked in EVERYTHING.fields])


@given(st.dictionaries(NAMES | st.text(), JSON | st.sampled_from(list(FULL.values()))))
def test_any_answers_are_either_taken_or_refused(answers):
    checked, problems = attempt(answers)

    assert (checked is None) == bool(problems)
    if checked is not None:
        assert orjson.loads(orjson.dumps(checked)) == checked
        assert set(checked) == {asked.name for asked in EVERYTHING.fields}
        assert taken(checked) == checked


@given(st.text().filter(lambda name: EVERYTHING.field(name) is None), JSON)
def test_an_unknown_field_is_always_refused(name, value):
    assert refused(FULL | {name: value}) == {name: UNKNOWN}


def test_deeply_nested_answers_are_refused():
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]

    assert "tags" in refused(FULL | {"tags": deep})

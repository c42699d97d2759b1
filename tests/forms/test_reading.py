"""Form files are read strictly: what is wrong is named with file and field."""

from __future__ import annotations

import pytest

from app import forms
from tests.forms.samples import field, option, source

CHOICE = field("decision", "choice", options=[option("go"), option("back")])


def refused(text: bytes) -> str:
    with pytest.raises(forms.FormError) as refusal:
        forms.read(text, name="sample.json")
    return str(refusal.value.text)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ([], "fields: Length must be between 1 and 60."),
        ([field("a", "colour")], "fields.0.type: Must be one of"),
        ([field("a", "text", pattern=".*")], "fields.0.pattern: Unknown field."),
        ([field("a", "text", label="")], "fields.0.label: Shorter than minimum length 1."),
        ([field("a b", "text")], "a b: not a plain name"),
        ([field("甲", "text")], "甲: not a plain name"),
        ([field("a", "text"), field("a", "date")], "a: asked twice"),
        ([field("a", "choice")], "a: a choice needs options"),
        ([field("a", "text", options=[option("x")])], "a: a text has no options"),
        ([field("a", "choice", options=[option("x"), option("x")])], "an option is offered twice"),
        ([field("a", "table")], "a: a table, and only a table, has columns"),
        ([field("a", "text", columns=[field("b", "text")])], "only a table, has columns"),
        ([field("a", "table", columns=[field("b", "table")])], "a.b: a table cannot stand in"),
        ([field("a", "table", columns=[field("b c", "text")])], "a.b c: not a plain name"),
        ([field("a", "table", columns=[field("b", "text", fact=True)])], "fact: Unknown field."),
        ([field("a", "text", fact=True)], "a: a text cannot be a fact"),
        ([field("a", "date", min_length=3)], "a: min_length is for texts"),
        ([field("a", "text", min_length=30, max_length=20)], "a: min_length is for texts"),
        ([field("a", "text", max_length=100_000)], "fields.0.max_length: Must be greater"),
        ([field("a", "text", min=3)], "min, max: a text has no lowest or highest answer"),
        ([field("a", "date", min="soon")], "min, max: Invalid isoformat string"),
        ([field("a", "decimal", max="many")], "sample.json: min, max:"),
        ([field("a", "text", help="说明")], "a: the English words are missing"),
        ([field("a", "text", show_if={"field": "a", "equals": "x"})], "no earlier choice or box"),
        ([field("a", "text", show_if={"field": "a"})], "needs either equals or in"),
        ([CHOICE, field("a", "text", show_if={"field": "decision", "equals": "no"})], "cannot be"),
        ([CHOICE, field("a", "text", show_if={"field": "decision", "equals": 3})], "true or false"),
        ([CHOICE, field("a", "text", required_if={"field": "decision", "in": []})], "Shorter than"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_where_it_does_not(fields, problem):
    message = refused(source(*fields))

    assert message.startswith("sample.json: ")
    assert problem in message


def test_broken_json_is_refused():
    assert refused(b'{"key": ').startswith("sample.json: not readable as JSON")


def test_a_key_that_is_no_plain_name_is_refused():
    assert "key: '样表' is not a plain name" in refused(source(CHOICE, key="样表"))


def test_a_table_with_fewer_rows_allowed_than_needed_is_refused():
    rows = field("a", "table", columns=[field("b", "text")], min_rows=5, max_rows=2)

    assert "a: min_rows is above max_rows" in refused(source(rows))


def test_a_column_cannot_offer_options_conditionally():
    cell = field(
        "c", "choice", options=[option("x", show_if={"field": "decision", "equals": "go"})]
    )

    assert "conditions belong to fields" in refused(
        source(CHOICE, field("a", "table", columns=[cell]))
    )


def test_a_condition_may_ask_for_a_ticked_box():
    form = forms.read(
        source(
            field("major", "boolean"),
            field("why", "text", show_if={"field": "major", "equals": True}),
        )
    )

    assert [asked.name for asked in form.shown({"major": "on"})] == ["major", "why"]
    assert [asked.name for asked in form.shown({"major": False})] == ["major"]


def test_a_question_behind_a_hidden_question_is_hidden_too():
    asked_if = {"field": "decision", "equals": "back"}
    box = field("box", "boolean", show_if=asked_if)
    why = field("why", "text", show_if={"field": "box", "equals": True})
    form = forms.read(source(CHOICE, box, why))

    assert [asked.name for asked in form.shown({"decision": "go", "box": True})] == ["decision"]


def test_the_words_follow_the_language():
    form = forms.read(source(field("a", "level", label="等级", label_en="Level")))
    asked = form.fields[0]

    assert (forms.label(asked, "zh_Hans_CN"), forms.label(asked, "en")) == ("等级", "Level")
    assert [forms.label(choice, "zh") for choice in asked.options] == ["高风险", "中风险", "低风险"]
    assert asked.option("low").label.said("en") == "Low"
    assert asked.option("none") is None


def test_a_file_is_found_by_its_key(tmp_path):
    (tmp_path / "sample.json").write_bytes(source(CHOICE))
    (tmp_path / "other.json").write_bytes(source(CHOICE))

    assert forms.load("sample", tmp_path).title.zh == "样表"
    for key, problem in (
        ("missing", "There is no form missing."),
        ("../sample", "There is no form ../sample."),
        ("other", "other.json: the key must be the file's name."),
    ):
        with pytest.raises(forms.FormError) as refusal:
            forms.load(key, tmp_path)
        assert str(refusal.value.text) == problem

"""A third county is one more file; a file with a mistake is refused with the field's name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.errors import Invalid
from app.rules.profiles import available, load, parse, read
from app.rules.profiles.reading import SHIPPED


def third_county(folder: Path, **changes) -> Path:
    data = read(SHIPPED / "tanghe.json") | {
        "key": "third",
        "code": "SX",
        "name": "第三县机制",
        "name_en": "A third county",
        **changes,
    }
    file = folder / "third.json"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return file


def test_a_third_county_is_a_new_file_and_nothing_else(tmp_path):
    third_county(tmp_path, trigger_levels=["high", "medium", "low"], urgent_report=False)

    county = load("third", tmp_path)

    assert list(available(tmp_path)) == ["third"]
    assert (county.name, county.trigger_levels) == ("第三县机制", ("high", "medium", "low"))
    assert county.facts()["urgent_report"] is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"trigger_levels": ["extreme"]}, "trigger_levels.0"),
        ({"trigger_levels": []}, "trigger_levels"),
        ({"notice_approval": "perhaps"}, "notice_approval"),
        ({"key": "Third County"}, "key"),
        ({"format": 2}, "format"),
        ({"surprise": 1}, "surprise"),
        ({"posts": {}}, "posts"),
        ({"ladders": {}}, "ladders"),
        ({"stages": []}, "stages"),
        ({"copy_upward": {"by": "rumour", "recipients": []}}, "copy_upward.by"),
        ({"evaluation_months": [{"month": 13, "covers": "annual"}]}, "evaluation_months.0.month"),
        ({"numbers": {"cases": {"x": "no counter"}, "documents": {}}}, "numbers.cases.x"),
        ({"numbers": {"cases": {"x": "{n"}, "documents": {}}}, "numbers.cases.x"),
        ({"numbers": {"cases": {}, "documents": {}}}, "numbers"),
        ({"assessment_schemes": [{"key": "x", "name": "x", "name_en": "x"}]}, "deduction_grounds"),
        (
            {
                "deadlines": {
                    "item": {
                        "name": "x",
                        "name_en": "x",
                        "length": "a while",
                        "from": "issue",
                        "sample": True,
                    }
                }
            },
            "deadlines.item.length",
        ),
        (
            {"lights": {"sample": True, "schedule_lag": "10", "table": []}},
            "lights.table",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_name_of_the_field(tmp_path, changes, field):
    file = third_county(tmp_path, **changes)

    with pytest.raises(Invalid) as refusal:
        parse(read(file))

    assert field in refusal.value.fields
    assert field in str(refusal.value)


def test_a_ladder_out_of_order_is_refused(tmp_path):
    ladder = {
        "at": "09:00",
        "sample": True,
        "steps": [
            {"no": 1, "kind": "due", "workdays": 0},
            {"no": 2, "kind": "urge", "workdays": 3},
            {"no": 3, "kind": "escalate", "workdays": 1},
        ],
    }
    third_county(tmp_path, ladders={"basic": ladder, "standard": ladder})

    with pytest.raises(Invalid, match="the working days of the steps must not fall"):
        load("third", tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("{", "third.json is not a readable JSON file"), ("[]", "must hold one JSON object")],
)
def test_an_unreadable_file_is_refused(tmp_path, content, sentence):
    (tmp_path / "third.json").write_text(content, encoding="utf-8")

    with pytest.raises(Invalid, match=sentence):
        load("third", tmp_path)


def test_an_unknown_profile_is_refused_with_those_there_are():
    with pytest.raises(Invalid, match="there is tanghe, tongxu"):
        load("nowhere")

"""The catalogue: every kind is whole in both languages, and contents are held against it."""

from __future__ import annotations

import pytest

from app import documents

ROW = {"text": "措施", "owner_dept": "物业科", "owner_person": "科长", "due_on": "2026-09-30"}


@pytest.mark.parametrize("kind", documents.KINDS.values(), ids=lambda kind: kind.code)
def test_a_kind_says_everything_in_both_languages(kind):
    assert all((kind.name, kind.name_en, kind.sections))
    for section in kind.sections:
        assert all((section.heading, section.heading_en))
        assert bool(section.columns) == (section.kind == "table")
        assert all(column.heading and column.heading_en for column in section.columns)
    fields = [section.field for section in kind.sections]
    assert len(set(fields)) == len(fields)


@pytest.mark.parametrize("kind", documents.KINDS.values(), ids=lambda kind: kind.code)
def test_every_kind_shows_all_its_sections_when_they_are_filled(kind):
    values = {"text": "文", "list": ["一", "二"]}
    content = {
        section.field: values.get(section.kind, [{column.field: "1" for column in section.columns}])
        for section in kind.sections
    }

    shown = documents.blocks(kind.code, documents.fitting(kind.code, content))

    assert [block.section for block in shown] == list(kind.sections)
    assert all(block.text or block.points or block.rows for block in shown)


def test_sections_without_anything_are_left_out_and_come_in_the_kinds_order():
    content = {"measures": [ROW], "problems": ["标准不明"], "gaps": [], "coordination": None}

    shown = documents.blocks("work_opinion", content)

    assert [block.section.field for block in shown] == ["problems", "measures"]
    assert shown[0].points == ("标准不明",)
    assert shown[1].rows == (ROW,)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"problems": "标准不明"}, "problems must be a list"),
        ({"coordination": ["一"]}, "coordination must be a text"),
        ({"measures": [{**ROW, "colour": "红"}]}, "measures.colour is no column"),
        ({"weather": "晴"}, "weather is no section"),
    ],
)
def test_content_that_does_not_fit_names_what_is_wrong(content, problem):
    with pytest.raises(ValueError, match=problem):
        documents.fitting("work_opinion", content)

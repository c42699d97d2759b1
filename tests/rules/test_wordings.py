"""The words of mails: the defaults, their places in both languages, and what will not do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.telling import KINDS
from app.rules.wordings import LONGEST_BODY, LONGEST_SUBJECT, PLACES, default, fill, problem

VALUES = {name: f"<{name}>" for name in PLACES}


def test_overdue_work_is_told_as_the_courts_of_zhejiang_do():
    words = default("overdue", "zh_Hans_CN")
    filled = fill(words.subject, {"kind": "司法建议", "number": ""})

    assert filled == "司法建议已超期，请尽快办理。", "ZJ-06"


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_words_it_comes_with_will_do_and_lead_to_the_case(kind, locale):
    words = default(kind, locale)

    assert problem(words.subject, LONGEST_SUBJECT) is None
    assert problem(words.body, LONGEST_BODY) is None
    assert "<number>" in fill(words.subject, VALUES)
    assert "<link>" in fill(words.body, VALUES)
    assert "{" not in fill(words.subject + words.body, VALUES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write something"),
        ("  \n", "Write something"),
        ("{标题}", "no place {标题}"),
        ("{number.__class__}", "no place"),
        ("{number!r}", "no place"),
        ("{}", "no place {}"),
        ("{number", "A brace stands alone"),
        ("number}", "A brace stands alone"),
        ("{{number}}", "A brace stands alone"),
        ("长" * 121, "At most 120"),
    ],
)
def test_words_that_will_not_do_are_refused_with_what_would(text, said):
    found = problem(text, LONGEST_SUBJECT)

    assert found is not None
    assert said in str(found)


@given(st.text(), st.text())
def test_filling_never_fails_and_what_is_filled_in_is_not_read_again(text, value):
    fill(text, {"number": value})
    assert fill("{number}|{编号}", {"number": "{link}", "link": "x"}) == "{link}|{link}"

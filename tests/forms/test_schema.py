"""Schemas are made once for each situation, and never for another day or other records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from app import forms
from app.errors import Invalid
from app.forms import schema as schemas
from app.forms.definition import Condition, Field, Form, Option, Words

WORDS = Words("词", "word")


def form(*fields: Field) -> Form:
    """A form with these questions."""
    return Form("sample", WORDS, fields)


def field(name: str, kind: str, **more: object) -> Field:
    """A question."""
    return replace(Field(name, kind, WORDS, max_length=20), **more)


def refused(asked: Form, answers: dict, **known: object) -> set[str]:
    """Which fields are refused."""
    try:
        forms.checked(asked, answers, context=forms.Context(**known))
    except Invalid as problem:
        return set(problem.fields)
    return set()


def test_what_hangs_on_other_answers_is_another_situation():
    choice = field("kind", "choice", options=(Option("a", WORDS), Option("b", WORDS)))
    needed = field("why", "text", required_if=Condition("kind", ("b",)))
    narrow = field(
        "what",
        "choice",
        options=(Option("x", WORDS, Condition("kind", ("a",))), Option("y", WORDS)),
    )
    asked = form(choice, needed, narrow)

    for _again in range(2):
        assert refused(asked, {"kind": "a", "what": "x"}) == set()
        assert refused(asked, {"kind": "b", "what": "x"}) == {"why", "what"}
        assert refused(asked, {"kind": "b", "what": "y", "why": "so"}) == set()


def test_a_draft_is_not_held_to_what_a_finished_form_is():
    asked = form(field("why", "text", required=True))

    for _again in range(2):
        assert refused(asked, {}) == {"why"}
        assert forms.draft(asked, {}, context=forms.Context()) == {"why": None}


def test_another_day_and_other_records_are_looked_at_each_time():
    asked = form(field("by", "date", min="today"), field("who", "unit"))
    answers = {"by": "2026-07-02", "who": "PAB"}

    assert refused(asked, answers, today=date(2026, 7, 1), units={"PAB"}) == set()
    assert refused(asked, answers, today=date(2026, 7, 3), units={"PAB"}) == {"by"}
    assert refused(asked, answers, today=date(2026, 7, 1), units={"ZFW"}) == {"who"}


@pytest.mark.parametrize("kind", ["date", "unit"])
def test_rows_of_a_table_that_hang_on_the_day_or_on_records_make_none_that_is_kept(kind):
    column = field("cell", kind, min="today" if kind == "date" else None)
    asked = form(field("rows", "table", columns=(column,), max_rows=3))
    before = schemas.kept.cache_info().currsize

    forms.draft(asked, {"rows": []}, context=forms.Context())

    assert schemas.kept.cache_info().currsize == before


def test_many_use_one_schema_at_once():
    column = field("cell", "integer", required=True)
    asked = form(field("rows", "table", columns=(column,), max_rows=9), field("why", "text"))

    def one(number: int) -> bool:
        wrong = number % 3 == 0
        answers = {"rows": [{"cell": "x" if wrong else str(number)}], "why": str(number)}
        return refused(asked, answers) == ({"rows.0.cell"} if wrong else set())

    with ThreadPoolExecutor(8) as people:
        assert all(people.map(one, range(400)))


def test_the_same_situation_makes_one_schema():
    asked = form(field("why", "text"))
    before = schemas.kept.cache_info()
    for _again in range(5):
        refused(asked, {"why": "so"})

    after = schemas.kept.cache_info()
    assert (after.misses, after.hits) == (before.misses + 1, before.hits + 4)

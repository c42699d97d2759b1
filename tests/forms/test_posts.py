"""A browser's post becomes answers, tables and all."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app import forms
from app.errors import Invalid
from tests.forms.samples import EVERYTHING


def parsed(*sent: tuple[str, str]) -> dict[str, object]:
    return forms.parse_post(EVERYTHING, MultiDict(sent))


def test_what_a_browser_leaves_out_is_a_no():
    assert parsed(("decision", "go"), ("csrf_token", "x")) == {
        "decision": "go",
        "agreed": False,
        "tags": [],
        "copies": [],
        "readers": [],
        "measures": [],
    }


def test_rows_keep_their_order_and_empty_ones_are_dropped():
    answers = parsed(
        ("measures-10-text", "后"),
        ("measures-2-text", "前"),
        ("measures-2-units", "ZJJ"),
        ("measures-2-units", "RSJ"),
        ("measures-3-text", "  "),
        ("measures-3-units", ""),
    )

    assert answers["measures"] == [{"text": "前", "units": ["ZJJ", "RSJ"]}, {"text": "后"}]


def test_several_choices_stay_several():
    assert parsed(("tags", "red"), ("tags", "blue"))["tags"] == ["red", "blue"]


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ([("measures-0-cost", "1")], "measures.0.cost"),
        ([("measures", "1")], "measures"),
        ([("measures-x-text", "1")], "measures-x-text"),
        ([("measures-12345-text", "1")], "measures-12345-text"),
        ([("measures-0-", "1")], "measures-0-"),
        ([("short-0-text", "1")], "short-0-text"),
        ([("decision", "go"), ("decision", "back")], "decision"),
        ([("approved_by", "me")], "approved_by"),
    ],
)
def test_names_the_form_does_not_know_are_kept_to_be_refused(sent, place):
    with pytest.raises(Invalid) as refusal:
        forms.checked(EVERYTHING, parsed(("decision", "go"), *sent), context=forms.Context())

    assert place in refusal.value.fields


SHAPES = st.sampled_from(["decision", "measures-0-text", "measures-1-due", "tags", "agreed", "day"])


@given(st.lists(st.tuples(SHAPES | st.text(), st.text())))
def test_any_post_is_either_taken_or_refused(sent):
    answers = parsed(*sent)
    refused = any(EVERYTHING.field(name) is None for name in answers)

    if refused:
        with pytest.raises(Invalid):
            forms.checked(EVERYTHING, answers, context=forms.Context())
    else:
        with suppress(Invalid):
            forms.checked(EVERYTHING, answers, context=forms.Context())

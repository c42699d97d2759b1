"""Facts: small plain values under names that expressions can say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.engine import EngineError
from app.engine.language.facts import clean, latest, stamped, visible

KEPT = [
    (None, None),
    (True, True),
    (5, 5),
    (0.1, Decimal("0.1")),
    (Decimal("2.50"), Decimal("2.50")),
    ("意见", "意见"),
    (dt.date(2028, 2, 29), dt.date(2028, 2, 29)),
    (["a", 1], ("a", 1)),
    ((), ()),
]


@pytest.mark.parametrize(("given", "kept"), KEPT, ids=str)
def test_a_plain_value_is_kept(given, kept):
    found = clean({"fact": given})["fact"]

    assert found == kept
    assert type(found) is type(kept)


REFUSED = {
    "mapping": {"a": {"typename": "UUID"}},
    "object": {"a": object()},
    "nested list": {"a": [["b"]]},
    "bytes": {"a": b"x"},
    "long text": {"a": "x" * 2001},
    "long list": {"a": list(range(201))},
    "huge number": {"a": 10**16},
    "not a number": {"a": float("nan")},
    "half a character": {"a": "\ud800"},
    "time without a zone": {"a": dt.datetime(2028, 1, 1)},  # noqa: DTZ001 - what is tested
    "name with a space": {"a b": 1},
    "dotted name": {"sys.approved": True},
    "empty name": {"": 1},
    "long name": {"a" * 101: 1},
    "mark": {"%a": 1},
    "number as name": {1: 1},
    "two names in one": {"amount": 1, "ａmount": 2},
    "too many": {f"a{n}": n for n in range(201)},
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused(given):
    with pytest.raises(EngineError):
        clean(given)


def test_names_are_folded_as_expressions_fold_them():
    assert clean({"ａmount": 1, "金额": 2}) == {"amount": 1, "金额": 2}


def test_where_branches_meet_the_value_set_last_counts():
    before = stamped({"a": 1, "b": 1, "c": 1}, 1)
    one = {**before, **stamped({"a": 2}, 2)}
    other = {**before, **stamped({"b": 3, "a": 0}, 3), **stamped({"b": 1}, 4)}

    assert visible(latest([one, other])) == {"a": 0, "b": 1, "c": 1}
    assert visible(latest([other, one])) == {"a": 0, "b": 1, "c": 1}


def test_the_marks_beside_facts_are_not_shown_and_lists_are_lists():
    assert visible(stamped(clean({"a": ["x"], "b": 1}), 7)) == {"a": ["x"], "b": 1}

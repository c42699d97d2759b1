"""Whatever the inbox is ordered by, its pages one after the other are the whole list."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.db import session
from app.queries.inbox import Wish, inbox
from app.queries.places import Place
from app.queries.sorting import KEYS, PRESSING, Sort
from app.queries.waiting import FAR, LIGHTS
from app.rules.deadlines import fixed
from tests import stories, supervision

SORTS = st.permutations(sorted(KEYS)).flatmap(
    lambda keys: st.tuples(
        st.just(keys), st.lists(st.booleans(), min_size=len(keys), max_size=len(keys)),
        st.integers(1, len(keys)),
    )
)  # fmt: skip


@pytest.fixture
def liaison(tanghe):
    """Somebody with tasks of three items, with and without dates, many of them alike."""
    items = [
        supervision.dispatched(tanghe, supervision.open_item(tanghe, matter=m)) for m in "甲乙"
    ]
    items.append(supervision.open_item(tanghe, matter="丙", lead="FGW", co=["ZJJ"]))
    for number, item in enumerate(items * 4):
        for unit in ("ZJJ", "FGW"):
            days = (None, -3, 1, 1, 6, 30)[number % 6]
            due_at = clock.now() + timedelta(days=days or 0, minutes=1)
            task = stories.give(tanghe, item, unit, due_at=due_at)
            task.post = "unit_liaison"
            task.due_rule = dict(fixed(clock.local_day(due_at)).rule)
            if days is None:
                task.due_at = task.due_rule = None
                task.red_from = task.yellow_from = task.blue_from = None
    session().commit()
    mine = tanghe.actor("unit_liaison", "ZJJ")
    other = tanghe.actor("unit_liaison", "FGW")
    return type(mine)(mine.person_id, mine.login, mine.name, (*mine.holdings, *other.holdings))


def key_of(row, county_units):
    """The values a row is ordered by, as people see them."""
    return {
        "light": LIGHTS.index(row.due.light.code),
        "due": row.due_at or FAR,
        "number": (len(row.number), row.number),
        "unit": county_units[row.unit],
        "opened": row.assignment_id,
    }


def in_order(one, other, sort):
    """Whether two rows may follow each other."""
    for key, down in sort.keys:
        if one[key] != other[key]:
            return (one[key] > other[key]) == down
    return one["opened"] < other["opened"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=SORTS, limit=st.integers(1, 9), light=st.sampled_from(["", "red", "green"]))
def test_pages_cover_exactly_the_whole_list_in_order(tanghe, liaison, wanted, limit, light):
    keys, downs, many = wanted
    sort = Sort(tuple(zip(keys[:many], downs[:many], strict=True)))
    whole = inbox(liaison, Wish(light, sort=sort)).rows
    pages, after = [], None
    for _page in range(40):
        box = inbox(liaison, Wish(light, sort=sort, after=after), limit=limit)
        pages += [row.assignment_id for row in box.rows]
        if box.after is None:
            break
        after = Place.read(str(box.after), sort.kinds)
        assert after == box.after

    assert pages == [row.assignment_id for row in whole]
    assert light or len(whole) == 26
    units = {unit.unit_name: unit.unit_id for unit in liaison.holdings}
    values = [key_of(row, units) for row in whole]
    assert all(in_order(one, other, sort) for one, other in pairwise(values))
    assert Sort.read(str(sort)) == sort


def test_numbers_of_a_series_are_ordered_as_numbers(tanghe, liaison):
    box = inbox(liaison, Wish(sort=Sort.read("-number")))
    numbers = list(dict.fromkeys(row.number for row in box.rows))

    assert len(numbers) == 3
    assert numbers == sorted(numbers, key=lambda each: (len(each), each), reverse=True)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "light,due"), ("nonsense", "light,due"), ("due,due,-due", "due"),
        (" -opened , light", "-opened,light"), ("--due", "light,due"), (",,number", "number"),
    ],
)  # fmt: skip
def test_an_order_that_means_nothing_is_the_usual_one(said, meant):
    assert str(Sort.read(said)) == meant


def test_a_key_chosen_comes_first_and_chosen_again_turns_round():
    by_due = PRESSING.first("due")
    assert (str(by_due), str(by_due.first("due"))) == ("due,light", "-due,light")
    assert str(by_due.first("due").first("unit")) == "unit,-due,light"


@pytest.mark.parametrize(
    "place", [Place((1, FAR, 3)), Place((5, "平督〔2026〕12号", 7)), Place(("",))]
)
def test_a_place_is_the_same_after_its_way_through_an_address(place):
    assert Place.read(str(place), [type(value) for value in place.values]) == place


def test_a_place_of_another_order_is_none():
    there = str(Place((1, FAR, 3)))
    assert Place.read(there, Sort.read("number").kinds) is None
    assert Place.read("AA.3", (str, int)) is None, "no zero bytes for the database"

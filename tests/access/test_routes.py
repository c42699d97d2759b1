"""Every route, every role, every relation to the case: what is declared is what happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests import databases
from tests.access.table import TABLE
from tests.access.walker import READING, WRITING, Walk, address_of, routes, written

ALL = READING + WRITING


def test_the_table_has_a_line_for_every_route_and_no_other(townhall):
    there = {line for line, _method, _rule in routes(townhall, ALL)}

    assert sorted(there - set(TABLE)) == [], "say in tests/access/table.py to whom these are open"
    assert sorted(set(TABLE) - there) == [], "these lines are about no route any more"


READINGS = [line for line in TABLE if line.split()[0] in READING]
WRITINGS = [line for line in TABLE if line.split()[0] in WRITING]


@pytest.mark.parametrize("line", READINGS)
def test_reading_is_open_to_whom_it_should_be_and_changes_nothing(townhall, town, visitors, line):
    walk, (method, rule) = Walk(), route(townhall, line)
    found = [
        complaint
        for thing in TABLE[line].things(town)
        for visitor in visitors.values()
        for complaint in walk.complaints(visitor, method, rule, TABLE[line], thing)
    ]

    assert walk.visits >= len(visitors)
    assert found == []


@pytest.mark.parametrize("line", WRITINGS)
def test_writing_is_open_to_whom_it_should_be(townhall, committed_town, visitors, line):
    walk, (method, rule), found = Walk(), route(townhall, line), []
    with databases.rolled_back(townhall):
        things = list(TABLE[line].things(committed_town))
    for thing in things:
        for visitor in visitors.values():
            with databases.rolled_back(townhall):
                found += walk.complaints(visitor, method, rule, TABLE[line], thing)

    assert walk.visits >= len(visitors)
    assert found == []


@pytest.mark.parametrize("line", WRITINGS)
def test_nothing_is_written_without_the_forms_token(townhall, town, visitors, line):
    method, rule = route(townhall, line)
    thing = next(iter(TABLE[line].things(town)))
    visitor = visitors["supervision clerk"]
    address = address_of(rule, thing.values)

    with written() as tables:
        answer = replace(visitor, token="").visit(method, address, TABLE[line].body())

    assert (answer.status, tables) == (400, [])


def route(app: Flask, line: str) -> tuple[str, Rule]:
    """The method and the rule a line of the table is about."""
    return next((method, rule) for each, method, rule in routes(app, ALL) if each == line)

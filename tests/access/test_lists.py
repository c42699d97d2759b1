"""What lists, searches and exports show leads somewhere, and tells nobody of hidden cases."""

from __future__ import annotations

import io
import re
import sys
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import insert, true

from app.db import session
from app.model import Setting
from app.queries.visibility import seen_by, those_visible, visible
from app.web.policy import signed_in
from tests.access.cast import STAFF, readers, workers_of
from tests.access.table import TABLE
from tests.access.things import IN_DETAIL
from tests.access.town import Town
from tests.access.walker import READING, Visitor, Walk, expected, routes, written

LINK = re.compile(r'\s(?:href|src|hx-get|data-[\w-]+)="(/[^"#]*)')
ELSEWHERE = ("/static/", "/signout")
ENOUGH = 4  # links of one sort, for those who see whole kinds of cases anyway
WAYS = 12  # to narrow and order one list: every link of it turns the order again
LOOKED_FOR = (*IN_DETAIL, "drafted notice", "suspended item", "brief")
LISTS = ("/inbox/", "/ledger/", "/documents/", "/meetings/", "/rounds/", "/audit/")
EXPORTS = ("/ledger/ledger.csv", "/ledger/ledger.xlsx", "/inbox/tasks.csv", "/inbox/tasks.xlsx")


def pages_open_to(visitor: Visitor, town: Town) -> list[str]:
    """Every address without values that the table opens to this person."""
    return [
        line.split()[1]
        for line, entry in TABLE.items()
        if line.startswith("GET") and "<" not in line
        for thing in entry.things(town)
        if expected(entry, thing, visitor.name) == "opens"
    ]


def links(page: str) -> list[str]:
    """Where a page leads within the site."""
    found = {link.replace("&amp;", "&") for link in LINK.findall(page)}
    return sorted(link for link in found if not link.startswith(ELSEWHERE))


def crawl(visitor: Visitor, starts: list[str]) -> tuple[set[str], dict[str, int | str]]:
    """Follow every link from these pages: what was shown, and what of it does not open."""
    waiting, seen, sorts, broken = list(starts), set(starts), dict[str, int](), {}
    while waiting:
        address = waiting.pop()
        answer = visitor.visit("GET", address, {})
        if answer.status not in (200, 302, 303):
            broken[address] = answer.status
        for link in links(answer.body.decode("utf-8", "replace")):
            sort = re.sub(r"\d+|\?.*", "", link)
            most = ENOUGH if visitor.name not in STAFF else WAYS if "?" in link else sys.maxsize
            if link in seen or sorts.get(sort, 0) >= most:
                continue
            seen.add(link)
            sorts[sort] = sorts.get(sort, 0) + 1
            waiting.append(link)
    return seen, broken


def test_whatever_a_page_leads_to_opens(town, visitors, reader):
    with written() as tables:
        shown, broken = crawl(visitors[reader], pages_open_to(visitors[reader], town))

    assert broken == {}
    assert tables == []
    own = {placed.case_id for placed in town.cases if reader in readers(placed)}
    cases = {int(link.split("/")[2]) for link in shown if re.match(r"/cases/\d+", link)}
    assert cases <= own
    assert bool(cases) == bool(own), "a person with cases is led to them"


def test_lists_and_exports_name_no_hidden_case(town, visitors, reader):
    wanted = [address for address in pages_open_to(visitors[reader], town) if address in LISTS]
    shown = "\n".join(
        text_of(visitors[reader].visit("GET", address, {}).body) for address in (*wanted, *EXPORTS)
    )
    told = {placed.about for placed in town.cases if town.word_for(placed) in shown}

    sent = {placed.about for _paper, placed, units in town.papers() if reader in workers_of(units)}
    hidden = {placed.about for placed in town.cases if reader not in readers(placed)} - sent
    assert told & hidden == set()
    items = {each.about for each in town.cases if each.kind == "supervision_item"}
    assert told >= items - hidden, "the ledger shows every item one may know of"


def text_of(body: bytes) -> str:
    """A page or file in words; a workbook cell by cell."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    rows = load_workbook(io.BytesIO(body), read_only=True).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


def test_a_search_finds_what_one_may_know_of_and_nothing_else(town, visitors, reader):
    for placed in map(town.case, LOOKED_FOR):
        word = town.word_for(placed)
        page = visitors[reader].visit("GET", f"/search/?q={quote(word)}", {}).body.decode()

        found = f"/cases/{placed.case_id}" in links(page)
        assert found == (reader in readers(placed)), placed.about


def forget_the_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant the fault: every query takes every case for visible."""
    for module in [each for name, each in sys.modules.items() if name.startswith("app.queries")]:
        if getattr(module, "visible", None) is visible:
            monkeypatch.setattr(module, "visible", lambda _viewer: true())
        if getattr(module, "seen_by", None) is seen_by:
            monkeypatch.setattr(module, "seen_by", lambda _viewer: ({}, True))
        if getattr(module, "those_visible", None) is those_visible:
            monkeypatch.setattr(module, "those_visible", lambda _viewer: None)


def stranger_complains_of(app: Flask, town: Town, stranger: Visitor) -> set[str]:
    """The lines of the table on which the walk of a stranger finds something wrong."""
    walk = Walk()
    return {
        line
        for line, method, rule in routes(app, READING)
        for thing in TABLE[line].things(town)
        if list(walk.complaints(stranger, method, rule, TABLE[line], thing))
    }


def test_the_walk_notices_a_query_without_its_condition(townhall, town, visitors, monkeypatch):
    stranger = visitors["stranger"]
    assert stranger_complains_of(townhall, town, stranger) == set()

    forget_the_condition(monkeypatch)

    assert stranger_complains_of(townhall, town, stranger) >= {
        "GET /cases/<int:case_id>", "GET /cases/<int:case_id>/diagram.bpmn",
        "GET /cases/<int:case_id>/marks.json", "GET /tasks/<int:assignment_id>",
        "GET /documents/<int:document_id>", "GET /cases/<int:case_id>/operations/<name>",
        "GET /rounds/<int:round_id>/collection",
    }  # fmt: skip


def test_the_lists_notice_it_too(town, visitors, monkeypatch):
    forget_the_condition(monkeypatch)

    with pytest.raises(AssertionError):
        test_lists_and_exports_name_no_hidden_case(town, visitors, "stranger")
    with pytest.raises(AssertionError):
        test_a_search_finds_what_one_may_know_of_and_nothing_else(town, visitors, "stranger")


def test_the_walk_notices_a_door_left_open(townhall, town, visitors, monkeypatch):
    view = townhall.view_functions["studio.index"]
    monkeypatch.setattr(view, "policy", signed_in)

    assert "GET /studio/" in stranger_complains_of(townhall, town, visitors["stranger"])


def test_the_walk_notices_a_page_that_writes(townhall, town, visitors, monkeypatch):
    whole = townhall.view_functions["meetings.index"]

    def careless() -> object:
        session().execute(insert(Setting).values(key="seen", value="{}"))
        return whole()

    careless.policy = whole.policy
    monkeypatch.setitem(townhall.view_functions, "meetings.index", careless)

    assert "GET /meetings/" in stranger_complains_of(townhall, town, visitors["stranger"])

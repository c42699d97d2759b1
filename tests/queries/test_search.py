"""What is typed is found in what cases and papers say, by those who may see them, soon after."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.actor import SYSTEM
from app.commands import comments, indexing
from app.commands.items import report_progress
from app.db import session
from app.jobs.worker import DUTIES
from app.model import Case, Event, Person, SearchText, Setting
from app.model.search import INDEX
from app.queries import matching
from app.queries.inbox import Wish, _finding, inbox
from app.queries.people import actor_by_login
from app.queries.places import Place
from app.queries.search import search
from app.queries.sorting import PRESSING, Sort
from app.queries.visibility import visible
from app.queries.waiting import LIGHTS, Filters
from app.rules import lookup
from tests import stories, supervision

WORDS = (
    "纠纷 物业 住房 县 市场监督 服务标准 督办 合同纠纷风险 2026 另一 同意 没有 号 书".split()  # noqa: SIM905 - reads as a search does
)


@pytest.fixture
def item(tanghe):
    """An item carried to its end, and another one in hand that others work on."""
    first = supervision.struck_off(tanghe, supervision.in_hand(tanghe))
    supervision.in_hand(tanghe, matter="另一个事项", lead="RSJ", co=["CZJ"])
    indexing.catch_up()
    return first


def everybody() -> list[str]:
    """The people of the county."""
    return list(session().scalars(select(Person.login).order_by(Person.id)))


def found(viewer, text: str) -> list[int]:
    """The cases a search shows."""
    return [case.id for case in search(viewer, text).cases]


def test_it_is_found_by_all_that_it_says(tanghe, item):
    office, case = tanghe.post("supervising_office"), stories.case(item)
    for text in (
        "纠纷", "物业服务合同", "住房和城乡建设局", case.number, case.number.replace("〔", " ["),
        "出台服务标准一项", "市场监督 检查小区", "价格检查",
    ):  # fmt: skip
        assert item in found(office, text), text
    for text in ("没有的词", "", "〔〕", "%", "纠分", "检查小区 另一个"):
        assert item not in found(office, text), text
    papers = search(office, "督办事项通知").papers
    assert papers
    assert all("督办事项通知" in paper.title for paper in papers)


def test_what_is_changed_is_found_anew_and_no_longer_as_it_was(tanghe, item):
    office = tanghe.post("supervising_office")
    case = stories.case(item)
    for said in ("独有的说法", "换了一种讲法"):
        case.content = said
        session().commit()
        indexing.index({item: 10**9}, actor=SYSTEM)
        assert found(office, said) == [item]

    assert found(office, "独有") == []
    if session().get_bind().dialect.name == "sqlite":
        check = f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)"  # noqa: S608 - our own name
        session().connection().exec_driver_sql(check)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_everybody_finds_what_they_may_see_and_nothing_else(tanghe, item, data):
    login = data.draw(st.sampled_from(everybody()))
    words = data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2))
    viewer = actor_by_login(login)
    mine = select(SearchText.case_id, SearchText.text).join(Case, Case.id == SearchText.case_id)
    rows = session().execute(mine.where(SearchText.document_id == 0, visible(viewer)))
    holding = [case_id for case_id, text in rows if all(lookup.folded(w) in text for w in words)]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(matching, "MANY", data.draw(st.sampled_from([1, 2, 1_000])))
        assert found(viewer, " ".join(words)) == sorted(holding, reverse=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_inbox_keeps_what_says_it_or_whose_step_is_called_so(tanghe, item, data):
    viewer = actor_by_login(data.draw(st.sampled_from(everybody())))
    whole = inbox(viewer).rows
    steps = sorted(
        {name[at:] for row in whole for name in (row.task, row.task_en) for at in (0, 2)}
    )
    typed = st.sampled_from((*WORDS, *steps, "%", "_", "/"))
    text = " ".join(data.draw(st.lists(typed, min_size=1, max_size=2)))
    sort = data.draw(st.sampled_from([PRESSING, Sort.read("-number,due"), Sort.read("-opened")]))
    saying = select(SearchText.case_id, SearchText.text).where(SearchText.document_id == 0)
    texts = dict(iter(session().execute(saying)))

    def kept(row):
        words, names = lookup.sought(text), (row.task, row.task_en)
        said = bool(words) and all(word in texts[row.case_id] for word in words)
        return said or any(text.lower() in name.lower() for name in names)

    wish = Wish(filters=Filters(text=text), sort=sort)
    wanted = [row for row in inbox(viewer, Wish(sort=sort)).rows if kept(row)]
    box = inbox(viewer, wish)
    assert list(box.rows) == wanted
    assert box.counts == {**dict.fromkeys(LIGHTS, 0), **Counter(r.due.light.code for r in wanted)}
    pages, after = [], None
    while len(pages) <= len(wanted):
        part = inbox(viewer, replace(wish, after=after), limit=1)
        pages += part.rows
        after = part.after and Place.read(str(part.after), sort.kinds)
        if after is None:
            break
    assert pages == wanted
    light = data.draw(st.sampled_from(LIGHTS))
    assert list(inbox(viewer, replace(wish, light=light)).rows) == [
        row for row in wanted if row.due.light.code == light
    ]


def test_other_words_of_the_same_length_take_the_statement_that_was_built(tanghe, item):
    handler = tanghe.actor("unit_handler", "RSJ")
    waiting = [total(handler, text) for text in ("另一", "没有")]
    built = _finding.cache_info().misses

    assert [*waiting, total(handler, "有没"), total(handler, "事项")] == [1, 0, 0, 1]
    assert _finding.cache_info().misses == built


def total(viewer, text: str) -> int:
    """How much of what waits says it."""
    return inbox(viewer, Wish(filters=Filters(text=text))).total


def test_an_act_is_found_once_the_background_looked_and_it_looks_every_second(tanghe):
    item = supervision.in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    assert indexing.catch_up() > 0
    assert indexing.catch_up() == 0
    report_progress(item, {"text": "已约谈物业企业三家", "percent": 30}, actor=handler)
    assert found(handler, "约谈物业企业") == []
    assert total(handler, "约谈") == 0

    assert indexing.catch_up() == 1
    assert found(handler, "约谈物业企业") == [item]
    assert total(handler, "约谈") == 1
    assert (1.0, indexing.catch_up) in DUTIES


def test_what_is_said_in_the_thread_is_found_by_who_may_read_it_until_it_is_withdrawn(tanghe):
    item = supervision.in_hand(tanghe)
    handler, stranger = tanghe.actor("unit_handler", "ZJJ"), tanghe.actor("unit_handler", "RSJ")
    told = {"text": "白蚁防治单位已到现场", "people": []}
    said = comments.comment(item, told, actor=handler)["comment"]
    comments.comment(item, {"text": "收到，termites 另报", "people": []}, actor=handler)
    indexing.catch_up()
    office = tanghe.post("supervising_office")
    assert [found(who, "白蚁防治") for who in (office, handler, stranger)] == [[item], [item], []]
    assert [row.case_id for row in inbox(handler, Wish(filters=Filters(text="白蚁"))).rows] == [
        item
    ]

    comments.withdraw(said, actor=handler)
    assert indexing.catch_up() == 1
    assert found(office, "白蚁") == []
    assert found(office, "Termites") == [item]


def test_the_journal_is_read_on_from_where_nothing_can_come_before(tanghe, item, monkeypatch):
    monkeypatch.setattr(indexing, "STRIDE", 0)
    indexing.catch_up()
    assert session().get(Setting, indexing.CURSOR) is None, "acts of just now may have company"
    stories.set_clock("2026-12-01 09:00")
    last = session().scalar(select(func.max(Event.id)))

    indexing.catch_up()
    cursor = session().get(Setting, indexing.CURSOR, populate_existing=True)
    assert json.loads(cursor.value) == last
    assert indexing.catch_up() == 0

"""Several tasks at once: each answers for itself, nothing is half done, nothing done twice."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app import clock
from app.commands import handing, indexing, supervising
from app.db import session
from app.model import Assignment, Event
from tests import stories, supervision
from tests.web.visiting import visiting

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
DONE, NOT_DONE = "已办妥", "未办理"


@pytest.fixture
def items(tanghe):
    """Three items their lead unit has to sign for, the last one handed to its leader."""
    found = [
        supervision.dispatched(tanghe, supervision.open_item(tanghe, matter=matter))
        for matter in ("甲事项", "乙事项", "丙事项")
    ]
    leader, liaison = (tanghe.actor(post, "ZJJ") for post in ("unit_leader", "unit_liaison"))
    handing.transfer(stories.task(found[2], "sign_for").id, {"person": leader.login}, actor=liaison)
    return found


@pytest.fixture
def signs(items):
    """Their tasks."""
    return [stories.task(item, "sign_for").id for item in items]


def asked(browser, do, tasks, **besides):
    """The page of one operation for these tasks, and what its form carries."""
    page = browser.get("/inbox/bulk", query_string={"do": do, "task": tasks, **besides})
    assert page.status_code == 200
    fields = HIDDEN.findall(page.text)
    return page.text, {
        "row": [value for name, value in fields if name == "row"],
        **{name: value for name, value in fields if name in ("do", "idempotency_key")},
    }


def states(tasks):
    session().rollback()
    return [session().get_one(Assignment, each, populate_existing=True).state for each in tasks]


def test_each_is_signed_for_by_itself_and_one_refused_stops_no_other(app, tanghe, items, signs):
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    page, form = asked(browser, "sign", signs)
    assert [row.split(".")[0] for row in form["row"]] == [str(each) for each in signs]
    assert "丙事项" in page

    answer = browser.post("/inbox/bulk", form)

    assert answer.status_code == 200
    assert states(signs) == ["done", "done", "active"]
    assert answer.text.count(NOT_DONE) == 1
    assert "只有" in answer.text
    assert stories.case(items[0]).stage == "supervision"


def test_a_selection_sent_twice_is_done_once_and_answered_alike(app, tanghe, signs):
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    _page, form = asked(browser, "sign", signs[:2])
    first = browser.post("/inbox/bulk", form).text
    rows = len(session().scalars(select(Event.id)).all())

    second = browser.post("/inbox/bulk", form).text

    assert len(session().scalars(select(Event.id)).all()) == rows
    assert NOT_DONE not in first
    assert NOT_DONE not in second


def test_a_task_that_changed_meanwhile_says_who_was_faster(app, tanghe, signs):
    liaison = tanghe.actor("unit_liaison", "ZJJ")
    browser = visiting(app, liaison)
    _page, form = asked(browser, "sign", signs[:2])
    handing.claim(signs[0], {}, actor=liaison)

    answer = browser.post("/inbox/bulk", form)

    assert states(signs[:2]) == ["active", "done"]
    assert answer.text.count(NOT_DONE) == 1
    assert f"办理人：{liaison.name}" in answer.text


def test_tasks_are_handed_on_together_to_somebody_who_may_take_them_all(app, tanghe, signs):
    liaison, handler = (tanghe.actor(post, "ZJJ") for post in ("unit_liaison", "unit_handler"))
    browser = visiting(app, liaison)
    page, form = asked(browser, "transfer", signs[:2])
    assert f'value="{handler.login}"' in page
    assert "sjg_unit_handler" not in page

    missing = browser.post("/inbox/bulk", form)
    assert missing.status_code == 422
    assert 'id="f-person-problem"' in missing.text
    assert states(signs[:2]) == ["active"] * 2
    assert browser.post("/inbox/bulk", {**form, "person": handler.login}).status_code == 200

    session().rollback()
    holders = [session().get_one(Assignment, each).person_id for each in signs[:2]]
    assert holders == [handler.person_id] * 2


def test_an_operation_on_cases_is_done_once_for_each_case(app, tanghe, items, signs):
    office = tanghe.post("supervising_office")
    browser = visiting(app, office)
    _page, form = asked(browser, "urge", [*signs[:2], signs[0]])
    assert len(form["row"]) == 2

    assert browser.post("/inbox/bulk", {**form, "text": "请抓紧签收。"}).status_code == 200

    assert [stories.case(item).urge_count for item in items] == [1, 1, 0]


def test_items_are_urged_from_the_ledger_and_each_that_is_not_says_why(app, tanghe, items):
    struck = supervision.struck_off(tanghe, supervision.in_hand(tanghe, matter="丁事项"))
    office = tanghe.post("supervising_office")
    supervising.urge(items[1], {"text": "先催一次。"}, actor=office)
    browser = visiting(app, office)
    tasks = re.findall(r'name="task" value="(\d+)"', browser.get("/ledger/").text)
    chosen = [session().get_one(Assignment, int(each)).case_id for each in tasks]
    assert sorted(chosen) == items, f"nothing waits in {struck}, which is struck off"
    page, form = asked(browser, "urge", tasks, list="ledger")
    assert 'href="/ledger/">' in page

    for _twice in range(2):
        answer = browser.post("/inbox/bulk?list=ledger", {**form, "text": "请抓紧办理。"}).text
        session().rollback()
        assert [stories.case(item).urge_count for item in items] == [1, 1, 1]
        assert answer.count(NOT_DONE) == 1
        assert re.search(rf"乙事项.*?{NOT_DONE}</span>\s*\S", answer, re.DOTALL)
        assert 'href="/ledger/">返回列表' in answer


def test_who_does_not_supervise_ticks_nothing_in_the_ledger(app, tanghe, items):
    page = visiting(app, tanghe.actor("unit_liaison", "ZJJ")).get("/ledger/").text
    assert "甲事项" in page
    assert 'name="task"' not in page
    assert 'value="urge"' not in page


def test_what_is_not_offered_to_somebody_does_not_exist_for_them(app, tanghe, signs):
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    assert browser.get("/inbox/bulk", query_string={"do": "urge"}).status_code == 404
    assert browser.post("/inbox/bulk", {"do": "suspend"}).status_code == 404
    assert browser.post("/inbox/bulk", {"do": "sign", "row": "x.1"}).status_code == 422
    assert states(signs) == ["active"] * 3


def test_a_stranger_finds_none_of_the_tasks(app, tanghe, signs):
    browser = visiting(app, tanghe.stranger)
    page, form = asked(browser, "sign", signs)
    assert form["row"] == []
    assert "甲事项" not in page

    answer = browser.post("/inbox/bulk", {"do": "sign", "row": [f"{each}.1" for each in signs]})
    assert "甲事项" not in answer.text
    assert states(signs) == ["active"] * 3


def test_more_than_two_hundred_are_refused(app, tanghe, signs):
    browser = visiting(app, tanghe.post("supervising_office"))
    item = session().scalars(select(Assignment.case_id)).first()
    for _task in range(201):
        stories.give(tanghe, item, "ZJJ", due_at=clock.now() + timedelta(days=3))
    every = session().scalars(select(Assignment.id)).all()
    rows = [f"{each}.1" for each in every]

    assert browser.post("/inbox/bulk", {"do": "claim", "row": rows}).status_code == 422


def test_the_list_is_a_file_as_it_is_narrowed_and_no_cell_a_formula(app, tanghe, items):
    stories.case(items[0]).title = "=SUM(A1)"
    session().commit()
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))

    book = browser.get("/inbox/tasks.xlsx", query_string={"sort": "opened"})
    cells = [row[4] for row in load_workbook(io.BytesIO(book.data)).active.iter_rows()]
    assert (cells[1].value, cells[1].data_type) == ("=SUM(A1)", "s")
    assert len(cells) == 3
    plain = browser.get("/inbox/tasks.csv", query_string={"receipts": "1", "sort": "opened"}).text
    assert "'=SUM(A1)" in plain
    assert "丙事项" not in plain, "handed to somebody else by name"
    assert browser.get("/inbox/tasks.csv?text=没有这样的事项").text.count("\r\n") == 1


def test_a_file_holds_the_selected_tasks_alone(app, tanghe, signs):
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    plain = browser.get("/inbox/tasks.csv", query_string={"task": [signs[1]]}).text

    assert "乙事项" in plain
    assert "甲事项" not in plain


@pytest.mark.parametrize("narrowed", ["", "?text=事项", "?sort=-opened", "?text=事项&sort=number"])
def test_a_file_holds_every_row_in_order_however_many_are_read_at_once(
    app, tanghe, items, monkeypatch, narrowed
):
    indexing.catch_up()
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    whole = browser.get(f"/inbox/tasks.csv{narrowed}")
    assert whole.text.count("\r\n") > 2
    assert int(whole.headers["Content-Length"]) == len(whole.data)
    monkeypatch.setattr("app.queries.inbox.PIECE", 1)

    assert browser.get(f"/inbox/tasks.csv{narrowed}").data == whole.data


def test_views_stand_above_the_list_and_lead_to_it(app, tanghe, items):
    browser = visiting(app, tanghe.actor("unit_leader", "ZJJ"))
    page = browser.get("/inbox/?light=red&sort=number")
    assert "保存为视图" in page.text
    kept = browser.post(
        "/inbox/views",
        {"name": "超期的", "query": "light=red&sort=number&evil=1", "unit": tanghe.unit("ZJJ")},
    )
    assert kept.location == "/inbox/?light=red&sort=number"

    colleague = visiting(app, tanghe.actor("unit_handler", "ZJJ")).get("/inbox/").text
    assert "超期的" in colleague
    own = browser.get(kept.location).text
    removal = re.search(r"/inbox/views/\d+/removal", own)[0]
    assert removal not in colleague
    assert browser.post(removal).status_code == 303
    assert "超期的" not in browser.get("/inbox/").text.replace("视图已删除", "")


def test_a_list_narrowed_by_its_kind_is_shown_and_is_a_file(app, tanghe, signs):
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    for kind, rows in (("supervision_item", len(signs) - 1), ("risk_notice", 0)):
        page = browser.get("/inbox/", query_string={"kind": kind})
        assert page.status_code == 200
        links = re.findall(r'href="(/inbox/tasks\.csv\?[^"]*)"', page.text)
        assert links == [f"/inbox/tasks.csv?kind={kind}"] * bool(rows)
        file = browser.get("/inbox/tasks.csv", query_string={"kind": kind}).text
        assert file.count("\r\n") == rows + 1

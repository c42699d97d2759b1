"""The mail texts' pages: looked at first, kept as versions, refused with what would do."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.model import Event, Wording

PAGE = "/wordings/urged.zh_Hans_CN"


@pytest.fixture
def office(browser, somebody):
    somebody("clerk", role="supervision_clerk")
    browser.sign_in("clerk")
    return browser


def send(browser, subject="请办理{编号}", body="{链接}", do="keep", version="0", page=PAGE):
    fields = {"subject": subject, "body": body, "do": do, "version": version}
    return browser.post(page, fields)


def test_words_are_looked_at_before_they_are_kept(office, site):
    answer = send(office, do="look")

    assert answer.status_code == 200
    assert "请办理平督〔2026〕12号" in answer.text
    assert site.scalars(select(Wording)).all() == []


def test_each_change_is_a_version_and_a_row_of_the_journal(office, site):
    assert send(office).status_code == 303
    assert send(office, subject="速办{编号}", version="1").status_code == 303

    rows = site.scalars(select(Wording).order_by(Wording.version)).all()
    assert [(row.version, row.subject) for row in rows] == [(1, "请办理{编号}"), (2, "速办{编号}")]
    assert len(site.scalars(select(Event).where(Event.kind == "wording.changed")).all()) == 2
    assert "速办{编号}" in office.get("/wordings/").text


def test_a_place_nobody_knows_is_refused_with_those_there_are(office, site):
    answer = send(office, subject="请办理{标题}")

    assert answer.status_code == 422
    assert "没有“{标题}”这个占位符" in answer.text
    assert "{编号}" in answer.text
    assert site.scalars(select(Wording)).all() == []


def test_who_comes_second_hears_it(office, site):
    send(office)

    assert send(office, subject="另一版{编号}").status_code == 409
    assert len(site.scalars(select(Wording)).all()) == 1


@pytest.mark.parametrize("page", ["/wordings/urged.fr", "/wordings/nothing.en", "/wordings/urged"])
def test_what_is_not_there_is_not_there(office, page):
    assert office.get(page).status_code == 404


def test_others_do_not_find_the_page(browser, somebody):
    somebody("handler")
    browser.sign_in("handler")

    assert browser.get("/wordings/").status_code == 404
    assert send(browser).status_code == 404

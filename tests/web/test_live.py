"""Open pages ask what waits: told when something changed, and no sign that somebody is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.commands import handing
from app.db import session
from app.model import WebSession
from tests import stories, supervision
from tests.web.visiting import visiting

COUNTS = "/inbox/counts.json"


@pytest.fixture
def item(tanghe):
    return supervision.dispatched(tanghe, supervision.open_item(tanghe))


def test_what_waits_is_told_and_again_only_when_it_changed(app, tanghe, item):
    liaison = tanghe.actor("unit_liaison", "ZJJ")
    browser = visiting(app, liaison)
    first = browser.get(COUNTS)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert first.json["all"] == first.json["receipts"] == 1
    assert browser.get(COUNTS, headers=tag).status_code == 304

    stories.complete(item, "sign_for", {"decision": "sign"}, by=liaison)
    after = browser.get(COUNTS, headers=tag)
    assert (after.status_code, after.json["all"]) == (200, 0)


def test_what_a_colleague_took_is_gone_from_my_count(app, tanghe, item):
    liaison, leader = (tanghe.actor(post, "ZJJ") for post in ("unit_liaison", "unit_leader"))
    browser = visiting(app, liaison)
    before = browser.get(COUNTS).json
    sign = stories.task(item, "sign_for")
    handing.transfer(sign.id, {"person": leader.login}, actor=liaison)

    assert browser.get(COUNTS).json["all"] == before["all"] - 1


def test_a_page_left_open_keeps_nobody_signed_in(app, tanghe):
    browser = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    long_ago = clock.now() - timedelta(minutes=5)
    session().execute(update(WebSession).values(seen_at=long_ago))
    session().commit()
    assert browser.get(COUNTS).status_code == 200
    session().rollback()
    assert session().scalars(select(WebSession.seen_at)).one() == long_ago

    browser.get("/inbox/")
    session().rollback()
    assert session().scalars(select(WebSession.seen_at)).one() > long_ago

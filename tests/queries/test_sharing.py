"""What pages show of copies, reading lists and threads: whom it is meant for, and nobody else."""

from __future__ import annotations

import pytest

from app import clock
from app.commands import circulations, comments, copies
from app.queries.cases import case_page
from app.queries.glance import glance
from app.queries.inbox import inbox
from app.queries.papers import paper
from app.queries.sharing import shared, waited_for
from app.queries.threads import talk
from tests import stories, supervision

OPINION = "请主要负责同志把关"


@pytest.fixture
def item(tanghe):
    return supervision.in_hand(tanghe)


@pytest.fixture
def reading(tanghe, item):
    """The lead unit's leader and head are asked; the leader has read it and left an opinion."""
    handler, leader = (tanghe.actor(post, "ZJJ") for post in ("unit_handler", "unit_leader"))
    asked = {"readers": [leader.login, tanghe.actor("unit_head", "ZJJ").login], "note": "请阅"}
    circulations.circulate(item, asked, actor=handler)
    (mine,) = shared(leader, item).asked
    circulations.read(mine.delivery_id, {"opinion": OPINION}, actor=leader)
    return item


def opinions(viewer, item):
    return [to.opinion for sent in shared(viewer, item).sent for to in sent.to if to.opinion]


def test_what_a_unit_reads_is_its_own_business_and_the_auditors(tanghe, reading):
    for who in (tanghe.actor("unit_liaison", "ZJJ"), tanghe.actor("business_auditor")):
        assert opinions(who, reading) == [OPINION]
    for who in (
        tanghe.post("supervising_office"),
        tanghe.actor("unit_handler", "SJG"),
        tanghe.actor("convener"),
    ):
        assert shared(who, reading).sent == ()


def test_a_reader_from_elsewhere_sees_their_own_line_alone(tanghe, item):
    office = tanghe.post("supervising_office")
    posts = {"units": ["FGW", "RSJ"], "posts": ["unit_head"], "note": ""}
    circulations.circulate_widely(item, posts, actor=office)
    reader = tanghe.actor("unit_head", "RSJ")

    (sent,) = shared(reader, item).sent
    assert [to.unit for to in sent.to] == ["县人力资源和社会保障局"]
    assert sent.may_recall is False
    (whole,) = shared(office, item).sent
    assert (whole.read, whole.asked, whole.may_recall) == (0, 2, True)


def test_the_inbox_shows_how_far_the_units_own_list_is(tanghe, reading):
    def row(post, unit):
        return next(r for r in inbox(tanghe.actor(post, unit)).rows if r.case_id == reading)

    assert row("unit_handler", "ZJJ").reading == (1, 2)
    comments.comment(
        reading, {"text": "已核。", "people": []}, actor=tanghe.actor("unit_head", "ZJJ")
    )
    assert row("unit_handler", "ZJJ").comments == 1


def test_what_is_unread_is_counted_until_it_is_read(tanghe, item):
    handler, leader = (tanghe.actor(post, "FGW") for post in ("unit_handler", "unit_leader"))
    before = glance(handler)
    assert (before.copies, glance(leader).copies) == (0, 0)
    office = tanghe.post("supervising_office")
    copy = {"what": "case", "units": ["FGW"], "people": [], "note": ""}
    copies.send(item, copy, actor=office)
    posts = {"units": ["FGW"], "posts": ["unit_leader"], "note": ""}
    circulations.circulate_widely(item, posts, actor=office)

    assert (glance(handler).copies, glance(leader).copies) == (1, 2)
    assert glance(handler).state != before.state
    assert inbox(handler).waiting == glance(handler)
    assert shared(handler, item).unread
    copies.read_case(item, actor=handler)
    assert (glance(handler).copies, glance(leader).copies) == (0, 1)
    assert not shared(leader, item).unread
    assert len(shared(leader, item).asked) == 1


def test_a_copy_sent_by_hand_is_no_part_of_the_paper_as_it_was_issued(tanghe, item):
    notice = next(each for each in stories.papers(item) if each.kind == "supervision_notice")
    issued = len(paper(tanghe.actor("convener"), notice.id).copies)
    office = tanghe.post("supervising_office")
    copy = {"what": str(notice.id), "units": ["FGW"], "people": [], "note": ""}
    copies.send(item, copy, actor=office)
    handler = tanghe.actor("unit_handler", "FGW")

    page = paper(handler, notice.id)
    assert [each.unit for each in page.copies if each.by_hand] == ["县发展和改革委员会"]
    assert len(page.copies) == issued + 1
    assert page.unread
    copies.read_paper(notice.id, actor=handler)
    assert not paper(handler, notice.id).unread


def test_a_thread_shows_that_something_was_withdrawn_and_not_what(tanghe, item):
    handler, office = tanghe.actor("unit_handler", "ZJJ"), tanghe.post("supervising_office")
    made = comments.comment(item, {"text": "说错了", "people": [office.login]}, actor=handler)
    comments.comment(item, {"text": "更正", "people": []}, actor=handler)

    def said(viewer):
        return talk(viewer, case_page(viewer, item), clock.now()).said

    assert [each.may_withdraw for each in said(handler)] == [True, True]
    assert [each.may_withdraw for each in said(office)] == [False, False]
    assert said(office)[0].to == (office.name,)
    comments.withdraw(made["comment"], actor=handler)
    assert [(each.text, each.withdrawn) for each in said(office)] == [("", True), ("更正", False)]
    stories.set_clock("2026-07-06 12:00")
    assert [each.may_withdraw for each in said(handler)] == [False, False]


def test_only_who_works_on_cases_is_asked_to_speak(tanghe, item):
    def of(viewer):
        return talk(viewer, case_page(viewer, item), clock.now())

    assert of(tanghe.actor("unit_handler", "SJG")).may
    assert (
        of(tanghe.actor("business_auditor")).may,
        of(tanghe.actor("business_auditor")).people,
    ) == (False, ())
    supervision.struck_off(tanghe, item)
    assert of(tanghe.actor("unit_handler", "SJG")).why_not is not None


def test_nobody_waits_for_a_list_that_holds_nothing_up(tanghe, reading):
    assert waited_for(reading, tanghe.unit("ZJJ"), "complete_item") == 0

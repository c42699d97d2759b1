"""The thread of a case: who speaks, whom a comment may address, what withdrawing leaves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands import comments, copies
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Comment, PersonalValue
from tests import stories, supervision


@pytest.fixture
def item(tanghe):
    return supervision.in_hand(tanghe)


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "ZJJ")


def said(item, by, text="材料已补齐。", people=()):
    made = comments.comment(item, {"text": text, "people": list(people)}, actor=by)
    return session().get_one(Comment, made["comment"])


def test_a_comment_addresses_people_by_sign_or_by_choice(tanghe, item, handler):
    office, helper = tanghe.post("supervising_office"), tanghe.actor("unit_handler", "SJG")
    text = f"请@{helper.login}核对，信箱 a@b.cn 不算，@nobody 也不算"
    found = said(item, handler, text, [office.login])

    assert set(found.mentions) == {office.person_id, helper.person_id}
    assert (found.text, found.unit_id) == (text, tanghe.unit("ZJJ"))
    assert stories.case(item).comment_count == 1
    (act,) = stories.acts(f"case:{item}", "comment.added")
    assert set(act["data"]["persons"]) == set(found.mentions)


def test_nobody_is_addressed_who_may_not_know_of_the_case(tanghe, item, handler):
    outsider = tanghe.actor("unit_handler", "FGW")
    for answers in (
        {"text": f"@{outsider.login} 请看", "people": []},
        {"text": "请看", "people": [outsider.login]},
    ):
        with pytest.raises(Invalid):
            comments.comment(item, answers, actor=handler)
    copies.send(
        item,
        {"what": "case", "units": ["FGW"], "people": [], "note": ""},
        actor=tanghe.post("supervising_office"),
    )

    assert said(item, handler, f"@{outsider.login} 请看").mentions == [outsider.person_id]
    assert said(item, outsider).unit_id == tanghe.unit("FGW")


def test_who_only_watches_does_not_speak_and_a_closed_thread_is_closed(tanghe, item, handler):
    with pytest.raises(NotAllowed):
        said(item, tanghe.actor("business_auditor"))
    with pytest.raises(NotFound):
        said(item, tanghe.stranger)
    supervision.struck_off(tanghe, item)
    with pytest.raises(Invalid):
        said(item, handler)


def test_what_is_withdrawn_stays_on_record(tanghe, item, handler):
    found = said(item, handler, "说错了")
    with pytest.raises(NotAllowed):
        comments.withdraw(found.id, actor=tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises(NotFound):
        comments.withdraw(found.id, actor=tanghe.stranger)

    comments.withdraw(found.id, actor=handler)

    assert found.withdrawn_at is not None
    assert found.text == "说错了"
    assert stories.acts(f"case:{item}", "comment.withdrawn")[0]["data"]["comment"] == found.id
    with pytest.raises(Invalid):
        comments.withdraw(found.id, actor=handler)


def test_the_journal_vouches_for_a_comment_and_does_not_repeat_it(item, handler):
    said(item, handler, "只在沟通中显示")

    assert "只在沟通中显示" not in str(stories.acts(f"case:{item}"))
    kept = session().scalars(select(PersonalValue.value).where(PersonalValue.name == "text"))
    assert kept.all() == ["只在沟通中显示"]


def test_after_ten_minutes_only_a_second_comment_corrects_it(tanghe, item, handler):
    found = said(item, handler)
    stories.set_clock("2026-07-06 09:30")

    with pytest.raises(Invalid):
        comments.withdraw(found.id, actor=handler)

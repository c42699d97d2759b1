"""What is typed is kept for who typed it, over windows and refusals, until the task is done."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import forms
from app.actor import SYSTEM
from app.commands import drafts, handing
from app.commands.clock import resume, suspend
from app.commands.completion import complete_task
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.model import Draft, Event
from app.queries.tasks import task_page
from tests import stories, supervision

TYPED = (("opinion", "同意牵头"), ("actions", ""), ("agrees", "agree"))
MORE = (*TYPED[:1], ("actions", "配合检查"))


def save(task, actor, fields=TYPED, seen=0):
    return drafts.save_draft(task.id, fields, actor=actor, seen=seen)


def shown(task, actor):
    """What the task page restores for somebody."""
    session().expire_all()
    draft = task_page(actor, task.id).draft
    return draft.fields.fields if draft else None


def kept() -> list[tuple[int, int]]:
    return list(session().execute(select(Draft.assignment_id, Draft.person_id)))


def test_it_is_there_again_for_who_typed_it_and_for_nobody_else(task, handler, second):
    acts = session().query(Event).count()
    assert save(task, handler)["version"] == 1
    assert save(task, handler, MORE, seen=1)["version"] == 2

    assert shown(task, handler) == MORE
    assert shown(task, second) is None
    assert save(task, second)["version"] == 1, "each has their own"
    assert shown(task, handler) == MORE
    assert session().query(Event).count() == acts, "typing is no act"


def test_a_second_window_overwrites_nothing_unseen(task, handler):
    save(task, handler)
    save(task, handler, MORE, seen=1)
    with pytest.raises(Stale) as refused:
        save(task, handler, (("opinion", "另一窗口"),), seen=1)

    assert refused.value.details["version"] == 2
    assert shown(task, handler) == MORE
    assert save(task, handler, MORE, seen=1)["version"] == 2, "the same again is saved already"
    assert save(task, handler, TYPED, seen=2)["version"] == 3


def test_only_the_post_keeps_drafts_and_only_of_so_much(tanghe, task, handler):
    with pytest.raises(NotFound):
        save(task, tanghe.stranger)
    with pytest.raises(NotAllowed):
        save(task, tanghe.post("supervising_office"))
    with pytest.raises(NotFound):
        drafts.save_draft(10**9, TYPED, actor=handler, seen=0)
    with pytest.raises(NotFound):
        drafts.drop_draft(task.id, actor=tanghe.stranger)
    with pytest.raises(Invalid):
        save(task, handler, (("opinion", "长" * drafts.LONGEST),))
    assert kept() == []


def test_handing_on_hands_the_draft_on(task, handler, second):
    save(task, handler)
    handing.transfer(task.id, {"person": "sjg_second", "reason": "外出"}, actor=handler)
    assert shown(task, second) == TYPED
    save(task, second, MORE, seen=2)

    handing.transfer(task.id, {"person": "sjg_unit_handler", "reason": "回来"}, actor=second)
    assert shown(task, handler) == MORE


def test_who_has_a_draft_of_their_own_goes_on_with_it(task, handler, second):
    save(task, handler)
    save(task, second, MORE)
    handing.transfer(task.id, {"person": "sjg_second", "reason": "外出"}, actor=handler)

    assert shown(task, second) == MORE


def test_it_survives_a_refusal_and_ends_with_the_task(task, handler):
    save(task, handler)
    with pytest.raises(Invalid):
        complete_task(task.id, forms.Sent(TYPED), actor=handler)
    assert shown(task, handler) == TYPED

    complete_task(task.id, supervision.CO_OPINION, actor=handler)
    assert shown(task, handler) is None
    with pytest.raises(Invalid):
        save(task, handler, MORE, seen=1)
    assert drafts.forget_drafts(actor=SYSTEM) == 1
    assert kept() == []


def test_it_waits_while_the_case_stands_still(tanghe, task, handler):
    save(task, handler)
    office = tanghe.post("supervising_office")
    suspend(task.case_id, {"reason": "等待法院裁判结果"}, actor=office)
    with pytest.raises(Invalid):
        save(task, handler, MORE, seen=1)
    assert drafts.forget_drafts(actor=SYSTEM) == 0

    resume(task.case_id, {}, actor=office)
    assert shown(task, handler) == TYPED
    stories.set_clock("2028-01-10 09:00")
    assert drafts.forget_drafts(actor=SYSTEM) == 1


def test_starting_over_throws_it_away(task, handler, second):
    save(task, handler)
    save(task, second)
    drafts.drop_draft(task.id, actor=handler)

    assert shown(task, handler) is None
    assert shown(task, second) == TYPED
    with pytest.raises(NotAllowed):
        drafts.forget_drafts(actor=handler)

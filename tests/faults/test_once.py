"""The same form sent several times is one act, and everybody who sent it gets its answer."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from app.actor import SYSTEM
from app.commands.answered import forget_answered
from app.commands.cases import start_item, start_meeting
from app.commands.completion import complete_task
from app.db import session
from app.errors import NotAllowed, Stale
from app.model import Case
from tests import stories, supervision
from tests.faults.together import acts_of, require_agreement, require_whole, tally, together

SENDERS = 6
TURNS = 5


def test_a_form_sent_by_several_threads_at_once_completes_its_task_once(at_work, busy_county):
    office = busy_county.post("supervising_office")
    sent = 0
    for turn in range(TURNS):
        item = supervision.open_item(busy_county, matter=f"同一表单{turn}")
        task, key = stories.task(item, "register"), f"form-{item}"
        answers = supervision.registration(busy_county, item)
        act = partial(complete_task.once, key, task.id, answers, actor=office)

        found = together(at_work, *[act] * SENDERS)
        later = act()

        assert tally(found) == {"done": SENDERS}, found
        assert all(answer == later for answer in found)
        assert acts_of(item, "task.completed") == acts_of(item, "item.registered") == 1
        require_agreement(item)
        sent += SENDERS + 1
    print(f"{sent} sendings of {TURNS} forms: {TURNS} acts")
    require_whole()


def test_what_is_started_twice_at_once_exists_once(at_work, busy_county):
    office, profile = busy_county.post("supervising_office"), busy_county.profile.key
    before = cases()
    acts = [
        partial(start_meeting.once, "a-meeting", profile, "专题会议", actor=office),
        partial(start_item.once, "an-item", profile, "一次立项", "ZJJ", actor=office),
    ]

    found = [together(at_work, *[act] * SENDERS) for act in acts]

    assert [tally(each) for each in found] == [{"done": SENDERS}] * 2, found
    assert [len({answer["case"] for answer in each}) for each in found] == [1, 1]
    assert cases() == before + 2
    require_whole()


def test_a_key_is_one_persons_and_one_acts(busy_county):
    item = supervision.open_item(busy_county, matter="谁的表单")
    office, other = (busy_county.post(p) for p in ("supervising_office", "supervising_director"))
    task = stories.task(item, "register")
    complete_task.once("mine", task.id, supervision.registration(busy_county, item), actor=office)

    with pytest.raises(NotAllowed):
        complete_task.once("mine", task.id, {}, actor=other)
    with pytest.raises(NotAllowed):
        start_meeting.once("mine", busy_county.profile.key, "会议", actor=office)


def test_a_refused_form_may_be_sent_again_under_its_key(busy_county):
    item = supervision.open_item(busy_county, matter="先退后办")
    office, task = busy_county.post("supervising_office"), stories.task(item, "register")
    answers = supervision.registration(busy_county, item)
    with pytest.raises(Stale):
        complete_task.once("again", task.id, answers, actor=office, version=task.version + 1)

    complete_task.once("again", task.id, answers, actor=office, version=task.version)

    assert acts_of(item, "task.completed") == 1


def test_a_key_that_comes_back_with_other_words_is_refused_and_says_when(busy_county):
    item = supervision.open_item(busy_county, matter="改了再发")
    office, task = busy_county.post("supervising_office"), stories.task(item, "register")
    answers = supervision.registration(busy_county, item)
    complete_task.once("changed", task.id, answers, actor=office)

    with pytest.raises(Stale) as refusal:
        complete_task.once("changed", task.id, {**answers, "requirement": "另一要求"}, actor=office)

    assert refusal.value.details["by"] == office.name
    assert refusal.value.details["at"] is not None
    assert acts_of(item, "task.completed") == 1


def test_keys_are_forgotten_after_a_week(own_county):
    office, profile = own_county.post("supervising_office"), own_county.profile.key
    first = start_meeting.once("kept", profile, "会议", actor=office)
    stories.set_clock("2026-07-13 08:00")
    assert forget_answered(actor=SYSTEM) == 0
    assert start_meeting.once("kept", profile, "会议", actor=office) == first

    stories.set_clock("2026-07-13 10:00")
    assert forget_answered(actor=SYSTEM) == 1


def cases() -> int:
    """How many cases there are now."""
    session().rollback()
    return session().scalar(select(func.count()).select_from(Case)) or 0

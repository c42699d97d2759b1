"""Who is told of what: those it concerns, those who stand in for them, and nobody else."""

from __future__ import annotations

from app.commands.clock import resume, suspend
from app.commands.following import follow
from app.commands.handing import transfer
from app.commands.supervising import urge
from app.commands.timers import fire_due
from tests import stories, supervision
from tests.people import deputise
from tests.telling.verbs import forget, kinds, of, told_all, wish


def test_a_new_task_is_told_to_those_who_may_do_it_and_to_nobody_else(quiet):
    item = supervision.open_item(quiet)
    supervision.dispatched(quiet, item)
    told_all()

    assert kinds(quiet.actor("unit_liaison", "ZJJ"), item) == ["task"]
    assert kinds(quiet.actor("unit_liaison", "SJG"), item) == ["task"]
    (news,) = of(quiet.actor("unit_liaison", "ZJJ"), item)
    assert news.assignment_id == stories.task(item, "sign_for", quiet.unit("ZJJ")).id
    assert (news.times, news.read_at, news.mail_at) == (1, None, None)
    assert kinds(quiet.actor("unit_head", "ZJJ"), item) == []
    assert kinds(quiet.stranger) == []


def test_whoever_did_it_is_not_told(quiet):
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    handler = quiet.actor("unit_handler", "ZJJ")

    urge(item, {"text": ""}, actor=quiet.post("supervising_office"))
    told_all()

    assert kinds(handler, item) == ["urged"]
    assert kinds(quiet.post("supervising_office"), item) == []


def test_a_deputy_is_told_what_the_principal_is_told_within_the_scope(quiet):
    handler = quiet.actor("unit_handler", "ZJJ")
    deputy = deputise(quiet, quiet.actor("unit_handler", "FGW"), handler)
    item = supervision.in_hand(quiet)
    told_all()

    assert kinds(deputy, item) == kinds(handler, item) != []


def test_a_task_handed_on_is_told_to_whom_it_was_handed(quiet):
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    liaison = quiet.actor("unit_liaison", "ZJJ")

    task = stories.task(item, "complete_item", quiet.unit("ZJJ"))
    said = {"person": liaison.login, "reason": "外出学习"}
    transfer(task.id, said, actor=quiet.actor("unit_handler", "ZJJ"))
    told_all()

    assert kinds(liaison, item) == ["handed"]
    assert kinds(quiet.actor("unit_handler", "ZJJ"), item) == []


def test_nearing_and_passing_dates_are_told_once_a_day_and_to_the_leader(quiet):
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    due = stories.task(item, "complete_item", quiet.unit("ZJJ")).due_at
    assert due is not None

    stories.set_clock(f"{due.date().isoformat()} 23:59")
    stories.set_clock("2026-12-31 10:00")
    fire_due()
    told_all()

    assert "overdue" in kinds(quiet.actor("unit_handler", "ZJJ"), item)
    assert "overdue" in kinds(quiet.actor("unit_leader", "ZJJ"), item)


def test_followers_and_openers_hear_what_becomes_of_a_case(quiet):
    item = supervision.in_hand(quiet)
    convener = quiet.actor("convener")
    follow(item, actor=convener)
    told_all()
    forget()
    office = quiet.post("supervising_office")

    suspend(item, {"reason": "等待法院裁判结果"}, actor=office)
    told_all()
    resume(item, {}, actor=office)
    told_all()

    (news,) = of(convener, item)
    assert (news.kind, news.times) == ("case", 2), "unread news of one day is one entry"
    assert kinds(quiet.actor("unit_handler", "ZJJ"), item) == ["case"]


def test_what_may_be_switched_off_is_not_told_and_what_must_be_is(quiet):
    convener = quiet.actor("convener")
    handler = quiet.actor("unit_handler", "ZJJ")
    wish(convener, off=frozenset({"case"}))
    wish(handler, off=frozenset({"case", "urged"}))
    item = supervision.in_hand(quiet)
    follow(item, actor=convener)
    told_all()
    forget()
    office = quiet.post("supervising_office")

    urge(item, {"text": ""}, actor=office)
    suspend(item, {"reason": "等待法院裁判结果"}, actor=office)
    told_all()

    assert kinds(convener, item) == []
    assert kinds(handler, item) == ["urged"]

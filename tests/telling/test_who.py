"""Who is told of what: those it concerns, those who stand in for them, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import advance, clock, journal
from app.actor import SYSTEM
from app.commands import circulations, comments, copies, news
from app.commands.clock import resume, suspend
from app.commands.following import follow
from app.commands.handing import transfer
from app.commands.supervising import urge
from app.commands.timers import fire_due
from app.db import session, transaction
from app.effects import reminders
from app.effects.hearing import PARTIES
from app.errors import NotFound
from app.model import Follow, Notification, Person, RoleHolding
from app.queries.people import actor_by_id
from app.queries.visibility import visible_case
from app.queries.words import SENTENCES
from app.rules.telling import BY_TIMER, KINDS, TABLE
from tests import loop, stories, supervision
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


def stand_in(county, deputy, of, *, kinds=None):
    """Somebody from elsewhere acts for somebody, in certain kinds of cases only."""
    (post,) = of.holdings
    session().add(
        RoleHolding(
            person_id=deputy.person_id, unit_id=post.unit_id, role=post.role,
            deputy_for_id=of.person_id, valid_from=clock.now(), kinds=kinds,
            valid_until=clock.now() + timedelta(days=1),
        )
    )  # fmt: skip
    session().commit()


@pytest.mark.parametrize(
    ("scope", "told"), [(None, True), (["supervision_item"], True), (["risk_notice"], False)]
)
def test_a_deputy_is_told_what_the_principal_is_told_within_the_scope(quiet, scope, told):
    handler, deputy = quiet.actor("unit_handler", "ZJJ"), quiet.actor("unit_handler", "FGW")
    stand_in(quiet, deputy, handler, kinds=scope)
    item = supervision.in_hand(quiet)
    told_all()

    assert kinds(handler, item) == ["task"]
    assert kinds(deputy, item) == (["task"] if told else [])


def test_when_the_period_is_over_the_deputy_is_told_nothing(quiet):
    handler, deputy = quiet.actor("unit_handler", "ZJJ"), quiet.actor("unit_handler", "FGW")
    stand_in(quiet, deputy, handler)
    stories.set_clock("2026-07-09 09:00")
    item = supervision.in_hand(quiet)
    told_all()

    assert kinds(handler, item) == ["task"]
    assert kinds(deputy, item) == []


def test_whom_a_comment_mentions_hears_of_it_each_time(quiet):
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    helper = quiet.actor("unit_handler", "SJG")
    said = {"text": f"请@{helper.login}核对", "people": []}

    comments.comment(item, said, actor=quiet.actor("unit_handler", "ZJJ"))
    told_all()
    news.read_case(item, actor=helper)
    comments.comment(item, said, actor=quiet.actor("unit_handler", "ZJJ"))
    told_all()

    assert [(row.kind, row.read_at is None) for row in of(helper, item)] == [
        ("mention", False),
        ("mention", True),
    ]
    assert kinds(quiet.actor("unit_handler", "ZJJ"), item) == []


def test_a_copy_is_told_to_who_receives_for_the_unit_or_to_the_person_named(quiet):
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    copies.send(
        item,
        {"what": "case", "units": ["FGW"], "people": [], "note": ""},
        actor=quiet.post("supervising_office"),
    )
    told_all()

    assert kinds(quiet.actor("unit_liaison", "FGW"), item) == ["copy"]
    assert kinds(quiet.actor("unit_handler", "FGW"), item) == []


def test_urging_twice_on_one_day_nags_once_also_when_the_first_was_read(quiet):
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    handler = quiet.actor("unit_handler", "ZJJ")
    for day in ("2026-08-05 09:00", "2026-08-05 16:00", "2026-08-06 09:00"):
        stories.set_clock(day)
        with transaction():
            loaded = advance.load(item)
            task = stories.task(item, "complete_item", quiet.unit("ZJJ"))
            reminders.remind(loaded, [task], actor=SYSTEM)
            journal.flush()
        told_all()
        news.read_case(item, actor=handler)

    assert [clock.local_day(row.at).day for row in of(handler, item)] == [5, 6]


def test_every_row_of_the_table_is_a_kind_of_act_and_a_kind_of_news():
    said = [each for row in (*TABLE.values(), *BY_TIMER.values()) for each in row]

    assert set(TABLE) <= set(SENTENCES)
    assert {each.kind for each in said} | {"task"} == set(KINDS), "no kind that nobody is told of"
    assert {party for each in said for party in each.to} <= set(PARTIES)


def test_of_all_who_follow_those_are_told_who_may_see_the_case_and_only_they(quiet):
    notices = loop.round_with_notices(quiet)["notices"]
    cases = [supervision.in_hand(quiet), notices["I10"], notices["I06"]]
    people = list(session().scalars(select(Person.id)))
    since = clock.now()
    session().add_all(
        Follow(person_id=person, case_id=case, since=since) for person in people for case in cases
    )
    session().commit()
    told_all()
    forget()
    office = quiet.post("supervising_office")
    for case_id in cases:
        suspend(case_id, {"reason": "等待法院裁判结果"}, actor=office)
    told_all()

    for case_id in cases:
        told = session().scalars(
            select(Notification.person_id).where(Notification.case_id == case_id)
        )
        assert set(told) == {each for each in people if sees(each, case_id)} - {office.person_id}
        assert 8 < sum(sees(each, case_id) for each in people) < len(people) - 20


def sees(person_id: int, case_id: int) -> bool:
    """What the pages' own rule says."""
    try:
        visible_case(actor_by_id(person_id), case_id)
    except NotFound:
        return False
    return True


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


def test_what_came_for_reading_and_who_was_mentioned_is_told_to_them_alone(quiet):
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    office, handler = quiet.post("supervising_office"), quiet.actor("unit_handler", "ZJJ")
    copies.send(item, {"what": "case", "units": ["FGW"], "people": []}, actor=office)
    asked = {"readers": [quiet.actor("unit_head", "ZJJ").login]}
    circulations.circulate(item, asked, actor=handler)
    comments.comment(item, {"text": f"@{office.login} 请核", "people": []}, actor=handler)
    told_all()

    assert kinds(quiet.actor("unit_liaison", "FGW"), item) == ["copy"]
    assert kinds(quiet.actor("unit_head", "ZJJ"), item) == ["copy"]
    assert kinds(office, item) == ["mention"]
    assert kinds(quiet.actor("unit_leader", "ZJJ"), item) == []
    assert kinds(quiet.stranger) == []

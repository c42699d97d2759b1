"""The list of what one was told, its unread count, marking it read, and what it hides."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.commands import news as acts
from app.commands.following import follow
from app.commands.supervising import urge
from app.db import session
from app.model import Follow, Notification, RoleHolding, Ticket
from app.queries.inbox import glance
from app.queries.news import PAGE, news
from app.queries.people import actor_by_login
from tests import stories, supervision
from tests.telling.verbs import forget, of, told_all


def urged(quiet) -> int:
    """An item whose handler was told nothing but that it is urged."""
    item = supervision.in_hand(quiet)
    told_all()
    forget()
    urge(item, {"text": ""}, actor=quiet.post("supervising_office"))
    told_all()
    return item


def test_the_list_says_what_happened_where_and_the_count_how_much(quiet):
    item, handler = urged(quiet), quiet.actor("unit_handler", "ZJJ")

    (line,) = news(handler).rows
    case = stories.case(item)
    task = stories.task(item, "complete_item", quiet.unit("ZJJ"))
    assert (line.kind, line.unread, line.times) == ("urged", True, 1)
    assert (line.case_id, line.number, line.title) == (item, case.number, case.title)
    assert line.waits
    assert line.task == session().get_one(Ticket, task.ticket_id).name
    assert glance(handler).news == 1


def test_looking_at_the_case_reads_what_was_told_of_it_and_nothing_else(quiet):
    item, handler = urged(quiet), quiet.actor("unit_handler", "ZJJ")
    other = supervision.in_hand(quiet, matter="校园周边消费纠纷治理", indicator=None)
    told_all()
    before = glance(handler).news

    acts.read_case(item, actor=handler)

    assert [row.read_at is None for row in of(handler, item)] == [False]
    assert glance(handler).news == before - 1 == len(of(handler, other))


def test_everything_is_read_up_to_what_was_shown(quiet):
    handler = quiet.actor("unit_handler", "ZJJ")
    urged(quiet)
    newest = of(handler)[-1].id
    supervision.in_hand(quiet, matter="校园周边消费纠纷治理", indicator=None)
    told_all()

    acts.read_all(newest, actor=handler)

    assert glance(handler).news == len([row for row in of(handler) if row.id > newest]) > 0


def test_a_stranger_reads_nothing_of_others(quiet):
    item, handler = urged(quiet), quiet.actor("unit_handler", "ZJJ")

    acts.read_case(item, actor=quiet.stranger)
    acts.read_all(10**9, actor=quiet.stranger)

    assert glance(handler).news == 1
    assert news(quiet.stranger).rows == ()


def test_when_access_is_lost_the_entry_shows_nothing_of_the_case(quiet):
    item, handler = urged(quiet), quiet.actor("unit_handler", "ZJJ")
    held = session().scalars(select(RoleHolding).where(RoleHolding.person_id == handler.person_id))
    for row in held:
        row.unit_id = quiet.unit("WLX")
    session().commit()

    (line,) = news(actor_by_login(handler.login)).rows

    plain = replace(line, id=0, kind="", at=line.at, times=0, unread=False)
    assert plain == type(line)(0, "", line.at, 0, unread=False), "nothing but that there was news"
    case = stories.case(item)
    assert case.title not in repr(line)
    assert str(case.number) not in repr(line)


def test_nobody_is_told_of_a_case_they_may_not_see(quiet):
    item = supervision.in_hand(quiet)
    stranger = quiet.stranger
    session().add(
        Follow(person_id=stranger.person_id, case_id=item, since=stories.set_clock("2026-08-03"))
    )
    session().commit()
    told_all()
    urge(item, {"text": ""}, actor=quiet.post("supervising_office"))
    told_all()

    assert of(stranger) == []


def test_the_pages_follow_one_another_without_a_gap(quiet):
    convener = quiet.actor("convener")
    item = supervision.in_hand(quiet)
    follow(item, actor=convener)
    session().query(Notification).delete()
    at = stories.set_clock("2026-08-03 10:00")
    session().add_all(
        Notification(person_id=convener.person_id, kind="case", case_id=item, seq=n, at=at)
        for n in range(PAGE + 7)
    )
    session().commit()

    first = news(convener)
    second = news(convener, after=first.after)

    assert len(first.rows) == PAGE
    assert second.after is None
    ids = [row.id for row in (*first.rows, *second.rows)]
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == PAGE + 7

"""Who leaves hands over: successors, the post, the first owner, sessions, posts for a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands import handing
from app.commands.completion import complete_task
from app.commands.deputies import name_deputy
from app.commands.leaving import (
    disable_person,
    enable_person,
    end_lapsed_posts,
    end_post,
    hand_over,
)
from app.commands.organisation import add_person, rename_person, reset_password
from app.commands.roles import grant_post
from app.commands.units import move_unit, rename_unit
from app.db import session
from app.effects import handover
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.model import Assignment, Case, Person, RoleHolding, WebSession
from app.queries.history import history, place
from app.queries.people import actor_by_id, actor_by_login
from tests import stories, supervision

ORGANISATION = "organisation"
PASSWORD = "a lamp beside the river"


@pytest.fixture
def liaison(tanghe):
    return tanghe.actor("unit_liaison", "SJG")


@pytest.fixture
def leader(tanghe):
    return tanghe.actor("unit_leader", "SJG")


@pytest.fixture
def opinion(tanghe):
    """A co-handler's task, claimed by the handler."""
    item = supervision.dispatched(tanghe, supervision.open_item(tanghe))
    for unit, node in (("ZJJ", "sign_for"), ("SJG", "co_sign_for")):
        by = tanghe.actor("unit_liaison", unit)
        stories.complete(item, node, {"decision": "sign"}, by=by)
    found = stories.task(item, "co_opinion")
    handing.claim(found.id, {}, actor=tanghe.actor("unit_handler", "SJG"))
    return found.id


@pytest.fixture
def matter(tanghe):
    """A matter whose handler the handler was named, and the task that is theirs in it."""
    item = supervision.in_hand(tanghe, matter="另一个事项", lead="SJG", co=["RSJ"])
    return item, stories.task(item, "complete_item").id


def now(assignment_id):
    return session().get_one(Assignment, assignment_id, populate_existing=True)


def keys(tanghe):
    return [f"to_{tanghe.unit('SJG')}_{post}" for post in ("unit_handler", "co_handler", "handler")]


def test_what_is_open_is_counted_by_what_passes_on_together(tanghe, handler, opinion, matter):
    found = handover.groups(handler.person_id)
    posts = {now(each).given_post for each in (opinion, matter[1])}

    assert {group: found[group] for group in found if group[1] == "handler"} == {
        (tanghe.unit("SJG"), "handler"): 1
    }
    assert sum(found.values()) == 3
    assert {post for _unit, post in found} == {*posts, "handler"}


def test_who_leaves_hands_everything_to_a_successor_in_one_act(
    tanghe, system, handler, liaison, opinion, matter
):
    session().add(
        WebSession(id_hash="x", person_id=handler.person_id, created_at=clock.now(),
                   seen_at=clock.now())
    )  # fmt: skip
    session().commit()
    answers = dict.fromkeys(keys(tanghe), liaison.login)

    done = disable_person(handler.person_id, answers, actor=system)

    assert (sum(done["handed"].values()), done["left"]) == (3, 0)
    for each in (opinion, matter[1]):
        task = now(each)
        assert (task.person_id, task.owner_id, task.post) == (
            liaison.person_id, handler.person_id, "unit_liaison",
        )  # fmt: skip
    item = session().get_one(Case, matter[0], populate_existing=True)
    assert item.handler_id == liaison.person_id
    assert stories.kinds(matter[0])[-2:] == ["task.handed_over", "handler.handed_over"]
    said = [str(line.text) for line in history(liaison, matter[0])][-2:]
    assert all("演示-sjg_unit_liaison" in each for each in said)
    live = select(WebSession.id).where(WebSession.ended_at.is_(None))
    assert session().scalars(live).all() == []
    with pytest.raises(NotFound):
        actor_by_login(handler.login)
    by = actor_by_id(liaison.person_id)
    assert complete_task(matter[1], supervision.COMPLETION, actor=by)["case"] == matter[0]


def test_what_nobody_is_chosen_for_is_left_to_the_post(tanghe, system, handler, liaison, opinion):
    done = disable_person(handler.person_id, actor=system)

    assert done == {"handed": {}, "left": 1}
    assert now(opinion).person_id is None
    assert stories.acts(ORGANISATION, "person.disabled")[-1]["data"]["left"] == 1


@pytest.mark.parametrize("who", ["sjg_unit_handler", "zjj_unit_handler", "nobody"])
def test_only_a_colleague_who_may_do_it_takes_over_and_else_nothing_happens(
    tanghe, system, handler, opinion, who
):
    with pytest.raises(Invalid) as refused:
        disable_person(handler.person_id, dict.fromkeys(keys(tanghe), who), actor=system)

    assert set(refused.value.fields) <= set(keys(tanghe))
    assert now(opinion).person_id == handler.person_id
    assert actor_by_login(handler.login)


def test_a_leader_of_the_unit_hands_over_and_nobody_else(
    tanghe, handler, liaison, leader, opinion, matter
):
    answers = {keys(tanghe)[2]: liaison.login}
    elsewhere = tanghe.actor("unit_leader", "ZJJ")
    for stranger in (elsewhere, liaison, tanghe.actor("sys_admin"), tanghe.actor("sec_admin")):
        with pytest.raises(NotAllowed):
            hand_over(handler.person_id, answers, actor=stranger)
    with pytest.raises(Invalid, match="Choose who takes over"):
        hand_over(handler.person_id, {}, actor=leader)

    assert hand_over(handler.person_id, answers, actor=leader) == {"handed": {keys(tanghe)[2]: 1}}
    item = session().get_one(Case, matter[0], populate_existing=True)
    assert (item.handler_id, now(matter[1]).person_id) == (liaison.person_id, handler.person_id)
    assert stories.acts(ORGANISATION, "person.handed_over")[-1]["person"] == leader.person_id


def test_a_deputy_of_the_leader_hands_nothing_over(tanghe, handler, liaison, leader, opinion):
    today = clock.today()
    days = {"first_day": f"{today}", "last_day": f"{today}", "post": "all"}
    name_deputy(leader.person_id, {"deputy": liaison.login, **days}, actor=leader)

    with pytest.raises(NotAllowed):
        hand_over(handler.person_id, {}, actor=actor_by_id(liaison.person_id))


def test_a_post_ends_alone_with_what_is_open_under_it(
    tanghe, security, handler, liaison, opinion, matter
):
    grant_post(handler.person_id, {"unit": "ZJJ", "role": "unit_handler"}, actor=security)
    answers = {"post": f"{tanghe.unit('SJG')}:unit_handler", keys(tanghe)[0]: liaison.login}
    done = end_post(handler.person_id, answers, actor=security)

    assert sum(done["handed"].values()) + done["left"] >= 2
    assert now(opinion).person_id in (None, liaison.person_id)
    assert [h.unit_code for h in actor_by_id(handler.person_id).holdings] == ["ZJJ"]
    with pytest.raises(Invalid) as refused:
        end_post(handler.person_id, answers, actor=security)
    assert "post" in refused.value.fields


def test_a_post_for_a_time_ends_by_itself_and_leaves_no_task_waiting(
    tanghe, security, handler, opinion
):
    new = add_person("new_clerk", "演示-新人", PASSWORD, actor=SYSTEM)["person"]
    last = clock.today() + timedelta(days=3)
    until = {"last_day": f"{last}"}
    grant_post(new, {"unit": "SJG", "role": "co_handler", **until}, actor=security)
    grant_post(new, {"unit": "SJG", "role": "unit_handler", **until}, actor=security)
    task = now(opinion)
    handing.release(task.id, {}, actor=handler)
    handing.claim(task.id, {}, actor=actor_by_id(new))
    assert end_lapsed_posts(actor=SYSTEM) == 0

    stories.set_clock(f"{last + timedelta(days=1)} 00:05")
    assert actor_by_id(new).holdings == ()
    assert end_lapsed_posts(actor=SYSTEM) == 2
    assert now(opinion).person_id is None
    assert [act["data"]["lapsed"] for act in stories.acts(ORGANISATION, "post.ended")] == [True] * 2
    assert end_lapsed_posts(actor=SYSTEM) == 0


def test_what_a_deputy_held_is_cleared_away_when_the_time_is_over(tanghe, handler, liaison):
    today = clock.today()
    days = {"first_day": f"{today}", "last_day": f"{today}", "post": "all"}
    name_deputy(handler.person_id, {"deputy": liaison.login, **days}, actor=handler)
    stories.set_clock(f"{today + timedelta(days=1)} 00:05")

    assert end_lapsed_posts(actor=SYSTEM) == 1
    held = select(RoleHolding.id).where(RoleHolding.deputyship_id.is_not(None))
    assert session().scalars(held).all() == []
    assert stories.acts(ORGANISATION, "post.ended") == []


def test_an_account_opens_again_without_posts_and_waits_for_a_password(system, handler):
    disable_person(handler.person_id, actor=system)
    enable_person(handler.person_id, actor=system)

    person = session().get_one(Person, handler.person_id)
    assert (person.active, person.password_hash, person.must_change_password) == (True, "", True)
    assert actor_by_login(handler.login).holdings == ()


def test_nobody_closes_their_own_account(system):
    with pytest.raises(Invalid, match="own account"):
        disable_person(system.person_id, actor=system)


@pytest.mark.parametrize(
    ("unit", "role", "days", "why"),
    [
        ("SJG", "unit_handler", {}, "held already"),
        ("SJG", "king", {}, "marked below"),
        ("NONE", "unit_handler", {}, "NONE"),
        ("SJG", "unit_liaison", {"first_day": 3, "last_day": 2}, "before it begins"),
        ("SJG", "unit_liaison", {"last_day": -1}, "marked below"),
    ],
)
def test_a_post_that_cannot_be_is_refused(security, handler, unit, role, days, why):
    term = {name: f"{clock.today() + timedelta(days=each)}" for name, each in days.items()}
    with pytest.raises(Invalid, match=why):
        grant_post(handler.person_id, {"unit": unit, "role": role, **term}, actor=security)


def test_posts_are_granted_by_one_hand_and_accounts_kept_by_another(system, security, handler):
    for act in (
        lambda: grant_post(
            handler.person_id, {"unit": "ZJJ", "role": "unit_handler"}, actor=system
        ),
        lambda: rename_person(handler.person_id, {"name": "新名"}, actor=security),
        lambda: enable_person(handler.person_id, actor=security),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_of_two_who_change_the_same_account_the_second_hears_who_was_faster(
    tanghe, system, security, handler
):
    seen = place(ORGANISATION)
    rename_person(handler.person_id, {"name": "演示-改名"}, actor=system, seen=seen)
    post = {"unit": "ZJJ", "role": "unit_handler"}
    grant_post(handler.person_id, post, actor=security, seen=seen)

    for act in (
        lambda: rename_person(handler.person_id, {"name": "演示-又改名"}, actor=system, seen=seen),
        lambda: reset_password(handler.person_id, {"password": PASSWORD}, actor=system, seen=seen),
        lambda: disable_person(handler.person_id, actor=system, seen=seen),
        lambda: grant_post(handler.person_id, post, actor=security, seen=seen),
    ):
        with pytest.raises(Stale):
            act()
    other = tanghe.actor("unit_liaison", "SJG").person_id
    rename_person(other, {"name": "演示-另一人"}, actor=system, seen=seen)
    seen = place(ORGANISATION)
    rename_unit(tanghe.unit("ZJJ"), {"name": "住建局"}, actor=system, seen=seen)
    with pytest.raises(Stale):
        move_unit(tanghe.unit("ZJJ"), {"parent": "ZFW"}, actor=system, seen=seen)

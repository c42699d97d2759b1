"""Somebody stands in for somebody else: who may arrange it, what is told first, when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, forms
from app.actor import SYSTEM
from app.commands import deputies
from app.commands.deputies import end_deputyship, name_deputy
from app.commands.leaving import disable_person, end_lapsed_posts
from app.commands.roles import grant_post, set_roles
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.model import Deputyship, RoleHolding
from app.queries.people import actor_by_id
from app.queries.words.cases import KINDS
from tests import stories, supervision

ORGANISATION = "organisation"


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "ZJJ")


@pytest.fixture
def liaison(tanghe):
    return tanghe.actor("unit_liaison", "ZJJ")


def wishes(deputy, *, first=0, last=6, **more):
    today = clock.today()
    days = {"first_day": today + timedelta(days=first), "last_day": today + timedelta(days=last)}
    said = {name: str(day) for name, day in days.items()}
    return {"deputy": deputy.login, "post": "all", **said, **more}


def named(person, deputy, actor, **more):
    return name_deputy(person.person_id, wishes(deputy, **more), actor=actor)["deputyship"]


def stands_in(deputy):
    return {
        (held.unit_code, held.role, held.deputy_for)
        for held in actor_by_id(deputy.person_id).holdings
        if held.deputy_for
    }


def test_people_name_their_own_deputy_for_a_time(handler, liaison):
    made = named(handler, liaison, handler, first=1, last=2, reason="外出培训")
    assert stands_in(liaison) == set()

    stories.set_clock(f"{clock.today() + timedelta(days=1)} 00:05")
    assert stands_in(liaison) == {("ZJJ", "unit_handler", handler.person_id)}
    stories.set_clock(f"{clock.today() + timedelta(days=1)} 23:59")
    assert stands_in(liaison)
    stories.set_clock(f"{clock.today() + timedelta(days=1)} 00:05")
    assert stands_in(liaison) == set()
    (act,) = stories.acts(ORGANISATION, "deputy.named")
    assert (act["data"]["deputyship"], act["data"]["reason"]) == (made, "外出培训")
    assert act["data"]["persons"] == [handler.person_id, liaison.person_id]


def test_one_of_several_posts_may_be_meant(tanghe, handler, security):
    posts = [{"unit": "ZJJ", "role": "unit_handler"}, {"unit": "SJG", "role": "unit_liaison"}]
    set_roles(handler.person_id, posts, actor=security)
    sjg = tanghe.actor("unit_handler", "SJG")
    with pytest.raises(Invalid) as refused:
        named(handler, sjg, handler)
    assert "works in that unit" in str(refused.value.fields["deputy"])

    named(handler, sjg, handler, post=f"{tanghe.unit('SJG')}:unit_liaison", kinds=["risk_notice"])
    (held,) = (h for h in actor_by_id(sjg.person_id).holdings if h.deputy_for)
    assert (held.unit_code, held.role, held.kinds) == ("SJG", "unit_liaison", {"risk_notice"})


def test_a_post_held_for_a_time_is_stood_in_for_within_that_time(
    tanghe, handler, liaison, security
):
    soon = clock.today() + timedelta(days=3)
    post = {"unit": "ZJJ", "role": "unit_head", "first_day": f"{soon}", "last_day": f"{soon}"}
    grant_post(handler.person_id, post, actor=security)
    head = f"{tanghe.unit('ZJJ')}:unit_head"

    with pytest.raises(Invalid) as refused:
        named(handler, liaison, handler, post=head, last=2)
    assert set(refused.value.fields) == {"post"}
    named(handler, liaison, handler)
    for days, posts in ((0, 1), (3, 2), (4, 1)):
        stories.set_clock(f"{clock.today() + timedelta(days=days)} 00:05")
        assert len(stands_in(liaison)) == posts
        stories.set_clock(f"{soon - timedelta(days=3)} 00:05")


def test_a_post_and_who_stands_in_for_it_may_be_over_at_the_same_moment(
    tanghe, handler, liaison, security
):
    last = clock.today() + timedelta(days=2)
    said = {"unit": "ZJJ", "role": "co_handler", "first_day": None, "last_day": f"{last}"}
    grant_post(handler.person_id, said, actor=security)
    days = {"first_day": f"{clock.today()}", "last_day": f"{last}"}
    answers = {"deputy": liaison.login, "post": f"{tanghe.unit('ZJJ')}:co_handler", **days}
    name_deputy(handler.person_id, answers, actor=handler)
    stories.set_clock(f"{last + timedelta(days=1)} 00:05")

    assert end_lapsed_posts(actor=SYSTEM) == 2
    assert end_lapsed_posts(actor=SYSTEM) == 0


def test_leaders_of_another_unit_end_nothing_in_this_one(tanghe, handler, liaison, security):
    post = {"unit": "SJG", "role": "co_handler", "first_day": None, "last_day": None}
    grant_post(handler.person_id, post, actor=security)
    made = named(handler, liaison, handler, post=f"{tanghe.unit('ZJJ')}:unit_handler")

    with pytest.raises(NotAllowed):
        end_deputyship(made, actor=tanghe.actor("unit_leader", "SJG"))
    end_deputyship(made, actor=tanghe.actor("unit_leader", "ZJJ"))


def test_leaders_name_deputies_for_the_absent_of_their_unit_only(tanghe, handler, liaison):
    leader = tanghe.actor("unit_leader", "ZJJ")
    assert named(handler, liaison, leader)
    elsewhere = tanghe.actor("unit_leader", "SJG")
    for stranger in (elsewhere, liaison, tanghe.actor("sys_admin"), tanghe.stranger):
        with pytest.raises(NotAllowed):
            named(handler, liaison, stranger, first=30, last=31)


def test_a_deputy_names_no_deputy_in_turn(tanghe, handler, liaison):
    leader, head = (tanghe.actor(post, "ZJJ") for post in ("unit_leader", "unit_head"))
    named(leader, liaison, leader)
    deputy = actor_by_id(liaison.person_id)

    with pytest.raises(NotAllowed):
        named(handler, head, deputy)
    with pytest.raises(NotAllowed):
        named(leader, head, deputy)
    made = named(liaison, head, deputy, first=20, last=21)  # one's own post one may arrange
    held = select(RoleHolding.role).where(RoleHolding.deputyship_id == made)
    assert session().scalars(held).all() == ["unit_liaison"]


@pytest.mark.parametrize(
    ("said", "field", "why"),
    [
        ({"first": 3, "last": 2}, "last_day", "before it begins"),
        ({"last": 400}, "last_day", "a year at most"),
        ({"first": -1}, "first_day", ""),
        ({"post": "1:king"}, "post", ""),
        ({"deputy": "nobody"}, "deputy", "Choose who"),
        ({"deputy": "zjj_unit_handler"}, "deputy", "for themselves"),
        ({"kinds": ["lunch"]}, "kinds", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(handler, liaison, said, field, why):
    more = dict(said)
    days = {name: more.pop(name) for name in ("first", "last") if name in more}
    with pytest.raises(Invalid) as refused:
        name_deputy(handler.person_id, {**wishes(liaison, **days), **more}, actor=handler)

    assert why in str(refused.value.fields[field])
    assert session().scalars(select(Deputyship)).all() == []


def test_who_holds_no_post_or_left_is_nobodys_deputy(tanghe, handler, liaison, security):
    set_roles(handler.person_id, [], actor=security)
    with pytest.raises(Invalid) as refused:
        named(handler, liaison, security)
    assert "no post" in str(refused.value.fields["post"])
    disable_person(liaison.person_id, actor=tanghe.actor("sys_admin"))
    with pytest.raises(Invalid) as refused:
        named(tanghe.actor("unit_head", "ZJJ"), liaison, security)
    assert "closed" in str(refused.value.fields["deputy"])


def test_the_three_administrators_stay_apart(tanghe, handler, security):
    system, audit = tanghe.actor("sys_admin"), tanghe.actor("audit_admin")
    with pytest.raises(Invalid) as refused:
        named(system, tanghe.actor("sec_admin"), system)
    assert "security administrator alone" in str(refused.value.fields["post"])
    with pytest.raises(Invalid, match="three different people"):
        named(system, audit, security)

    named(system, handler, security)
    with pytest.raises(Invalid, match="three different people"):
        set_roles(handler.person_id, [{"unit": "XZF", "role": "audit_admin"}], actor=security)


def doubts(person, deputy, actor, **more):
    with pytest.raises(Invalid) as refused:
        named(person, deputy, actor, **more)
    return str(refused.value.fields["despite"])


def test_somebody_of_another_unit_sees_all_of_it(tanghe, handler, security):
    outsider = tanghe.actor("unit_handler", "SJG")
    said = doubts(handler, outsider, security, kinds=["risk_notice"])
    assert "every case of that unit" in said

    named(handler, outsider, security, kinds=["risk_notice"], despite=True)
    assert stands_in(outsider)


def test_what_speaks_against_it_is_told_and_done_all_the_same(tanghe, handler, liaison, security):
    leader = tanghe.actor("unit_leader", "ZJJ")
    named(handler, liaison, handler, first=5, last=9)
    assert "already" in doubts(handler, leader, handler, first=9, last=12)
    assert "circle" in doubts(liaison, handler, liaison, first=7, last=7)
    assert "probably away" in doubts(leader, handler, leader, first=0, last=5)

    made = named(handler, leader, handler, first=9, last=12, despite=True)
    told = stories.acts(ORGANISATION, "deputy.named")[-1]["data"]
    assert told["deputyship"] == made
    assert len(told["despite"]) == 1
    assert named(handler, leader, handler, first=13, last=14)


def test_who_would_do_and_check_the_same_case_is_told_so(tanghe, handler):
    leader = tanghe.actor("unit_leader", "ZJJ")
    named(handler, leader, handler, first=1, last=2)
    item = supervision.in_hand(tanghe)
    stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)

    assert "do and check" in doubts(handler, leader, handler, first=8, last=9)
    designer, reviewer = tanghe.actor("process_designer"), tanghe.actor("process_reviewer")
    assert "do and check" in doubts(designer, reviewer, tanghe.actor("sec_admin"))


def test_either_of_the_two_and_whoever_could_name_it_ends_it(tanghe, handler, liaison, security):
    leader = tanghe.actor("unit_leader", "ZJJ")
    for who in (handler, liaison, leader, security):
        made = named(handler, liaison, handler)
        for stranger in (tanghe.stranger, tanghe.actor("unit_handler", "SJG")):
            with pytest.raises(NotAllowed):
                end_deputyship(made, actor=stranger)
        end_deputyship(made, actor=who)
        assert stands_in(liaison) == set()
        with pytest.raises(Stale) as refused:
            end_deputyship(made, actor=handler)
        assert refused.value.details["by"] == who.name
    with pytest.raises(NotFound):
        end_deputyship(4711, actor=security)


def test_a_form_sent_twice_names_once(handler, liaison):
    said = wishes(liaison)
    first = name_deputy.once("key-1", handler.person_id, said, actor=handler)
    assert name_deputy.once("key-1", handler.person_id, said, actor=handler) == first
    assert len(session().scalars(select(Deputyship)).all()) == 1


@pytest.mark.parametrize("how", ["posts", "closed", "deputy closed"])
def test_it_ends_with_the_posts_and_with_the_account(tanghe, handler, liaison, security, how):
    made = named(handler, liaison, handler)
    system = tanghe.actor("sys_admin")
    if how == "posts":
        set_roles(handler.person_id, [{"unit": "CZJ", "role": "unit_handler"}], actor=security)
    else:
        who = handler if how == "closed" else liaison
        disable_person(who.person_id, actor=system)

    assert session().get_one(Deputyship, made).ended_at is not None
    held = select(RoleHolding.id).where(RoleHolding.deputyship_id == made)
    assert session().scalars(held).all() == []
    assert len(stories.acts(ORGANISATION, "deputy.ended")) == 1


def test_the_form_knows_every_kind_of_case():
    asked = forms.load("deputy").field("kinds")
    assert {option.value for option in asked.options} == set(KINDS)
    assert forms.load("deputy").field("post").options[0].value == deputies.ALL

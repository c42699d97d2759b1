"""Whose a task is inside its unit: claimed, released, handed on, given back by who leaves."""

from __future__ import annotations

import pytest

from app.advance.regaining import leave_to_the_post
from app.commands import asking, handing
from app.commands.clock import resume, suspend
from app.commands.completion import complete_task
from app.commands.ending import terminate
from app.commands.leaving import disable_person
from app.commands.reopening import reopen
from app.commands.roles import set_roles
from app.commands.supervising import urge
from app.db import session, transaction
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.model import Assignment, Case
from app.queries.history import history
from app.queries.inbox import inbox
from app.queries.tasks import task_page
from tests import stories, supervision
from tests.people import deputise


def now(task) -> Assignment:
    session().expire_all()
    return session().get_one(Assignment, task.id)


def opinion(task, actor):
    return complete_task(task.id, supervision.CO_OPINION, actor=actor)


def test_what_is_claimed_is_mine_until_i_release_it(task, handler, second):
    handing.claim(task.id, {}, actor=handler, version=task.version)
    assert now(task).person_id == handler.person_id
    assert [row.mine for row in inbox(handler).rows] == [True]
    assert inbox(second).rows == ()
    with pytest.raises(NotAllowed):
        opinion(task, second)
    with pytest.raises(NotAllowed):
        handing.claim(task.id, {}, actor=second)

    handing.release(task.id, {"note": "另有任务"}, actor=handler)
    assert now(task).person_id is None
    assert [row.mine for row in inbox(second).rows] == [False]
    assert opinion(task, second)["case"] == task.case_id


def test_of_two_who_claim_the_second_hears_that_it_is_taken(task, handler, second):
    version = task.version
    handing.claim(task.id, {}, actor=handler, version=version)

    with pytest.raises(Stale):
        handing.claim(task.id, {}, actor=second, version=version)


def test_a_form_sent_twice_claims_once(task, handler):
    first = handing.claim.once("key-1", task.id, {}, actor=handler, version=task.version)
    again = handing.claim.once("key-1", task.id, {}, actor=handler, version=task.version)

    assert first == again == {"case": task.case_id, "version": 2}
    assert stories.kinds(task.case_id).count("task.claimed") == 1


def test_a_deputy_claims_for_whom_they_stand_in(tanghe, task, handler):
    deputy = deputise(tanghe, tanghe.actor("unit_leader", "SJG"), handler)
    handing.claim(task.id, {}, actor=deputy)

    assert now(task).person_id == handler.person_id
    assert opinion(task, handler)["case"] == task.case_id


def test_whoever_it_is_handed_to_completes_it_and_the_first_stays_on_record(tanghe, task, handler):
    liaison, leader = (tanghe.actor(post, "SJG") for post in ("unit_liaison", "unit_leader"))
    due = now(task).due_at
    handing.transfer(task.id, {"person": liaison.login, "reason": "外出培训"}, actor=handler)
    assert [row.mine for row in inbox(liaison).rows] == [True]
    with pytest.raises(NotAllowed):
        opinion(task, handler)

    handing.transfer(task.id, {"person": leader.login}, actor=liaison)
    handed = now(task)
    assert (handed.person_id, handed.owner_id, handed.post, handed.given_post, handed.due_at) == (
        leader.person_id, handler.person_id, "unit_leader", "unit_handler", due,
    )  # fmt: skip
    assert opinion(task, leader)["case"] == task.case_id
    told = [str(line.text) for line in history(handler, task.case_id)]
    assert any("外出培训" in str(line.reason) for line in history(handler, task.case_id))
    assert sum("handed" in each for each in told) == 2


def test_a_leader_divides_the_work_of_the_unit(tanghe, task, handler):
    leader, liaison = (tanghe.actor(post, "SJG") for post in ("unit_leader", "unit_liaison"))
    handing.transfer(task.id, {"person": liaison.login}, actor=leader)

    assert now(task).person_id == liaison.person_id


@pytest.mark.parametrize("to", ["sjg_unit_handler", "zjj_unit_handler", "nobody"])
def test_only_a_colleague_who_may_do_it_can_take_it(task, handler, to):
    handing.claim(task.id, {}, actor=handler)

    with pytest.raises(Invalid) as refused:
        handing.transfer(task.id, {"person": to}, actor=handler)
    assert "person" in refused.value.fields
    assert now(task).person_id == handler.person_id


def test_what_a_leader_signs_stays_with_leaders(tanghe):
    item = supervision.in_hand(tanghe)
    handler, leader = (tanghe.actor(post, "ZJJ") for post in ("unit_handler", "unit_leader"))
    stories.complete(item, "complete_item", supervision.COMPLETION, by=handler)
    sign = stories.task(item, "sign_completion")

    with pytest.raises(Invalid):
        handing.transfer(sign.id, {"person": handler.login}, actor=leader)
    with pytest.raises(NotAllowed):
        handing.transfer(sign.id, {"person": leader.login}, actor=handler)


def test_who_has_no_part_in_it_is_refused(tanghe, task):
    for act in (handing.claim, handing.release, handing.transfer):
        with pytest.raises(NotFound):
            act(task.id, {"person": "sjg_unit_liaison"}, actor=tanghe.stranger)
        with pytest.raises(NotAllowed):
            act(task.id, {"person": "sjg_unit_liaison"}, actor=tanghe.actor("unit_handler", "ZJJ"))


def test_the_handler_named_for_the_matter_hands_it_on_instead(tanghe):
    item = supervision.in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    mine = stories.task(item, "complete_item")

    with pytest.raises(Invalid):
        handing.release(mine.id, {}, actor=handler)
    handing.transfer(mine.id, {"person": "zjj_unit_liaison"}, actor=handler)
    by = tanghe.actor("unit_liaison", "ZJJ")
    assert complete_task(mine.id, supervision.COMPLETION, actor=by)["case"] == item


@pytest.mark.parametrize("how", ["roles", "account"])
def test_what_was_somebodys_who_left_is_anybodys_of_the_post(tanghe, second, task, handler, how):
    item = supervision.in_hand(tanghe, matter="另一个事项", lead="SJG", co=["RSJ"])
    mine = stories.task(item, "complete_item")
    handing.claim(task.id, {}, actor=handler)
    assert now(mine).person_id == handler.person_id
    if how == "roles":
        posts = [{"unit": "ZJJ", "role": "unit_handler"}]
        set_roles(handler.person_id, posts, actor=tanghe.actor("sec_admin", "XZF"))
    else:
        disable_person(handler.person_id, actor=tanghe.actor("sys_admin", "XZF"))

    assert [now(each).person_id for each in (task, mine)] == [None, None]
    assert session().get_one(Case, item).handler_id is None
    assert stories.kinds(item)[-2:] == ["task.released", "handler.left"]
    assert stories.kinds(task.case_id)[-1] == "task.released"
    assert opinion(task, second)["case"] == task.case_id
    assert complete_task(mine.id, supervision.COMPLETION, actor=second)["case"] == item


def test_a_post_that_somebody_else_loses_frees_nothing(tanghe, second, task, handler):
    handing.claim(task.id, {}, actor=handler)
    set_roles(second.person_id, [], actor=tanghe.actor("sec_admin", "XZF"))

    assert now(task).person_id == handler.person_id


def test_the_journal_says_for_whom_a_deputy_with_a_post_of_their_own_acts(tanghe, task, handler):
    leader = tanghe.actor("unit_leader", "SJG")
    deputy = deputise(tanghe, leader, handler)
    handing.claim(task.id, {}, actor=deputy)

    (row,) = stories.acts(f"case:{task.case_id}", "task.claimed")
    assert (row["person"], row["deputy_for"]) == (leader.person_id, handler.person_id)


def test_a_leader_who_divides_the_work_is_not_its_first_owner(tanghe, task):
    leader, liaison = (tanghe.actor(post, "SJG") for post in ("unit_leader", "unit_liaison"))
    handing.transfer(task.id, {"person": liaison.login}, actor=leader)

    assert now(task).owner_id is None


@pytest.mark.parametrize("left", [False, True])
def test_what_comes_back_to_somebody_who_left_is_anybodys_of_the_post(tanghe, task, handler, left):
    liaison = tanghe.actor("unit_liaison", "SJG")
    handing.transfer(task.id, {"person": liaison.login}, actor=handler)
    opinion(task, liaison)
    if left:
        set_roles(liaison.person_id, [], actor=tanghe.actor("sec_admin", "XZF"))
    with transaction():
        again = now(task)
        leave_to_the_post(again)

    mine = (None, "unit_handler") if left else (liaison.person_id, "unit_liaison")
    assert (now(task).person_id, now(task).post) == mine


def test_the_journal_says_that_a_handler_left_even_where_nothing_of_theirs_is_open(tanghe):
    item = supervision.completed(tanghe, supervision.in_hand(tanghe))
    handler = tanghe.actor("unit_handler", "ZJJ")
    set_roles(handler.person_id, [], actor=tanghe.actor("sec_admin", "XZF"))

    assert session().get_one(Case, item).handler_id is None
    assert stories.kinds(item)[-1] == "handler.left"


def test_a_deputy_does_the_work_and_hands_nothing_on(tanghe, task, handler):
    deputy = deputise(tanghe, tanghe.actor("unit_handler", "ZJJ"), handler)
    of_leader = deputise(tanghe, tanghe.stranger, tanghe.actor("unit_leader", "SJG"))
    handing.claim(task.id, {}, actor=handler)
    for act, who in (
        (handing.transfer, deputy), (handing.release, deputy), (handing.transfer, of_leader),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act(task.id, {"person": "sjg_unit_liaison"}, actor=who)

    assert [len(inbox(who).rows) for who in (handler, deputy)] == [1, 1]
    assert opinion(task, deputy)["case"] == task.case_id
    assert [len(inbox(who).rows) for who in (handler, deputy)] == [0, 0]
    with pytest.raises(Stale):
        opinion(task, handler)


@pytest.mark.parametrize(("kind", "may"), [("supervision_item", True), ("risk_notice", False)])
def test_a_deputy_for_certain_kinds_of_cases_acts_in_these_only(tanghe, task, handler, kind, may):
    deputy = deputise(tanghe, tanghe.stranger, handler, kind)

    assert task_page(deputy, task.id).may is may
    if may:
        assert opinion(task, deputy)["case"] == task.case_id
    else:
        with pytest.raises(NotAllowed):
            opinion(task, deputy)


def test_nothing_is_given_by_name_to_who_only_stands_in(tanghe, task, handler):
    deputy = deputise(tanghe, tanghe.stranger, handler)

    for act, said in (
        (handing.transfer, {"person": deputy.login}),
        (asking.delegate, {"person": deputy.login}),
        (asking.add_before, {"people": [deputy.login]}),
    ):
        with pytest.raises(Invalid):
            act(task.id, {**said, "reason": "请代为办理"}, actor=handler)


@pytest.mark.parametrize("post", ["supervising_office", "supervising_director"])
def test_what_the_office_does_says_for_whom_a_deputy_did_it(tanghe, post):
    item, principal = supervision.in_hand(tanghe), tanghe.post(post)
    deputy = deputise(tanghe, tanghe.stranger, principal)
    why = {"reason": "上级已另行部署"}
    day = {"entry": "complete_item", "due_date": "2026-09-30"}
    urge(item, {}, actor=deputy)
    suspend(item, why, actor=deputy)
    resume(item, {}, actor=deputy)
    terminate(item, why, actor=tanghe.post("supervising_director"))
    reopen(item, {**day, "reason": "问题反弹，需继续办理"}, actor=deputy)

    done = [act for act in stories.acts(f"case:{item}") if act["person"] == deputy.person_id]
    assert {act["kind"] for act in done} >= {
        "assignment.urged", "case.suspended", "case.resumed", "case.reopened",
    }  # fmt: skip
    assert {(act["unit"], act["deputy_for"]) for act in done} == {
        (tanghe.unit("PAB"), principal.person_id)
    }

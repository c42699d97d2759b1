"""Somebody takes or is given a task in the very moment in which their account is closed."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from app.actor import SYSTEM
from app.commands.asking import add_before, delegate
from app.commands.handing import claim, transfer
from app.commands.leaving import disable_person, enable_person
from app.commands.roles import set_roles
from app.db import session
from app.model import OPEN, Assignment
from app.queries.people import actor_by_login
from tests import stories, supervision
from tests.faults.together import require_whole, tally, together

ROUNDS = 5
POST = [{"unit": "SJG", "role": "unit_handler"}]


def opinion(county, matter):
    """A task of the handlers' post in a new matter."""
    item = supervision.dispatched(county, supervision.open_item(county, matter=matter))
    for unit, node in (("ZJJ", "sign_for"), ("SJG", "co_sign_for")):
        by = county.actor("unit_liaison", unit)
        stories.complete(item, node, {"decision": "sign"}, by=by)
    return stories.task(item, "co_opinion").id


def claimed(county, task, person):
    return partial(claim, task, {}, actor=person)


def handed_on(county, task, person):
    answers = {"person": person.login, "reason": "请接着办理"}
    return partial(transfer, task, answers, actor=county.actor("unit_leader", "SJG"))


def delegated(county, task, person):
    leader, liaison = (county.actor(post, "SJG") for post in ("unit_leader", "unit_liaison"))
    transfer(task, {"person": liaison.login, "reason": "请接着办理"}, actor=leader)
    return partial(delegate, task, {"person": person.login}, actor=liaison)


def asked(county, task, person):
    leader, liaison = (county.actor(post, "SJG") for post in ("unit_leader", "unit_liaison"))
    transfer(task, {"person": liaison.login, "reason": "请接着办理"}, actor=leader)
    answers = {"people": [person.login], "reason": "请提出意见"}
    return partial(add_before, task, answers, actor=liaison)


@pytest.mark.parametrize("given", [claimed, handed_on, delegated, asked])
def test_no_task_stays_with_an_account_that_was_closed_while_it_was_given(
    at_work, busy_county, given
):
    system = busy_county.actor("sys_admin")
    handler = busy_county.actor("unit_handler", "SJG")
    found = set()
    for number in range(ROUNDS):
        task = opinion(busy_county, f"离职与{given.__name__}{number}")
        person = actor_by_login(handler.login)
        acts = (
            given(busy_county, task, person),
            partial(disable_person, person.person_id, actor=system),
        )

        answers = together(at_work, *acts)

        found |= set(tally(answers))
        assert not isinstance(answers[1], Exception), answers
        session().rollback()
        theirs = select(Assignment.id).where(
            Assignment.person_id == person.person_id, Assignment.state.in_(OPEN)
        )
        assert session().scalars(theirs).all() == []
        session().rollback()
        enable_person(person.person_id, actor=SYSTEM)
        set_roles(person.person_id, POST, actor=SYSTEM)
    assert found <= {"done", "NotAllowed" if given is claimed else "Invalid"}, found
    require_whole()

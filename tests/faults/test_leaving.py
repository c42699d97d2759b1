"""Somebody takes a task in the very moment in which their account is closed."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from app.actor import SYSTEM
from app.commands.handing import claim
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


def test_no_task_stays_with_an_account_that_was_closed_while_it_was_claimed(at_work, busy_county):
    system = busy_county.actor("sys_admin")
    handler = busy_county.actor("unit_handler", "SJG")
    found = set()
    for number in range(ROUNDS):
        task = opinion(busy_county, f"离职与认领{number}")
        person = actor_by_login(handler.login)
        acts = (
            partial(claim, task, {}, actor=person),
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
    assert found <= {"done", "NotAllowed"}, found
    require_whole()

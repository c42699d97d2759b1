"""Several who look after people act at once: nothing is half done, and all who lose hear so."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands import handing, leaving, organisation, roles, units
from app.commands.deputies import name_deputy
from app.commands.organisation import add_person
from app.db import session
from app.model import Deputyship, Person, RoleHolding, Unit
from app.queries.history import place
from app.queries.people import actor_by_id
from tests import stories, supervision
from tests.faults.together import require_agreement, require_whole, tally, together

REFUSALS = {"Stale", "Invalid"}
TURNS = 4


def hired(number, *posts):
    """Somebody new with these posts."""
    name = f"at_once_{number}"
    made = add_person(name, f"演示-{name}", "a lamp beside the river", actor=SYSTEM)["person"]
    roles.set_roles(made, [{"unit": "SJG", "role": post} for post in posts], actor=SYSTEM)
    return actor_by_id(made)


def test_of_administrators_who_change_the_same_account_one_counts(at_work, busy_county):
    system = busy_county.actor("sys_admin", "XZF")
    person = hired(1, "unit_handler")
    for turn in range(TURNS):
        seen = {"actor": system, "seen": place("organisation")}
        answers = together(
            at_work,
            *(
                partial(organisation.rename_person, person.person_id, {"name": f"演示-{n}"}, **seen)
                for n in (f"{turn}a", f"{turn}b", f"{turn}c")
            ),
        )
        assert tally(answers) == {"done": 1, "Stale": 2}, answers
    require_whole()


def test_an_account_closed_while_its_owner_claims_is_closed_whole(at_work, busy_county):
    system = busy_county.actor("sys_admin", "XZF")
    for turn in range(TURNS):
        person = hired(f"leaves_{turn}", "unit_handler")
        item = supervision.dispatched(
            busy_county, supervision.open_item(busy_county, matter=f"同时离职{turn}")
        )
        for unit, node in (("ZJJ", "sign_for"), ("SJG", "co_sign_for")):
            by = busy_county.actor("unit_liaison", unit)
            stories.complete(item, node, {"decision": "sign"}, by=by)
        task = stories.task(item, "co_opinion")
        together(
            at_work,
            partial(handing.claim, task.id, {}, actor=person),
            partial(leaving.disable_person, person.person_id, actor=system),
        )
        session().rollback()
        held = select(RoleHolding.id).where(RoleHolding.person_id == person.person_id)
        assert session().get_one(Person, person.person_id).active is False
        assert session().scalars(held).all() == []
        require_agreement(item)
    require_whole()


def test_two_who_stand_in_for_each_other_at_once_do_not_block(at_work, busy_county):
    today = clock.today()
    term = {"post": "all", "first_day": f"{today}", "last_day": f"{today + timedelta(days=1)}"}
    for turn in range(TURNS):
        first, second = (hired(f"{who}_{turn}", "unit_liaison") for who in ("first", "second"))
        answers = together(
            at_work,
            *(
                partial(name_deputy, one.person_id, {**term, "deputy": other.login}, actor=one)
                for one, other in ((first, second), (second, first))
            ),
        )
        assert set(tally(answers)) <= {"done", *REFUSALS}, answers
        mine = select(Deputyship).where(
            Deputyship.person_id.in_((first.person_id, second.person_id))
        )
        session().rollback()
        assert len(session().scalars(mine).all()) == tally(answers)["done"] == 1
    require_whole()


def test_units_moved_under_each_other_at_once_make_no_circle(at_work, busy_county):
    system = busy_county.actor("sys_admin", "XZF")
    for turn in range(TURNS):
        codes = (f"CA{turn}", f"CB{turn}")
        ids = [units.add_unit(code, code, "dept", actor=SYSTEM)["unit"] for code in codes]
        answers = together(
            at_work,
            *(
                partial(units.move_unit, ids[n], {"parent": codes[1 - n]}, actor=system)
                for n in (0, 1)
            ),
        )
        session().rollback()
        above = [session().get_one(Unit, each).parent_id for each in ids]
        assert above.count(None) == 1, answers
    require_whole()

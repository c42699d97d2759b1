"""Who may know of a case: the rule in SQL, the rule in Python and the table say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import false, select

from app import clock
from app.actor import Actor, Holding
from app.advance.loading import units_of
from app.db import session
from app.model import Case, Delivery
from app.queries import visibility
from app.queries.threads import addressable
from app.queries.visibility import visible
from app.rules import access
from tests import people
from tests.access.cast import WHO, actor, readers
from tests.access.town import Placed, Town
from tests.people import County

UNITS = st.sampled_from(sorted(people.UNITS))
POSTS = st.lists(st.tuples(UNITS, st.sampled_from(sorted(access.ROLES)), st.booleans()), max_size=4)


def seen_in_sql(viewer: Actor) -> set[int]:
    """The cases the condition lets through."""
    return set(session().scalars(select(Case.id).where(visible(viewer))))


def seen_in_python(viewer: Actor, town: Town) -> set[int]:
    """The cases the predicate lets through."""
    return {
        placed.case_id for placed in town.cases
        if access.may_see_case(viewer, placed.kind, parties(town, placed), told(placed))
    }  # fmt: skip


def parties(town: Town, placed: Placed) -> set[int]:
    """Every unit with a part in a case, as the records have it."""
    case = session().get_one(Case, placed.case_id)
    named = {unit for units in units_of(case.id).values() for unit in units}
    asked = {task.unit_id for task in town.tasks(placed)}
    return named | asked | ({case.opened_unit_id} if case.opened_unit_id else set())


def told(placed: Placed) -> set[tuple[int, int | None]]:
    """To whom a case was sent for reading: units, and people by name for a unit."""
    sent = select(Delivery.unit_id, Delivery.person_id).where(
        Delivery.case_id == placed.case_id,
        Delivery.document_id.is_(None),
        Delivery.recalled_at.is_(None),
    )
    return {(unit, person) for unit, person in session().execute(sent)}


def test_every_case_has_the_parties_the_table_takes_it_to_have(town):
    codes = {key: code for code, key in town.county.units.items()}

    found = {each.about: {codes[unit] for unit in parties(town, each)} for each in town.cases}

    assert found == {each.about: set(each.units) for each in town.cases}
    assert {each.kind for each in town.cases} == KINDS


KINDS = {
    "assessment_round", "risk_notice", "joint_meeting", "supervision_item", "urgent_report",
    "extension_request", "escalation", "rectification", "supervision_brief", "annual_evaluation",
}  # fmt: skip


@pytest.mark.parametrize("name", WHO)
def test_everybody_sees_the_cases_the_table_says(town, name):
    viewer = actor(town.county, name)
    meant = {placed.case_id for placed in town.cases if name in readers(placed)}

    assert seen_in_sql(viewer) == seen_in_python(viewer, town) == meant


def test_the_table_tells_people_apart(town):
    counts = {sum(name in readers(placed) for placed in town.cases) for name in WHO}

    assert {0, 1, len(town.cases)} < counts
    assert len(counts) > 6


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=POSTS)
def test_sql_and_python_agree_whatever_posts_somebody_holds(town, posts):
    viewer = somebody(town.county, posts)

    assert seen_in_sql(viewer) == seen_in_python(viewer, town)


def test_the_property_notices_a_rule_that_forgets_who_was_asked(town, monkeypatch):
    monkeypatch.setattr(visibility, "exists", lambda _select: false())
    viewer = actor(town.county, "co-handling unit's handler")

    assert seen_in_sql(viewer) != seen_in_python(viewer, town)


def somebody(county: County, posts: list[tuple[str, str, bool]]) -> Actor:
    """Somebody with these posts, own ones and ones held for somebody else."""
    return Actor(
        person_id=None, login="somebody", name="某人",
        holdings=tuple(
            Holding(county.unit(unit), unit, unit, role, deputy_for=1 if deputy else None)
            for unit, role, deputy in posts
        ),
    )  # fmt: skip


def test_whom_a_case_was_sent_to_sees_it_until_it_is_recalled(town):
    placed, county = town.case("brief"), town.county
    handler, liaison = (county.actor(post, "FGW") for post in ("unit_handler", "unit_liaison"))
    by_name = sent(placed.case_id, county.unit("FGW"), handler.person_id)
    moved = replace(handler, holdings=liaison_of(county, "CZJ"))

    assert placed.case_id in seen_in_sql(handler) == seen_in_python(handler, town)
    assert placed.case_id not in seen_in_sql(liaison) == seen_in_python(liaison, town)
    assert placed.case_id not in seen_in_sql(moved) == seen_in_python(moved, town)

    to_all = sent(placed.case_id, county.unit("FGW"), None)
    assert placed.case_id in seen_in_sql(liaison) == seen_in_python(liaison, town)

    by_name.recalled_at = to_all.recalled_at = clock.now()
    session().flush()
    for each in (handler, liaison):
        assert placed.case_id not in seen_in_sql(each) == seen_in_python(each, town)


def sent(case_id: int, unit_id: int, person_id: int | None) -> Delivery:
    """The case itself, on its way for reading."""
    made = Delivery(
        case_id=case_id, unit_id=unit_id, person_id=person_id, role="cc", delivered_at=clock.now()
    )
    session().add(made)
    session().flush()
    return made


def liaison_of(county: County, unit: str) -> tuple[Holding, ...]:
    """The post of a liaison in that unit."""
    return county.actor("unit_liaison", unit).holdings


def test_whoever_may_know_of_a_case_can_be_addressed_in_its_thread_and_nobody_else(town):
    logins = {name: actor(town.county, name).login for name in WHO}
    for placed in town.cases:
        found = {login for login, _name in addressable(placed.case_id, placed.kind, clock.now())}

        assert found & set(logins.values()) == {logins[name] for name in readers(placed)}

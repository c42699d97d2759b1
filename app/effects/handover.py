"""What is open in somebody's name passes to successors when they leave (离职转办)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import func, select

from app import advance, clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import holders
from app.errors import Invalid
from app.i18n import _
from app.model import OPEN, Assignment, Case, CaseUnit
from app.rules import handing

HANDLER: Final = "handler"
Group = tuple[int, str]
"""A unit, and the post its tasks were given to; or HANDLER: matters somebody was named for."""


def groups(person_id: int) -> dict[Group, int]:
    """How much is open in somebody's name, by what can be handed over together."""
    tasks = (
        select(Assignment.unit_id, Assignment.given_post, func.count())
        .where(Assignment.person_id == person_id, Assignment.state.in_(OPEN))
        .group_by(Assignment.unit_id, Assignment.given_post)
        .order_by(Assignment.unit_id, Assignment.given_post)
    )
    matters = (
        select(CaseUnit.unit_id, func.count())
        .join(Case, Case.id == CaseUnit.case_id)
        .where(
            Case.handler_id == person_id,
            Case.status.in_(("open", "suspended")),
            CaseUnit.role == "lead",
        )
        .group_by(CaseUnit.unit_id)
        .order_by(CaseUnit.unit_id)
    )
    found = {(unit_id, post): number for unit_id, post, number in session().execute(tasks)}
    named = {(unit_id, HANDLER): number for unit_id, number in session().execute(matters)}
    return {**found, **named}


def posts_for(group: Group) -> tuple[str, ...]:
    """Under which posts of the unit a successor may have it, the nearest first."""
    _unit_id, post = group
    return handing.takers("unit_handler" if post == HANDLER else post)


def successors(group: Group, person_id: int) -> dict[str, int]:
    """Who of the unit may take it over: ids by login."""
    unit_id, now = group[0], clock.now()
    return {
        each.login: each.person_id
        for each in advance.organisation().posts.get(unit_id, ())
        if each.active
        and not each.deputy
        and each.holds(now)
        and each.person_id != person_id
        and each.role in posts_for(group)
    }


def chosen(
    person_id: int, answers: Mapping[str, Any], units: Collection[int] | None = None
) -> dict[Group, int]:
    """The successors somebody chose, as `{"to_12_unit_handler": login}`, in these units only.

    A group nobody is chosen for is left out.
    """
    found: dict[Group, int] = {}
    for group in groups(person_id):
        login = answers.get(field_of(group))
        if not login or (units is not None and group[0] not in units):
            continue
        heirs = successors(group, person_id)
        if login not in heirs:
            text = _("Choose somebody of your unit who holds a post that may do this.")
            raise Invalid(text, fields={field_of(group): text})
        found[group] = heirs[login]
    return found


def field_of(group: Group) -> str:
    """How forms call a group."""
    return f"to_{group[0]}_{group[1]}"


def hand_over(person_id: int, heirs: Mapping[Group, int], actor: Actor) -> dict[str, int]:
    """Pass every group to its successor; how many tasks and matters that were, by group.

    Whoever had a task first stays on record; each case says in its journal who has it now.
    """
    done: Counter[str] = Counter()
    for case_id in holders.cases_of(person_id) if heirs else ():
        loaded = advance.load(case_id)
        for assignment, ticket in holders.tasks_of(case_id, person_id):
            group = (assignment.unit_id, assignment.given_post)
            if group in heirs:
                told = _pass_on(assignment, group, heirs[group])
                holders.changed(
                    loaded, ticket, assignment, "task.handed_over", actor=actor, told=told
                )
                done[field_of(group)] += 1
        _name_handler(loaded, person_id, heirs, actor, done)
        session().flush()
    return dict(done)


def _pass_on(assignment: Assignment, group: Group, heir: int) -> dict[str, Any]:
    held = advance.organisation().roles_of(heir, assignment.unit_id, clock.now())
    before, post_before = assignment.person_id, assignment.post
    assignment.owner_id = assignment.owner_id or before
    assignment.person_id = heir
    assignment.post = next(post for post in posts_for(group) if post in held)
    return {
        "before": before,
        "post_before": post_before,
        "post_after": assignment.post,
        "owner": assignment.owner_id,
        "persons": [heir],
    }


def _name_handler(
    loaded: Loaded, person_id: int, heirs: Mapping[Group, int], actor: Actor, done: Counter[str]
) -> None:
    group = (loaded.lead_unit_id or 0, HANDLER)
    if loaded.case.handler_id != person_id or group not in heirs:
        return
    loaded.case.handler_id = heirs[group]
    done[field_of(group)] += 1
    journal.record(
        "handler.handed_over",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.lead_unit_id,
        data={"before": person_id, "after": heirs[group], "persons": [heirs[group]]},
    )

"""What is open in somebody's name passes to successors when they leave (离职转办).

Tasks with what was typed into them, matters they were named for, what they are still to read; who
takes anything over in a case that the leaver followed follows it too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import func, select

from app import advance, clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import drafts, eyes, holders, sendings
from app.errors import Invalid
from app.i18n import _
from app.model import OPEN, RUNNING, Assignment, Case, CaseUnit, Delivery, Follow
from app.rules import access, handing

HANDLER: Final = "handler"
READER: Final = "reader"
Group = tuple[int, str]
"""A unit, and the post its tasks were given to; or HANDLER: matters somebody was named for;
or READER: what they were asked to read for the unit."""


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
            Case.status.in_(RUNNING),
            CaseUnit.role == "lead",
        )
        .group_by(CaseUnit.unit_id)
        .order_by(CaseUnit.unit_id)
    )
    reading = (
        select(Delivery.unit_id, func.count())
        .join(Case, Case.id == Delivery.case_id)
        .where(
            Delivery.person_id == person_id, sendings.unread_by_reader(), Case.status.in_(RUNNING)
        )
        .group_by(Delivery.unit_id)
        .order_by(Delivery.unit_id)
    )
    found = {(unit_id, post): number for unit_id, post, number in session().execute(tasks)}
    named = {(unit_id, HANDLER): number for unit_id, number in session().execute(matters)}
    unread = {(unit_id, READER): number for unit_id, number in session().execute(reading)}
    return {**found, **named, **unread}


def posts_for(group: Group) -> tuple[str, ...]:
    """Under which posts of the unit a successor may have it, the nearest first."""
    _unit_id, post = group
    if post == READER:
        return access.WORKERS
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

    Whoever had a task first stays on record; each case says in its journal who has it now. A task
    that is to be a second look at what the successor did themselves does not pass to them.
    """
    done: Counter[str] = Counter()
    for case_id in holders.cases_of(person_id) if heirs else ():
        loaded, taken = advance.load(case_id), Counter[Group]()
        for assignment, ticket in holders.tasks_of(case_id, person_id):
            group = (assignment.unit_id, assignment.given_post)
            if group in heirs and eyes.did(case_id, ticket.not_by, heirs[group]) is None:
                told = _pass_on(assignment, group, heirs[group])
                holders.changed(
                    loaded, ticket, assignment, "task.handed_over", actor=actor, told=told
                )
                taken[group] += 1
        taken += _name_handler(loaded, person_id, heirs, actor)
        taken += _to_read(loaded, person_id, heirs, actor)
        _follow_too(case_id, person_id, {heirs[group] for group in taken})
        session().flush()
        done.update({field_of(group): number for group, number in taken.items()})
    return dict(done)


def _pass_on(assignment: Assignment, group: Group, heir: int) -> dict[str, Any]:
    held = advance.organisation().roles_of(heir, assignment.unit_id, clock.now())
    before, post_before = assignment.person_id, assignment.post
    drafts.pass_on(assignment.id, before, heir)
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
    loaded: Loaded, person_id: int, heirs: Mapping[Group, int], actor: Actor
) -> Counter[Group]:
    group = (loaded.lead_unit_id or 0, HANDLER)
    if loaded.case.handler_id != person_id or group not in heirs:
        return Counter()
    loaded.case.handler_id = heirs[group]
    journal.record(
        "handler.handed_over",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.lead_unit_id,
        data={"before": person_id, "after": heirs[group], "persons": [heirs[group]]},
    )
    return Counter({group: 1})


def _to_read(
    loaded: Loaded, person_id: int, heirs: Mapping[Group, int], actor: Actor
) -> Counter[Group]:
    """What was to be read is the successor's to read, who may be asked already."""
    unread = (Delivery.case_id == loaded.case.id, sendings.unread_by_reader())
    rows = select(Delivery).where(*unread).execution_options(populate_existing=True)
    asked = list(session().scalars(rows.order_by(Delivery.id)))
    taken = Counter[Group]()
    for each in asked:
        heir = heirs.get((each.unit_id, READER))
        if each.person_id != person_id or heir is None:
            continue
        taken[each.unit_id, READER] += 1
        if any(other.person_id == heir and other.sending_id == each.sending_id for other in asked):
            continue  # they read it anyway; the leaver is let off with the post
        each.person_id = heir
        sendings.record(
            "circulation.handed_over", loaded, each.sending_id, [(each.unit_id, heir)],
            actor=actor, before=person_id,
        )  # fmt: skip
    return taken


def _follow_too(case_id: int, person_id: int, heirs: Collection[int]) -> None:
    """Who takes something over keeps an eye on the case as the leaver did (关注)."""
    if not heirs or session().get(Follow, (person_id, case_id)) is None:
        return
    for heir in heirs:
        if session().get(Follow, (heir, case_id)) is None:
            session().add(Follow(person_id=heir, case_id=case_id, since=clock.now()))

"""The task page: the form somebody fills, what it is about, and what they may pick from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam
from sqlalchemy.orm import aliased

from app import forms
from app.actor import Actor
from app.advance.reference import head_of, organisation_at
from app.advance.regaining import FIRST
from app.effects.eyes import barred
from app.errors import NotFound
from app.i18n import Text
from app.model import (
    Assignment,
    Case,
    Draft,
    Person,
    Ticket,
    Unit,
)
from app.queries.ahead import Next, given_back, next_steps
from app.queries.attachments import File, files_of
from app.queries.case_facts import CaseFacts, county_of, facts_of, named_cases
from app.queries.due import DueLine, DueLines
from app.queries.history import Line, lines
from app.queries.pickers import choices
from app.queries.prefill import BEFORE, prefill
from app.queries.reading import Columns, read, together
from app.queries.sharing import waited_for
from app.queries.signing import OTHERS, Signing, helpers, signing_of
from app.queries.standing import standing_of
from app.queries.threads import Said, thread
from app.queries.visibility import seen_by
from app.rules import handing, sharing
from app.rules.handing import TaskStanding
from app.rules.signing import form_of
from app.rules.standing import Standing

CASE: Final = Columns(
    Case,
    "id number title matter content source kind status round_id indicator_id profile_id bundle "
    "opened_at closed_at reopened_at anew_at issued_at due_day suspended_at resume_on standstills "
    "urge_count extension_count special_major opened_by opened_unit_id handler_id "
    "comment_count circulating",
)
ASSIGNMENT: Final = Columns(
    Assignment,
    "id kind unit_id person_id post given_post role state version answers opened_at done_at "
    "due_at due_day_first due_rule due_provisional",
)
NAMED, OWNER = aliased(Person), aliased(Person)
MINE: Final = (Draft.assignment_id == Assignment.id) & (Draft.person_id == bindparam("me"))
DRAFT: Final = Columns(Draft, "version saved_at fields")
TICKET: Final = Columns(
    Ticket, "id name name_en node stage form effect policy voting forbids not_by"
)


@dataclass(frozen=True)
class Kept:
    """What this person typed and did not submit yet, when they did, and how often it was saved."""

    version: int
    saved_at: datetime
    fields: forms.Sent


@dataclass(frozen=True)
class TaskPage:
    """One task as its page shows it; `may` is False for a colleague who can only look.

    `why_not`: why somebody whose it is may not do it; `signing`: who else has a part in it;
    `theirs`: what was answered already, for those whose task it was too; `reading`: why it has to
    wait for others who read the case first.
    """

    assignment_id: int
    version: int
    case_id: int
    task: str
    task_en: str
    node: str
    stage: str
    unit: str
    role: str
    post: str
    state: str
    form: forms.Form
    answers: Mapping[str, Any]
    choices: Mapping[str, Sequence[tuple[str, str]]]
    due: DueLine
    opened_at: datetime
    may: bool
    why_not: Text | None
    signing: Signing | None
    deputy: bool
    theirs: Mapping[str, Any]
    case: CaseFacts
    history: tuple[Line, ...]
    ahead: tuple[Next, ...]
    standing: Standing
    task_standing: TaskStanding
    person: str
    owner: str
    draft: Kept | None
    comments: tuple[Said, ...]
    reading: Text | None
    files: tuple[File, ...]


@cache
def _query(*, everything: bool) -> Select[*tuple[Any, ...]]:
    """One assignment with its case, what both name, what was answered before, and the calendar."""
    return (
        named_cases(*CASE.wanted, everything=everything)
        .add_columns(
            *ASSIGNMENT.wanted,
            *TICKET.wanted,
            *DRAFT.wanted,
            Unit.name.label("unit"),
            NAMED.name.label("person"),
            OWNER.name.label("owner"),
            BEFORE.label("before"),
            OTHERS.label("others"),
            head_of("calendar").label("calendar"),
            head_of("organisation").label("organisation"),
        )
        .join(Assignment, Assignment.case_id == Case.id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(NAMED, NAMED.id == Assignment.person_id)
        .outerjoin(OWNER, OWNER.id == Assignment.owner_id)
        .outerjoin(Draft, MINE)
        .where(Assignment.id == bindparam("assignment"))
    )


def task_page(viewer: Actor, assignment_id: int) -> TaskPage:
    """A task for somebody who may see its case; NotFound for strangers."""
    values, everything = seen_by(viewer)
    asked = {**values, "assignment": assignment_id, "me": viewer.person_id}
    found = read(_query(everything=everything), asked)
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return _page(viewer, together(row, CASE, ASSIGNMENT, TICKET, DRAFT))


def _page(viewer: Actor, row: Any) -> TaskPage:
    case, assignment, ticket = row.Case, row.Assignment, row.Ticket
    active = assignment.state == "active" and case.status == "open"
    several = signing_of(ticket) if row.others else None
    task = _standing(assignment, ticket, case, several)
    holding = handing.completing(viewer, task)
    form = forms.load(form_of(assignment.kind, ticket.form))
    mine = active and holding is not None
    why_not = barred(case.id, ticket.not_by, viewer.person_id) if mine else None
    stands = standing_of(viewer, case, county_of(row), row.now)
    return TaskPage(
        assignment_id=assignment.id,
        version=assignment.version,
        case_id=case.id,
        **_named(ticket, row),
        role=assignment.role,
        post=assignment.post,
        state=assignment.state,
        form=form,
        answers=assignment.answers or (prefill(case, form, row.before) if active else {}),
        choices=choices(form, assignment.unit_id),
        due=_due(row),
        opened_at=assignment.opened_at,
        may=mine and why_not is None,
        why_not=why_not,
        signing=several,
        deputy=holding is not None and holding.deputy_for is not None,
        theirs=(assignment.answers or {}) if holding and assignment.state == "done" else {},
        case=CaseFacts(**facts_of(row)),
        history=tuple(lines(f"case:{case.id}")),
        ahead=_ahead(row, stands, several) if active else (),
        standing=stands,
        task_standing=replace(task, barred=why_not),
        comments=thread(viewer, case.id, row.now) if case.comment_count else (),
        reading=_reading(case, assignment, ticket) if active else None,
        person=row.person or "",
        owner=row.owner or "",
        draft=_kept(row.Draft) if mine else None,
        files=files_of(viewer, case.id),
    )


def _named(ticket: Any, row: Any) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "task": ticket.name,
        "task_en": ticket.name_en,
        "node": ticket.node,
        "stage": ticket.stage,
    }


def _standing(assignment: Any, ticket: Any, case: Any, several: Signing | None) -> TaskStanding:
    asked = helpers(several.signers, assignment.id) if several else ()
    return handing.standing_of(assignment, ticket, case, asked)


def _ahead(row: Any, stands: Standing, several: Signing | None) -> tuple[Next, ...]:
    if several and row.Assignment.kind in FIRST:
        return given_back(row.Ticket, row.Assignment.id, several.signers)
    units, county = organisation_at(row.organisation or ""), county_of(row)
    bundle, node = row.Case.bundle, row.Ticket.node
    return next_steps(bundle, node, county=county, case=stands, units=units, now=row.now)


def _kept(draft: Any) -> Kept | None:
    if draft.version is None:
        return None
    fields = tuple((name, value) for name, value in json.loads(draft.fields))
    return Kept(draft.version, draft.saved_at, forms.Sent(fields))


def _reading(case: Any, assignment: Any, ticket: Any) -> Text | None:
    """Why it cannot be completed before others have read the case, if so."""
    if str(assignment.unit_id) not in case.circulating:
        return None
    left = waited_for(case.id, assignment.unit_id, ticket.node)
    return sharing.still_read(left) if left else None


def _due(row: Any) -> DueLine:
    assignment = row.Assignment
    return DueLines(row.now, row.calendar or "").line(
        county_of(row),
        due_at=assignment.due_at,
        first_day=assignment.due_day_first,
        rule=assignment.due_rule,
        provisional=assignment.due_provisional,
        suspended=row.Case.status == "suspended",
        finished_at=assignment.done_at,
    )

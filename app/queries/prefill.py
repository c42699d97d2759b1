"""What a form starts with: what was known already is not asked again (domain 2.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app import forms
from app.advance import profile
from app.advance.loading import units_of
from app.db import session
from app.effects.items import source_chosen
from app.model import Assignment, Case, Grading, Indicator, Reading, Round, Ticket, Unit

Start = Callable[[Case], Mapping[str, Any]]


def prefill(case: Case, form: forms.Form, before: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The unit's own last answers when the task came back; else what the case says.

    Decisions are never repeated.
    """
    if before and not any(field.fact for field in form.fields):
        return before
    start = STARTS.get(form.key)
    known = start(case) if start else {}
    asked = {field.name for field in form.fields}
    return {name: value for name, value in known.items() if name in asked and value}


EARLIER: Final = aliased(Assignment)
THEN: Final = aliased(Ticket)
BEFORE: Final = (
    select(EARLIER.answers)
    .join(THEN, THEN.id == EARLIER.ticket_id)
    .where(
        EARLIER.case_id == Assignment.case_id,
        EARLIER.unit_id == Assignment.unit_id,
        THEN.form == Ticket.form,
        EARLIER.state == "done",
    )
    .order_by(EARLIER.id.desc())
    .limit(1)
    .correlate(Assignment, Ticket)
    .scalar_subquery()
)  # what the unit of a task wrote into the same form of the same case before


def _extension(case: Case) -> Mapping[str, Any]:
    """The day that was asked for, for the decision on it."""
    asked = (
        session()
        .scalars(
            select(Assignment.answers)
            .join(Ticket, Ticket.id == Assignment.ticket_id)
            .where(
                Assignment.case_id == case.id, Ticket.node == "apply", Assignment.state == "done"
            )
            .order_by(Assignment.id.desc())
            .limit(1)
        )
        .one_or_none()
    )
    return {"granted_date": (asked or {}).get("new_date")}


def _item(case: Case) -> Mapping[str, Any]:
    units = units_of(case.id)
    return {
        "matter": case.matter,
        "source": source_chosen(case.source),
        "indicator": _indicator(case),
        "requirement": case.content,
        "lead": next(iter(_codes(units.get("lead", ()))), None),
        "co": _codes(units.get("co", ())),
        "due_date": case.due_day.isoformat() if case.due_day else None,
        "special_major": case.special_major,
    }


def _notice(case: Case) -> Mapping[str, Any]:
    grading = (
        session()
        .execute(
            select(Grading.level, Grading.reason, Reading.value, Reading.change, Indicator.name)
            .join(Reading, Reading.id == Grading.reading_id)
            .join(Indicator, Indicator.id == Grading.indicator_id)
            .where(Grading.round_id == case.round_id, Grading.indicator_id == case.indicator_id)
            .order_by(Grading.id.desc())
            .limit(1)
        )
        .one_or_none()
    )
    county = profile(case.profile_id)
    return {
        "notice_kind": county.notice_type.key,
        "subject": case.title,
        "problems": f"{grading.name}：{grading.value}。{grading.reason}" if grading else "",
    }


def _report(case: Case) -> Mapping[str, Any]:
    title = (
        session()
        .execute(select(Round.report_title).where(Round.id == case.round_id))
        .scalar_one_or_none()
    )
    return {"title": title}


STARTS: Final[Mapping[str, Start]] = {
    "extension_decision": _extension,
    "item_register": _item,
    "notice_draft": _notice,
    "report_draft": _report,
}


def _indicator(case: Case) -> str | None:
    return (
        session()
        .execute(select(Indicator.code).where(Indicator.id == case.indicator_id))
        .scalar_one_or_none()
    )


def _codes(unit_ids: Any) -> list[str]:
    rows = session().execute(select(Unit.id, Unit.code).where(Unit.id.in_(unit_ids)))
    codes = {row.id: row.code for row in rows}
    return [codes[each] for each in unit_ids]

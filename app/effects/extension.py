"""Extensions (延期): asked for in time, decided with an explicit day, the first date kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app import advance, documents
from app.advance import Loaded
from app.clock import local_day
from app.effects import branches, dates, papers
from app.effects.notes import note
from app.effects.registry import Completed, always, effect, unless_approved
from app.errors import Invalid
from app.i18n import Text, _

KIND = "extension_request"
AFTER_IT = "原时限届满后提出"
DECISIONS = {"grant": "同意延期", "refuse": "不予延期"}


@effect("apply_extension", undoable=always)
def apply_extension(step: Completed) -> None:
    """The unit says why, how far it is and until when; a late application is marked (row 15)."""
    item = _item(step)
    wanted = date.fromisoformat(step.answers["new_date"])
    _require_later(item, wanted, field="new_date")
    late = item.case.due_day is not None and local_day(step.now) > item.case.due_day
    step.case.facts = {**step.case.facts, "late": late, "wanted": wanted.isoformat()}
    papers.draft(
        step.loaded,
        KIND,
        title=f"关于{item.case.matter}的延期申请",
        issuer=step.assignment.unit_id,
        content={
            "matter": item.case.matter,
            "reason": step.answers["reason"],
            "progress": step.answers["progress"],
            "due_day": _iso(item.case.due_day),
            "wanted_day": wanted.isoformat(),
        },
    )
    note(
        step,
        "extension.applied",
        {
            "due": item.case.due_day,
            "wanted": wanted,
            "late": late,
            "case": step.case.id,
            "reason": step.answers["reason"],
        },
        about=item,
    )


@effect("sign_extension", undoable=unless_approved)
def sign_extension(step: Completed) -> None:
    """The unit's leader signs: the application goes to the supervising office.

    Only now it is made: signed after the date, it is late however early it was written.
    """
    if step.answers["decision"] == "approve":
        item = _item(step)
        late = item.case.due_day is not None and local_day(step.now) > item.case.due_day
        step.case.facts = {**step.case.facts, "late": late}
        paper = papers.required(step.loaded, KIND)
        if late:
            paper.content = documents.fitting(KIND, {**paper.content, "late": AFTER_IT})
        papers.issue(
            step.loaded,
            paper,
            actor=step.actor,
            to=papers.unit_ids([step.profile.supervising_office]),
        )


@effect("decide_extension")
def decide_extension(step: Completed) -> Mapping[str, Any]:
    """Refuse, or grant until a day; a long or repeated extension is the leader's to grant."""
    item = _item(step)
    if step.answers["decision"] == "refuse":
        _settle(step, item, granted=None)
        return {"needs_leader": False}

    day = date.fromisoformat(step.answers["granted_date"])
    workdays = _workdays(item, day)
    endorsed = step.case.facts.get("endorsed")
    if not endorsed and step.profile.extension.needs_leader(
        workdays=workdays, time=item.case.extension_count + 1
    ):
        step.case.facts = {**step.case.facts, "endorsed": day.isoformat()}
        note(step, "extension.endorsed", {"day": day, "workdays": workdays})
        return {"needs_leader": True}
    _settle(step, item, granted=day)
    return {"needs_leader": False}


def _settle(step: Completed, item: Loaded, *, granted: date | None) -> None:
    """Move the date (or not), tell the unit on paper, and write it into the item's journal."""
    before = item.case.due_day
    step.case.outcome = "granted" if granted else "refused"
    if granted:
        item.case.extension_count += 1
        dates.decide_matter(item, granted, at=step.now)
    reply = papers.draft(
        step.loaded,
        "extension_reply",
        title=f"关于{item.case.matter}延期申请的批复",
        content={
            "matter": item.case.matter,
            "decision": DECISIONS[step.answers["decision"]],
            "reason": step.answers["opinion"],
            "due_day": _iso(before),
            "granted_day": _iso(granted),
        },
    )
    papers.issue(step.loaded, reply, actor=step.actor, to=step.loaded.units["lead"])
    note(
        step,
        "extension.granted" if granted else "extension.refused",
        {
            "before": before,
            "after": granted or before,
            "first": item.case.due_day_first,
            "late": step.case.facts.get("late", False),
            "case": step.case.id,
            "reason": step.answers["opinion"],
        },
        about=item,
    )


def _item(step: Completed) -> Loaded:
    """What is to be extended, locked; only something that is still running has a date to move."""
    item = branches.parent_of(step.loaded)
    if item is None:
        raise Invalid(_("This application belongs to no item."))
    if item.case.status != "open" and step.answers.get("decision") != "refuse":
        raise Invalid(_STANDING.get(item.case.status, _("The item is closed already.")))
    return item


_STANDING: Mapping[str, Text] = {
    "suspended": _("The item is suspended; resume it before its date is moved."),
}


def _workdays(item: Loaded, day: date) -> int:
    """How far the day goes beyond the present one; refused beyond what the profile allows."""
    _require_later(item, day, field="granted_date")
    days, most = advance.calendar(), item.profile.extension.max_workdays
    if not days.is_workday(day):
        text = _("%(day)s is not a working day.", day=day.isoformat())
        raise Invalid(text, fields={"granted_date": text})
    workdays = days.workdays_between(item.case.due_day, day) if item.case.due_day else 0
    if workdays > most:
        text = _("An extension goes %(count)s working days at most.", count=most)
        raise Invalid(text, fields={"granted_date": text})
    return workdays


def _require_later(item: Loaded, day: date, *, field: str) -> None:
    if item.case.due_day is not None and day <= item.case.due_day:
        text = _(
            "The new day must come after the present one, %(day)s.",
            day=item.case.due_day.isoformat(),
        )
        raise Invalid(text, fields={field: text})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

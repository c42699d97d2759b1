"""Overdue: verify, 通报, propose a measure on a ground, approve it, record it (TH-15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock
from app.actor import Actor
from app.advance import Loaded
from app.advance.loading import units_of
from app.db import session
from app.effects import branches, papers, reminders
from app.effects.notes import note
from app.effects.registry import Completed, effect
from app.errors import Invalid, NotAllowed
from app.i18n import _
from app.model import AssessmentRecord, Assignment, Case
from app.rules.profiles import Profile
from app.rules.profiles.shape import Entry

KIND: Final = "escalation"
MEASURES: Final = {"interview": "约谈", "listed_supervision": "挂牌督办", "none": "不采取措施"}


def open_escalation(item: Loaded, *, actor: Actor, lead: int, reason: str = "") -> Loaded:
    """Open the escalation of an overdue matter against the unit that owes it."""
    return branches.branch(
        item,
        KIND,
        actor=actor,
        title=f"{item.case.matter or item.case.title}逾期处置",
        units={"lead": [lead]},
        unit_id=papers.unit_ids([item.profile.supervising_office])[0],
        source=item.case.number or item.case.title,
        content=reason,
        special_major=item.case.special_major,
    )


def escalated(case_id: int, unit_id: int) -> list[Case]:
    """The escalations of a matter against one unit, whatever became of them."""
    found = branches.branches(case_id, KIND)
    return [case for case in found if unit_id in units_of(case.id).get("lead", ())]


def running(case_id: int, unit_id: int) -> bool:
    """Whether one of them is still going on."""
    return any(case.closed_at is None for case in escalated(case_id, unit_id))


@effect("urge_item")
def urge_item(step: Completed) -> None:
    """The office urges the unit once more and sees whether the matter is dealt with."""
    resolved = step.answers["decision"] == "resolved"
    item = branches.parent_of(step.loaded)
    if item is not None and not resolved:
        owed = _owed(item, step.loaded.units["lead"])
        if owed and step.answers["method"] == "notice" and item.case.status == "open":
            reminders.remind(item, owed, actor=step.actor)
    if resolved:
        step.case.outcome = "resolved"
    note(
        step,
        "escalation.verified",
        {
            "decision": step.answers["decision"],
            "method": step.answers["method"],
            "findings": step.answers["findings"],
        },
    )


@effect("issue_escalation_bulletin")
def issue_escalation_bulletin(step: Completed) -> None:
    """Name the matters that are late, with facts and without a ranking (domain 2.6)."""
    answers, leads = step.answers, step.loaded.units["lead"]
    paper = papers.draft(
        step.loaded,
        "bulletin",
        title=answers["title"],
        content={
            "basis": answers["basis"],
            "text": _paragraphs(answers, "summary", "practice", "problems"),
            "items": late_rows(step.loaded),
            "requirements": answers["requirements"],
        },
    )
    papers.issue(
        step.loaded,
        paper,
        actor=step.actor,
        to=leads,
        cc=papers.unit_ids(answers["recipients"]),
    )


@effect("propose_measure")
def propose_measure(step: Completed) -> None:
    """A measure needs one of the profile's grounds for that measure, and evidence (TH-15)."""
    answers = step.answers
    entry = _ground(step.profile, answers["measure"], answers["ground"])
    step.case.facts = {
        **step.case.facts,
        "measure": answers["measure"],
        "ground": answers["ground"],
        "ground_name": entry.name if entry else "",
        "evidence": answers["evidence"],
        "proposed_by": step.by,
    }
    note(
        step,
        "measure.proposed",
        {
            "measure": answers["measure"],
            "ground": answers["ground"],
            "ground_name": entry.name if entry else "",
            "evidence": answers["evidence"],
        },
    )


@effect("approve_measure")
def approve_measure(step: Completed) -> None:
    """The convener decides; never the one who proposed, unless one post is meant to do both."""
    facts, profile = step.gathered, step.profile
    two_posts = profile.post("convener") != profile.post("supervising_director")
    if two_posts and facts.get("proposed_by") == step.by:
        raise NotAllowed(_("Whoever proposed a measure cannot approve it."))
    approved = step.answers["decision"] == "approve"
    if approved:
        step.case.outcome = facts["measure"]
    note(
        step,
        "measure.approved" if approved else "measure.returned",
        {
            **{name: facts.get(name) for name in ("measure", "ground", "ground_name")},
            "reason": step.answers["opinion"],
        },
    )


@effect("record_measure")
def record_measure(step: Completed) -> None:
    """The office adds its note to the unit's assessment record (TX-14b, TH-19)."""
    answers = step.answers
    enter(step, "note", f"{answers['text']}（依据：{answers['basis']}）")


def enter(step: Completed, kind: str, text: str, *, units: Sequence[int] = ()) -> None:
    """Add an entry to the assessment record of the unit the case is about."""
    for unit_id in units or step.loaded.units["lead"]:
        session().add(
            AssessmentRecord(
                unit_id=unit_id, case_id=step.case.id, kind=kind, text=text, at=step.now
            )
        )
        note(step, "record.entered", {"of_unit": unit_id, "entry": kind, "text": text})


def late_rows(loaded: Loaded) -> list[dict[str, Any]]:
    """The matter an escalation is about, as its bulletin shows it."""
    item = branches.parent_of(loaded)
    if item is None:
        return []
    unit_id = loaded.units["lead"][0]
    due_at = min((a.due_at for a in _owed(item, [unit_id]) if a.due_at), default=None)
    due_day = clock.local_day(due_at) if due_at else item.case.due_day
    late = advance.calendar().workdays_between(due_day, clock.today()) if due_day else 0
    return [
        {
            "number": item.case.number,
            "matter": item.case.matter or item.case.title,
            "unit": papers.unit_names([unit_id])[unit_id],
            "due_day": due_day.isoformat() if due_day else None,
            "late_days": max(late, 0),
        }
    ]


def _owed(item: Loaded, units: Sequence[int]) -> Sequence[Assignment]:
    """What those units still have to do in the case, dated work first."""
    return (
        session()
        .scalars(
            select(Assignment)
            .where(
                Assignment.case_id == item.case.id,
                Assignment.state == "active",
                Assignment.unit_id.in_(units),
            )
            .order_by(Assignment.due_at.is_(None), Assignment.due_at, Assignment.id)
        )
        .all()
    )


def _ground(profile: Profile, measure: str, ground: str | None) -> Entry | None:
    grounds: Mapping[str, Sequence[Entry]] = {
        "interview": profile.interview_grounds,
        "listed_supervision": profile.listing_grounds,
    }
    if measure not in grounds:
        return None
    found = next((entry for entry in grounds[measure] if entry.key == ground), None)
    if found is None:
        text = _("The mechanism knows no such ground for this measure.")
        raise Invalid(text, fields={"ground": text})
    return found


def _paragraphs(answers: Mapping[str, Any], *names: str) -> str:
    return "\n".join(answers[name] for name in names if answers[name])

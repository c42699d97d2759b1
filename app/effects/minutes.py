"""Minutes: recorded by the mechanism's sections, signed; then levels change and never before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app import forms, journal
from app.db import session
from app.effects import levels, papers, resolutions
from app.effects.meetings import ATTENDING, PARTS, invite, required_meeting
from app.effects.registry import Completed, always, effect, unless_approved
from app.errors import Invalid
from app.i18n import _
from app.model import Grading, Indicator, Meeting, ProfileVersion, Round
from app.rules.profiles import Profile

BY_MEETING: Final = "meeting"


@effect("record_meeting", undoable=always)
def record_meeting(step: Completed) -> None:
    """Keep what was said and decided; nothing takes effect before the minutes are signed."""
    answers = step.answers
    meeting = required_meeting(step.case.id)
    meeting.held_on = date.fromisoformat(answers["held_on"])
    meeting.sections = _sections(step.profile, answers)
    meeting.regrades = _regrades(step, answers["regrades"] or [])
    attended = papers.unit_ids(answers["attended"])
    invite(step.loaded, attended)
    decided = resolutions.decide(meeting, answers["resolutions"] or [])
    names = papers.unit_names(
        [
            *attended,
            *(r.lead_unit_id for r in decided),
            *(c for r in decided for c in r.co_unit_ids),
        ]
    )
    content = _content(step.profile, meeting) | {
        "resolutions": [resolutions.row_of(r, names) for r in decided],
        "attendees": "、".join(names[unit] for unit in attended),
    }
    papers.draft(step.loaded, "meeting_minutes", title=f"{step.case.title}纪要", content=content)


def _content(profile: Profile, meeting: Meeting) -> dict[str, Any]:
    """What the minutes say of the meeting itself."""
    return {
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place,
        "sections": [
            {"heading": _heading(profile, part), "text": text}
            for part, text in meeting.sections.items()
        ],
        "regrades": [
            {
                "indicator": row["name"],
                "before": row["before"],
                "after": row["after"],
                "reason": row["reason"],
            }
            for row in meeting.regrades
        ],
    }


def _sections(profile: Profile, answers: Mapping[str, Any]) -> dict[str, str]:
    """What was said under each part; those the mechanism requires may not stay empty (TH-10)."""
    required = {section.key for section in profile.meeting.agenda if section.required}
    sections = {part: (answers.get(part) or "").strip() for part in PARTS}
    empty = [part for part, text in sections.items() if not text and PARTS[part] in required]
    if empty:
        text = _("The mechanism requires this part of the minutes.")
        raise Invalid(text, fields=dict.fromkeys(empty, text))
    return {part: text for part, text in sections.items() if text}


def _heading(profile: Profile, part: str) -> str:
    """The section's name in the mechanism, else the form's words."""
    named = {section.key: section.name for section in profile.meeting.agenda}
    field = forms.load("meeting_minutes").field(part)
    return named.get(PARTS[part]) or (field.label.zh if field else part)


def _regrades(step: Completed, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Levels to be set anew, each with the one it had (TX-09b)."""
    indicators = levels.indicators_by_code(row["indicator"] for row in rows)
    found: dict[int, dict[str, Any]] = {}
    for place, row in enumerate(rows):
        indicator = indicators[row["indicator"]]
        now = _level_now(step, indicator)
        _require_regrade(place, row, now, again=indicator.id in found)
        assert now is not None  # noqa: S101 - narrows for the type checker
        found[indicator.id] = {
            "indicator": indicator.id,
            "name": indicator.name,
            "round": now.round_id,
            "before": now.level,
            "after": row["level"],
            "reason": row["reason"],
        }
    return list(found.values())


def _require_regrade(
    place: int, row: Mapping[str, Any], now: Grading | None, *, again: bool
) -> None:
    field, text = "indicator", None
    if now is None:
        text = _("This indicator has no level in the round the meeting is about.")
    elif again:
        text = _("This indicator is named twice.")
    elif now.level == row["level"]:
        field, text = "level", _("This is the level it has already.")
    if text is not None:
        raise Invalid(text, fields={f"regrades.{place}.{field}": text})


def _level_now(step: Completed, indicator: Indicator) -> Grading | None:
    """The indicator's level in the meeting's round, else in the latest round that graded it."""
    rows = (
        select(Grading)
        .join(Round, Round.id == Grading.round_id)
        .where(
            Grading.indicator_id == indicator.id,
            Round.profile_id.in_(
                select(ProfileVersion.id).where(ProfileVersion.key == step.profile.key)
            ),
        )
    )
    if step.case.round_id:
        rows = rows.where(Grading.round_id == step.case.round_id)
    return (
        session()
        .scalars(rows.order_by(Round.ends_on.desc(), Grading.id.desc()).limit(1))
        .one_or_none()
    )


@effect("issue_minutes", undoable=unless_approved)
def issue_minutes(step: Completed) -> None:
    """Signed: the minutes go out, and the levels the meeting set are added to the round's."""
    if step.answers["decision"] != "approve":
        return
    meeting = required_meeting(step.case.id)
    meeting.signed_at = step.now
    _apply(step, meeting)
    decided = resolutions.of_meeting(meeting.id)
    papers.issue(
        step.loaded,
        papers.required(step.loaded, "meeting_minutes"),
        actor=step.actor,
        to=step.loaded.units.get(ATTENDING, ()),
        cc=[unit for r in decided for unit in (r.lead_unit_id, *r.co_unit_ids)],
    )


def _apply(step: Completed, meeting: Meeting) -> None:
    """Append a grading per regrade; the one before stays and is named (TX-09b)."""
    for each in meeting.regrades:
        before = levels.current_gradings(each["round"])[each["indicator"]]
        after = Grading(
            round_id=before.round_id,
            indicator_id=before.indicator_id,
            reading_id=before.reading_id,
            level=each["after"],
            rule=BY_MEETING,
            reason=each["reason"],
            definition_id=None,
            replaces_id=before.id,
            meeting_case_id=step.case.id,
            at=step.now,
            by=step.by,
        )
        session().add(after)
        session().flush()
        journal.record(
            "indicator.regraded",
            stream=f"round:{before.round_id}",
            case_id=step.case.id,
            actor=step.actor,
            unit_id=step.assignment.unit_id,
            data={
                "indicator": before.indicator_id,
                "grading": after.id,
                "replaces": before.id,
                "before": before.level,
                "after": after.level,
                "reason": each["reason"],
                "meeting": step.case.number or step.case.title,
            },
        )

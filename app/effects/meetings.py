"""Meetings: convened by the mechanism's agenda, with a status pack of every unit concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select

from app.advance import Loaded
from app.db import session
from app.effects import packs, papers
from app.effects.registry import Completed, effect
from app.errors import Invalid
from app.i18n import _
from app.model import CaseUnit, Meeting
from app.rules.profiles import Profile

PARTS: Final = {
    "basics": "situation",
    "analysis": "regrading",
    "measures": "measures",
    "forecast": "impact",
}
ATTENDING: Final = "cc"


@effect("prepare_meeting")
def prepare_meeting(step: Completed) -> Mapping[str, Any]:
    """When, where, who and about what; and how every unit stands at this moment (TH-09c)."""
    answers, case = step.answers, step.case
    _require_kind(step.profile, answers["kind"])
    attending = papers.unit_ids(answers["attendees"])
    invite(step.loaded, attending)
    meeting = meeting_of(case.id) or Meeting(case_id=case.id)
    meeting.kind, meeting.place = answers["kind"], answers["place"]
    meeting.held_on = date.fromisoformat(answers["held_on"])
    meeting.agenda = _agenda(step.profile, answers["agenda"])
    case.title = answers["title"]
    session().add(meeting)
    take_pack(step.loaded, meeting)
    return {"needs_convener": step.profile.meeting.convener_required}


def take_pack(loaded: Loaded, meeting: Meeting) -> None:
    """Write down how the units stand now: those invited and all others concerned."""
    concerned = packs.units_concerned(loaded.profile, loaded.case.round_id)
    units = [*loaded.units.get(ATTENDING, ()), *concerned]
    meeting.pack = packs.status_pack(loaded.profile, loaded.case.round_id, units)
    rows = [{k: v for k, v in row.items() if k != "unit_id"} for row in meeting.pack]
    papers.draft(
        loaded,
        "status_pack",
        title=f"{loaded.case.title}各单位落实情况表",
        content={"units": rows},
    )
    session().flush()


def meeting_of(case_id: int) -> Meeting | None:
    """The meeting of a case, once it was prepared."""
    return session().scalars(select(Meeting).where(Meeting.case_id == case_id)).one_or_none()


def required_meeting(case_id: int) -> Meeting:
    """The same where the diagram promises that there is one."""
    meeting = meeting_of(case_id)
    if meeting is None:
        raise Invalid(_("This meeting has not been prepared yet."))
    return meeting


def _require_kind(profile: Profile, kind: str) -> None:
    """A county whose meetings are ad hoc has no half-yearly one (table 1.3)."""
    fits = kind != "half_yearly" if not profile.meeting.half_yearly else kind != "special"
    if not fits:
        text = _("Under this mechanism the meeting is the %(name)s.", name=profile.meeting.name)
        raise Invalid(text, fields={"kind": text})


def _agenda(profile: Profile, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every section the mechanism prescribes (TH-10), each with the topics named for it."""
    by_section: dict[str, list[str]] = {}
    for row in rows:
        by_section.setdefault(PARTS[row["section"]], []).append(row["topic"])
    return [
        {
            "key": section.key,
            "name": section.name,
            "name_en": section.name_en,
            "required": section.required,
            "topics": by_section.get(section.key, []),
        }
        for section in profile.meeting.agenda
    ]


def invite(loaded: Loaded, units: Sequence[int]) -> None:
    """Whoever takes part may see the meeting's case."""
    attending = (CaseUnit.case_id == loaded.case.id, CaseUnit.role == ATTENDING)
    rows = [{"case_id": loaded.case.id, "unit_id": unit, "role": ATTENDING} for unit in units]
    with session().no_autoflush:
        session().execute(delete(CaseUnit).where(*attending))
        session().execute(insert(CaseUnit), rows)
    loaded.units = {**loaded.units, ATTENDING: list(units)}

"""The meetings one may see, newest first, with what they decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.actor import Actor
from app.db import session
from app.model import Case, Meeting, Resolution, Round
from app.queries.visibility import visible


@dataclass(frozen=True)
class MeetingLine:
    """One meeting; `held_on` is None until it is prepared, `items` counts what it gave rise to."""

    case_id: int
    number: str
    title: str
    kind: str
    round: str
    held_on: date | None
    place: str
    resolutions: int
    status: str
    stage: str


def meetings(viewer: Actor) -> tuple[MeetingLine, ...]:
    """Every meeting this person may see."""
    decided = (
        select(Resolution.meeting_id, func.count().label("count"))
        .group_by(Resolution.meeting_id)
        .subquery()
    )
    rows = session().execute(
        select(Case, Meeting, Round.code, decided.c.count)
        .outerjoin(Meeting, Meeting.case_id == Case.id)
        .outerjoin(Round, Round.id == Case.round_id)
        .outerjoin(decided, decided.c.meeting_id == Meeting.id)
        .where(Case.kind == "joint_meeting", visible(viewer))
        .order_by(Case.id.desc())
    )
    return tuple(
        MeetingLine(
            case_id=case.id,
            number=case.number or "",
            title=case.title,
            kind=meeting.kind if meeting else "",
            round=code or "",
            held_on=meeting.held_on if meeting else None,
            place=meeting.place if meeting else "",
            resolutions=count or 0,
            status=case.status,
            stage=case.stage,
        )
        for case, meeting, code, count in rows
    )

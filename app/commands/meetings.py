"""Meetings: called when the half-year asks for one, and their status packs brought up to date."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app import advance, clock, journal
from app.actor import SYSTEM, Actor
from app.commands.command import command
from app.db import session
from app.effects import levels, meetings, numbers, papers
from app.errors import Invalid, NotFound
from app.i18n import _
from app.model import Case, ProfileVersion, Round
from app.rules import access, posts
from app.rules.profiles import Profile


@command
def call_due_meetings(*, actor: Actor) -> dict[str, Any]:
    """Open this half-year's joint meeting where a mechanism in use asks for one (TH-09b).

    Opens nothing before the first of the profile's months in the half-year, and nothing when a
    meeting was opened in this half-year already; so it may be called every day.
    """
    access.require(
        actor == SYSTEM or actor.has("supervision_clerk", "supervision_director"),
        _("Only the supervising office may call a meeting."),
    )

    today = clock.today()
    keys = session().scalars(
        select(ProfileVersion.key)
        .join(Round, Round.profile_id == ProfileVersion.id)
        .distinct()
        .order_by(ProfileVersion.key)
    )
    opened = [
        _call(profile_id, profile, today, actor)
        for profile_id, profile in map(advance.profile_by_key, keys.all())
        if _is_due(profile, today)
    ]
    return {"cases": opened}


@command
def renew_pack(case_id: int, *, actor: Actor) -> dict[str, Any]:
    """Take the status pack again as things stand now; until the minutes are signed."""
    loaded = advance.load(case_id)
    units = {unit for ids in loaded.units.values() for unit in ids}
    if not access.may_see_case(actor, loaded.case.kind, units):
        raise NotFound
    access.require(
        posts.holds(actor, loaded.profile, "supervising_office", "supervising_director"),
        _("Only the supervising office prepares the meeting."),
    )

    meeting = meetings.required_meeting(case_id)
    if meeting.signed_at is not None:
        raise Invalid(_("The minutes are signed; the pack stays as the meeting had it."))
    meetings.take_pack(loaded, meeting)
    journal.record(
        "meeting.pack_renewed",
        stream=loaded.stream,
        case_id=case_id,
        actor=actor,
        data={"units": [row["unit_id"] for row in meeting.pack]},
    )
    return {"case": case_id}


def _is_due(profile: Profile, today: date) -> bool:
    first = 1 if today.month <= 6 else 7
    months = [month for month in profile.meeting.months if first <= month < first + 6]
    if not profile.meeting.half_yearly or not months or today.month < min(months):
        return False
    begun = clock.from_local(date(today.year, first, 1))
    found = session().scalar(
        select(Case.id)
        .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
        .where(
            ProfileVersion.key == profile.key,
            Case.kind == "joint_meeting",
            Case.status != "void",
            Case.opened_at >= begun,
        )
        .limit(1)
    )
    return found is None


def _call(profile_id: int, profile: Profile, today: date, actor: Actor) -> int:
    half = "上半年" if today.month <= 6 else "下半年"
    loaded = advance.open_case(
        "joint_meeting",
        actor=actor,
        profile_id=profile_id,
        round_id=levels.round_named(None, profile.key),
        title=f"{today.year}年{half}{profile.meeting.name}",
        unit_id=papers.unit_ids([profile.supervising_office])[0],
    )
    numbers.number_case(loaded)
    journal.record(
        "meeting.called",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.case.opened_unit_id,
        data={
            "title": loaded.case.title,
            "round": loaded.case.round_id,
            "number": loaded.case.number,
            "by_calendar": True,
        },
    )
    return loaded.case.id

"""Start something: an assessment round, a meeting, a supervision item registered by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypedDict, Unpack

from sqlalchemy import select

from app import advance, clock, journal
from app.actor import SYSTEM, Actor
from app.advance import Loaded
from app.commands import sight
from app.commands.command import command
from app.db import session
from app.effects import instructions, items, levels, numbers, papers
from app.errors import Invalid, NotFound
from app.i18n import _
from app.model import Instruction, Round
from app.rules import access, posts
from app.rules.profiles import Profile

ROUND_KINDS: Final = ("annual", "half_year", "quarter")


class ItemDetails(TypedDict, total=False):
    """What may be said about an item besides its matter and units."""

    content: str
    source: str
    due_day: date | None
    due_days: int | None
    special_major: bool
    override_reason: str
    parent_id: int


@command
def start_round(
    code: str,
    kind: str,
    starts_on: date,
    ends_on: date,
    profile_key: str,
    report_title: str = "",
    *,
    actor: Actor,
) -> dict[str, Any]:
    """Open an assessment round and its case: `{"round": id, "case": id}` (TX-05, TH-16)."""
    profile_id, profile = advance.profile_by_key(profile_key)
    access.require(
        actor == SYSTEM or posts.holds(actor, profile, "analysis_office"),
        _("Only the office that analyses the data may open a round."),
    )

    _require_round(code, kind, starts_on, ends_on)
    round_ = Round(
        code=code.strip(),
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        profile_id=profile_id,
        report_title=report_title.strip(),
        created_at=clock.now(),
    )
    session().add(round_)
    session().flush()
    loaded = advance.open_case(
        "assessment_round",
        actor=actor,
        profile_id=profile_id,
        round_id=round_.id,
        title=report_title.strip() or f"{code.strip()}评估轮次",
        unit_id=_unit_of_post(profile, "analysis_office"),
    )
    numbers.number_case(loaded)
    _record_round(round_, loaded, actor)
    return {"round": round_.id, "case": loaded.case.id}


@command
def start_meeting(
    profile_key: str, title: str, round_code: str | None = None, *, actor: Actor
) -> dict[str, Any]:
    """Open a meeting's case; without a round it is about the latest one graded (TX-09a)."""
    profile_id, profile = advance.profile_by_key(profile_key)
    access.require(
        posts.holds(actor, profile, "supervising_office", "supervising_director", "convener"),
        _("Only the supervising office or the convener may call a meeting."),
    )

    round_id = levels.round_named(round_code, profile.key)
    loaded = advance.open_case(
        "joint_meeting",
        actor=actor,
        profile_id=profile_id,
        round_id=round_id,
        title=_named(title, "title"),
        unit_id=_unit_of_post(profile, "supervising_office"),
    )
    numbers.number_case(loaded)
    journal.record(
        "meeting.called",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.case.opened_unit_id,
        data={"title": loaded.case.title, "round": round_id, "number": loaded.case.number},
    )
    return {"case": loaded.case.id}


@command
def start_item(
    profile_key: str,
    matter: str,
    lead: str,
    co: Sequence[str] = (),
    indicator: str | None = None,
    instruction: int | None = None,
    *,
    actor: Actor,
    **details: Unpack[ItemDetails],
) -> dict[str, Any]:
    """Register an item by hand, with units and indicator named by code (TX-10).

    `instruction`: because a leader asked for it; then it comes out of the case that is about.
    """
    profile_id, profile = advance.profile_by_key(profile_key)
    access.require(
        posts.holds(actor, profile, "supervising_office", "supervising_director"),
        _("Only the supervising office may register an item."),
    )

    asked = _asked_for(instruction)
    if asked is not None:
        details["parent_id"] = asked.case_id
    loaded = items.open_item(
        actor=actor,
        profile_id=profile_id,
        matter=_named(matter, "matter"),
        lead=papers.unit_ids([lead])[0],
        co=papers.unit_ids(co),
        unit_id=_unit_of_post(profile, "supervising_office"),
        indicator_id=levels.indicator_id(indicator),
        **details,
    )
    _record_item(loaded, instruction, actor)
    if asked is not None:
        source = sight.seen(asked.case_id, actor)  # after its child, as every act locks them
        instructions.followed(source, asked, loaded, actor=actor)
    return {"case": loaded.case.id}


def _record_item(loaded: Loaded, instruction: int | None, actor: Actor) -> None:
    journal.record(
        "item.entered",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.case.opened_unit_id,
        data={
            "matter": loaded.case.matter,
            "source": loaded.case.source,
            "override_reason": loaded.case.override_reason,
            "instruction": instruction,
        },
    )


def _asked_for(instruction_id: int | None) -> Instruction | None:
    """The instruction that asks for an item, if one does."""
    if instruction_id is None:
        return None
    found = session().get(Instruction, instruction_id)
    if found is None:
        raise NotFound
    if found.kind != instructions.ASKS:
        raise Invalid(_("Only an instruction that asks for action leads to an item."))
    return found


def _record_round(round_: Round, loaded: Loaded, actor: Actor) -> None:
    journal.record(
        "round.opened",
        stream=f"round:{round_.id}",
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.case.opened_unit_id,
        data={
            "round": round_.code,
            "kind": round_.kind,
            "starts_on": round_.starts_on,
            "ends_on": round_.ends_on,
            "profile": loaded.profile.key,
            "number": loaded.case.number,
        },
    )


def _unit_of_post(profile: Profile, name: str) -> int:
    return papers.unit_ids([profile.post(name).unit])[0]


def _named(text: str, field: str) -> str:
    if not text.strip():
        needed = _("Please fill this in.")
        raise Invalid(_("Please look at the fields marked below."), fields={field: needed})
    return text.strip()


def _require_round(code: str, kind: str, starts_on: date, ends_on: date) -> None:
    _named(code, "code")
    if kind not in ROUND_KINDS:
        text = _("A round covers a year, half a year or a quarter.")
        raise Invalid(text, fields={"kind": text})
    if ends_on < starts_on:
        text = _("The round ends before it begins.")
        raise Invalid(text, fields={"ends_on": text})
    if session().scalar(select(Round.id).where(Round.code == code.strip())):
        text = _("There is a round %(code)s already.", code=code.strip())
        raise Invalid(text, fields={"code": text})

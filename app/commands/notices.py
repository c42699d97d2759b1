"""Notices outside the round's own run: opened ad hoc, copies read, answers put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app import advance, journal
from app.actor import Actor
from app.advance import Loaded
from app.commands.command import command
from app.db import session
from app.effects import levels, notices, opinions, papers
from app.errors import Invalid, NotFound
from app.i18n import _
from app.model import Case, Round
from app.rules import access, posts


@command
def open_notice(
    round_code: str,
    indicator: str,
    unit: str | None = None,
    note: str = "",
    *,
    actor: Actor,
    again: bool = False,
) -> dict[str, Any]:
    """Open a notice at any time (不定期, TX-07a), to the responsible unit unless one is named.

    `again` allows a second one to the same unit about the same indicator of the same round.
    """
    loaded = _load_round(round_code, actor)
    access.require(
        posts.holds(actor, loaded.profile, "analysis_office", "drafting_office"),
        _("Only the court’s analysts and drafters may open a notice."),
    )

    round_ = levels.round_of(loaded.case.round_id)
    wanted = _wanted(indicator, unit, note)
    if notices.already_open(round_.id, wanted) and not again:
        text = _("This unit has a notice about this indicator in this round already.")
        raise Invalid(text, fields={"unit": text})
    opened = notices.open_notice(
        round_,
        wanted,
        actor=actor,
        profile_id=loaded.case.profile_id,
        profile=loaded.profile,
        parent_id=loaded.case.id,
        unit_id=actor.unit_id,
    )
    told = {"indicator": wanted.indicator.id, "unit": wanted.unit_id, "again": again}
    _record_opened(loaded, opened, told, actor)
    return {"case": opened.case.id}


def _record_opened(loaded: Loaded, opened: Loaded, told: Mapping[str, Any], actor: Actor) -> None:
    journal.record(
        "notice.opened",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        data={"notice": opened.case.id, "number": opened.case.number, **told},
    )


@command
def consolidate(round_code: str, *, actor: Actor) -> dict[str, Any]:
    """Put all work opinions of a round into one numbered table (汇总表, TX-08c)."""
    loaded = _load_round(round_code, actor)
    access.require(
        posts.holds(
            actor,
            loaded.profile,
            "supervising_office",
            "supervising_director",
            "opinion_office",
            "analysis_office",
        ),
        _("Only the offices that collect the opinions may put them together."),
    )

    found = opinions.consolidation(levels.round_of(loaded.case.round_id).id)
    if not found["rows"] and not found["missing"]:
        raise Invalid(_("No notice of this round has been issued yet."))
    document = papers.draft(
        loaded, "consolidation", title=f"{round_code}工作意见汇总表", content=found
    )
    papers.issue(loaded, document, actor=actor)
    return {"document": document.id, "case": loaded.case.id}


def _load_round(code: str, actor: Actor) -> Loaded:
    """The case of a round, locked; NotFound for those who may not know of rounds."""
    if not access.may_see_rounds(actor):
        raise NotFound
    case_id = session().scalar(
        select(Case.id)
        .join(Round, Round.id == Case.round_id)
        .where(Round.code == code, Case.kind == "assessment_round")
        .order_by(Case.id)
        .limit(1)
    )
    if case_id is None:
        raise NotFound
    return advance.load(case_id)


def _wanted(indicator: str, unit: str | None, note: str) -> notices.Wanted:
    found = levels.indicators_by_code([indicator])[indicator]
    if unit is not None:
        return notices.Wanted(found, papers.unit_ids([unit])[0], note)
    responsible = notices.responsible_units([found.id]).get(found.id)
    if not responsible:
        text = _("No unit is responsible for this indicator; name the addressee.")
        raise Invalid(text, fields={"unit": text})
    return notices.Wanted(found, responsible[0], note)

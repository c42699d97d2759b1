"""Start what is not about one case: a brief on items, the annual evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app import advance, journal
from app.actor import Actor
from app.advance import Loaded
from app.commands.command import command
from app.db import session
from app.effects import branches, briefs, evaluation, papers
from app.errors import Invalid
from app.i18n import _
from app.model import Case
from app.rules import access, posts


@command
def start_brief(
    profile_key: str, title: str = "", items: Sequence[int] = (), *, actor: Actor
) -> dict[str, Any]:
    """Open a brief to the superiors (专报, TH-14) on these items, or on a scope: `{"case"}`."""
    profile_id, profile = advance.profile_by_key(profile_key)
    access.require(
        posts.holds(actor, profile, "supervising_office", "supervising_director"),
        _("Only the supervising office may start a brief."),
    )
    if profile.superior_report is None:
        raise Invalid(_("The mechanism %(profile)s knows no such brief.", profile=profile.name))
    sought = select(Case.id).where(Case.id.in_(items), Case.kind == "supervision_item")
    known = set(session().scalars(sought)) if items else set()
    if known != set(items):
        text = _("Only supervision items can be reported on.")
        raise Invalid(text, fields={"items": text})

    loaded = advance.open_case(
        briefs.BRIEF,
        actor=actor,
        profile_id=profile_id,
        title=title.strip() or profile.superior_report.name,
        unit_id=papers.unit_ids([profile.supervising_office])[0],
        facts={**profile.facts(), "items": list(dict.fromkeys(items))},
    )
    return _numbered(loaded, actor, "brief.started", {"items": list(items)})


@command
def start_evaluation(profile_key: str, title: str = "", *, actor: Actor) -> dict[str, Any]:
    """Open the annual evaluation (TX-14a, TH-16b); its first task chooses rounds: `{"case"}`."""
    profile_id, profile = advance.profile_by_key(profile_key)
    access.require(
        posts.holds(
            actor,
            profile,
            "analysis_office",
            "assessing_office",
            "supervising_office",
            "supervising_director",
        ),
        _("Only the offices that evaluate may start an evaluation."),
    )

    loaded = advance.open_case(
        evaluation.KIND,
        actor=actor,
        profile_id=profile_id,
        title=title.strip() or "年度成效评价",
        unit_id=papers.unit_ids([profile.post("analysis_office").unit])[0],
        facts=profile.facts(),
    )
    return _numbered(loaded, actor, "evaluation.started", {})


def _numbered(loaded: Loaded, actor: Actor, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    number = branches.number(loaded, actor=actor)
    journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=loaded.case.opened_unit_id,
        data={"title": loaded.case.title, "number": number, **data},
    )
    return {"case": loaded.case.id}

"""What happens after a task: the steps the diagram draws next, with whom and how long they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.advance.organisation import Organisation
from app.advance.reference import ahead
from app.advance.regaining import FIRST
from app.advance.timing import WHOLE_MATTER
from app.engine import Ahead
from app.i18n import Text, _
from app.model import OPEN
from app.queries.signing import Signer
from app.rules.candidates import Post, candidates, post_held
from app.rules.profiles import Profile
from app.rules.standing import Standing


@dataclass(frozen=True)
class Next:
    """One step that may come next; `when` are the answers that lead to it, in both languages.

    `who` are units with the post that will do it; none when the case ends there (`ends`).
    """

    when: tuple[tuple[str, str], ...]
    task: str
    task_en: str
    who: tuple[tuple[str, str], ...]
    time: Text | None
    together: bool
    ends: bool


def next_steps(
    bundle: Sequence[dict[str, Any]],
    node: str,
    *,
    county: Profile,
    case: Standing,
    units: Organisation,
    now: datetime,
) -> tuple[Next, ...]:
    """What may follow that task of a case, in the order drawn."""
    return tuple(
        Next(
            when=each.when,
            task=each.name,
            task_en=each.name_en,
            who=_who(each, county, case, units, now),
            time=_time(each.deadline, county),
            together=each.together,
            ends=each.kind == "endEvent",
        )
        for each in ahead(bundle, node)
    )


def given_back(ticket: Any, mine: int, signers: Sequence[Signer]) -> tuple[Next, ...]:
    """What follows the part of somebody asked first: the same task again, for whoever asked."""
    (asker_id,) = (each.parent_id for each in signers if each.assignment_id == mine)
    others = any(
        each.kind in FIRST and each.parent_id == asker_id and each.state in OPEN
        for each in signers
        if each.assignment_id != mine
    )
    return tuple(
        Next((), ticket.name, ticket.name_en, ((each.unit, each.post),), None, others, ends=False)
        for each in signers
        if each.assignment_id == asker_id
    )


def _who(
    step: Ahead, county: Profile, case: Standing, units: Organisation, now: datetime
) -> tuple[tuple[str, str], ...]:
    """The units that would get it, and under which post; as the engine would find them."""
    if not step.performer:
        return ()
    parties = {
        "lead": sorted(case.lead_units),
        "addressee": sorted(case.lead_units),
        "co": sorted(case.co_units),
        "opener": [case.opener_unit or 0],
    }

    def post_of(name: str) -> Post:
        post = county.post(name)
        return Post(units.ids.get(post.unit, 0), post.role)

    found = candidates(step.performer, parties, post_of)
    held = units.held((each.unit_id for each in found), now)
    return tuple(
        (units.names[each.unit_id], post_held(each.post, held[each.unit_id]))
        for each in found
        if each.unit_id in units.names
    )


def _time(deadline: str, county: Profile) -> Text | None:
    if not deadline:
        return None
    if deadline == WHOLE_MATTER:
        return _("within the time of the whole matter")
    return county.deadline(deadline).described()

"""Standing in for somebody for a time (代理, domain row 4): who may arrange it, what to heed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.actor import Actor
from app.i18n import Text, _
from app.rules import access
from app.rules.handing import LEADING

Post = tuple[int, str]
"""A unit's id and a role in it."""

ALWAYS: Final = frozenset({frozenset({"process_designer", "process_reviewer"})})
CHECKS: Final = ALWAYS | {
    frozenset(pair)
    for pair in (
        ("supervision_clerk", "supervision_director"),
        ("suggestion_drafter", "court_president"),
        ("court_analyst", "court_president"),
        ("unit_handler", "unit_leader"),
        ("unit_handler", "unit_head"),
        ("co_handler", "unit_leader"),
        ("co_handler", "unit_head"),
    )
}
"""Posts of which one checks or signs what the other prepares."""


@dataclass(frozen=True)
class Term:
    """Somebody stands in for somebody: in which posts, from when until when (None: until ended)."""

    person_id: int
    deputy_id: int
    posts: frozenset[Post]
    since: datetime
    until: datetime | None

    def meets(self, other: Term) -> bool:
        """Whether both run at some moment."""
        ends, others = self.until, other.until
        return (ends is None or other.since < ends) and (others is None or self.since < others)


def may_name(actor: Actor, person_id: int, units: Collection[int]) -> bool:
    """For oneself; for those who work in a unit one leads; the security administrator for all.

    `units`: where the person holds posts. A deputy never does, whomever they stand in for.
    """
    return (
        access.may_grant_roles(actor) or actor.person_id == person_id or leads(actor, units) != []
    )


def leads(actor: Actor, units: Collection[int]) -> list[int]:
    """Those of the units that this person leads, not as a deputy."""
    own = actor.in_own_name
    return [unit_id for unit_id in units if own.holding(unit_id, LEADING)]


def doubts(
    wanted: Term, others: Sequence[Term], names: Mapping[int, str], checked: Iterable[Text]
) -> list[Text]:
    """What somebody should know before they arrange this all the same."""
    running = [each for each in others if each.meets(wanted)]
    deputy = names[wanted.deputy_id]
    return [*_beside(wanted, running, names), *_away(wanted, running, deputy), *checked]


def _beside(wanted: Term, running: Iterable[Term], names: Mapping[int, str]) -> Iterable[Text]:
    for each in running:
        if each.person_id == wanted.person_id and each.posts & wanted.posts:
            yield _(
                "%(deputy)s stands in for the same post in that time already.",
                deputy=names[each.deputy_id],
            )


def _away(wanted: Term, running: Sequence[Term], deputy: str) -> Iterable[Text]:
    """The deputy is away themself, or all of them stand in for each other in a circle."""
    if not any(each.person_id == wanted.deputy_id for each in running):
        return
    if wanted.person_id in _reached(wanted.deputy_id, running):
        yield _(
            "%(deputy)s is away in that time, and the deputies named lead back in a circle.",
            deputy=deputy,
        )
    else:
        yield _("%(deputy)s has named a deputy in that time, so is probably away.", deputy=deputy)


def _reached(person_id: int, running: Sequence[Term]) -> set[int]:
    """Everybody who stands in for this person, or for one who does, and so on."""
    found: set[int] = set()
    new = {person_id}
    while new:
        new = {each.deputy_id for each in running if each.person_id in new} - found
        found |= new
    return found

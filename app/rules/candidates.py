"""Who gets a task: from `wv:performer`, the units of the case and the posts of the profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.rules.access import UNIT_STAFF

UNIT_PARTIES: Final = frozenset({"lead", "co", "lead_and_co", "addressee", "opener"})


@dataclass(frozen=True)
class Candidate:
    """A unit that gets an assignment: in which role, and which post in it must do it."""

    unit_id: int
    role: str
    post: str


@dataclass(frozen=True)
class Post:
    """A post of the mechanism profile: a role held in one unit."""

    unit_id: int
    role: str


def candidates(
    performer: str,
    units: Mapping[str, Sequence[int]],
    post_of: Callable[[str], Post],
) -> tuple[Candidate, ...]:
    """Candidates in order, lead first; `units` maps a case role (lead, co, …) to unit ids.

    `post_of` resolves a post of the profile and raises when the profile lacks it.
    """
    party, _, role = performer.partition("/")
    if party not in UNIT_PARTIES:
        post = post_of(party)
        return (Candidate(post.unit_id, "office", role or post.role),)
    role = role or "unit_handler"
    if party == "lead_and_co":
        return _of(units, "lead", role) + _of(units, "co", role)
    return _of(units, party, role)


def _of(units: Mapping[str, Sequence[int]], party: str, role: str) -> tuple[Candidate, ...]:
    kind = {"lead": "lead", "co": "co"}.get(party, "lead")
    return tuple(Candidate(unit, kind, role) for unit in units.get(party, ()))


def post_held(wanted: str, held: frozenset[str]) -> str:
    """The post that will do it: the wanted one, else the nearest one somebody of the unit holds.

    Small units have no liaison; the work must not wait for a post nobody fills.
    """
    if wanted in held or wanted not in UNIT_STAFF:
        return wanted
    order = ("unit_handler", "unit_liaison", "unit_leader", "unit_head", "co_handler")
    return next((post for post in order if post in held), wanted)

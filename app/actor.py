"""Who acts: a person with the posts they hold, for a unit, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Holding:
    """One role held in one unit; `deputy_for` names the person it is held for, if any.

    A deputy for certain `kinds` of cases (none: all) does tasks of these and nothing else.
    """

    unit_id: int
    unit_code: str
    unit_name: str
    role: str
    deputy_for: int | None = None
    unit_name_en: str | None = None
    kinds: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What tells it from the other holdings of the same person."""
        return f"{self.unit_id}-{self.role}-{self.deputy_for or 0}"


@dataclass(frozen=True)
class Actor:
    """The person acting (or the system, with no id) and everything they may act as.

    `under` is what they do the present act as, once that is known: the journal says for whom.
    """

    person_id: int | None
    login: str
    name: str
    holdings: tuple[Holding, ...] = ()
    must_change_password: bool = False
    name_en: str | None = None
    under: Holding | None = None

    @property
    def unit_id(self) -> int | None:
        """The unit of the first own holding: the one named when nothing else decides."""
        return self.holdings[0].unit_id if self.holdings else None

    @property
    def unit_ids(self) -> frozenset[int]:
        """Every unit this person acts for."""
        return frozenset(h.unit_id for h in self.holdings)

    @property
    def roles(self) -> frozenset[str]:
        """Every role this person holds anywhere, for all kinds of cases."""
        return frozenset(h.role for h in self.holdings if not h.kinds)

    @property
    def in_own_name(self) -> Actor:
        """The same person without what they hold for others, for what no deputy may do."""
        return replace(self, holdings=tuple(h for h in self.holdings if h.deputy_for is None))

    def as_holder_of(self, key: str) -> Actor:
        """The same person with one of their holdings alone; with all where they hold no such."""
        chosen = tuple(h for h in self.holdings if h.key == key)
        return replace(self, holdings=chosen) if chosen else self

    def acting_as(self, held: Holding | None) -> Actor:
        """The same person in that post, their own or somebody's they stand in for."""
        return replace(self, under=held)

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def holding(self, unit_id: int, roles: Iterable[str] | None = None) -> Holding | None:
        """The holding in that unit (and one of those roles), own ones before deputised ones."""
        wanted = None if roles is None else frozenset(roles)
        found = [
            h
            for h in self.holdings
            if h.unit_id == unit_id and not h.kinds and (wanted is None or h.role in wanted)
        ]
        return min(found, key=lambda h: h.deputy_for is not None, default=None)


SYSTEM = Actor(person_id=None, login="system", name="系统")

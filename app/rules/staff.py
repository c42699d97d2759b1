"""Who may do what about a person or a unit, by how they stand (三员分立, safety: nobody two)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.actor import Actor
from app.i18n import Text, _
from app.rules import access, deputies

May = Text | bool
NOTHING_OPEN: Final = _("Nothing is open in this person’s name in your unit.")


@dataclass(frozen=True)
class HeldPost:
    """A post somebody holds, from when until when."""

    unit_id: int
    unit_code: str
    unit: str
    unit_en: str | None
    role: str
    since: datetime | None
    until: datetime | None

    @property
    def key(self) -> str:
        """As forms name it."""
        return f"{self.unit_id}:{self.role}"


@dataclass(frozen=True)
class OpenGroup:
    """What passes on together when somebody leaves: how much, and who may take it over."""

    field: str
    unit_id: int
    unit: str
    unit_en: str | None
    post: str
    number: int
    successors: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PersonStanding:
    """How an account stands, as far as it decides what may be done about it."""

    person_id: int
    login: str
    active: bool
    posts: Sequence[HeldPost]
    open: Sequence[OpenGroup]
    seen: int = 0

    @property
    def units(self) -> list[int]:
        """Where they hold posts or have work open."""
        held, open_ = (each.unit_id for each in self.posts), (each.unit_id for each in self.open)
        return list(dict.fromkeys((*held, *open_)))

    def open_in(self, units: Sequence[int]) -> list[OpenGroup]:
        """What is open in these units."""
        return [each for each in self.open if each.unit_id in units]


@dataclass(frozen=True)
class UnitStanding:
    """How a unit stands: is it in use?"""

    unit_id: int
    code: str
    active: bool
    seen: int = 0


def may_see(actor: Actor, person: PersonStanding) -> bool:
    """The administrators; the leaders of their units; themselves."""
    own = actor.person_id == person.person_id
    return own or access.may_see_people(actor) or deputies.leads(actor, person.units) != []


def may_correct(actor: Actor, _person: PersonStanding) -> May:
    """Names are kept by the system administrator."""
    return access.may_keep_accounts(actor)


def may_give_password(actor: Actor, person: PersonStanding) -> May:
    """So are passwords, of accounts that are open."""
    return access.may_keep_accounts(actor) and person.active


def may_close(actor: Actor, person: PersonStanding) -> May:
    """And so are the accounts; nobody closes their own."""
    if not (access.may_keep_accounts(actor) and person.active):
        return False
    own = _("Nobody closes their own account.")
    return own if actor.person_id == person.person_id else True


def may_open(actor: Actor, person: PersonStanding) -> May:
    """An account that was closed."""
    return access.may_keep_accounts(actor) and not person.active


def may_grant(actor: Actor, person: PersonStanding) -> May:
    """Posts are the security administrator's."""
    return access.may_grant_roles(actor) and person.active


def may_end_post(actor: Actor, person: PersonStanding) -> May:
    """Where one is held."""
    return access.may_grant_roles(actor) and bool(person.posts)


def may_hand_over(actor: Actor, person: PersonStanding) -> May:
    """The leaders of the unit; what is in it they know anyway."""
    led = deputies.leads(actor, person.units)
    if not led or actor.person_id == person.person_id:
        return False
    return True if person.open_in(led) else NOTHING_OPEN


def may_name_deputy(actor: Actor, person: PersonStanding) -> May:
    """The person, a leader of the unit, the security administrator; where there is a post."""
    if not deputies.may_name(actor, person.person_id, [each.unit_id for each in person.posts]):
        return False
    return person.active and bool(person.posts)


def may_change_unit(actor: Actor, unit: UnitStanding) -> May:
    """Units are kept by the system administrator."""
    return access.may_keep_accounts(actor) and unit.active


def may_open_unit(actor: Actor, unit: UnitStanding) -> May:
    """One that was taken out of use."""
    return access.may_keep_accounts(actor) and not unit.active

"""What every act on units and people shares: locking, checking names, reading posts, recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import delete, exists, or_, select

from app import clock, journal
from app.actor import Actor
from app.db import session
from app.effects.sessions import end_sessions
from app.errors import Invalid, NotFound
from app.i18n import Text, _
from app.model import Person, RoleHolding, Unit
from app.rules import access

STREAM: Final = "organisation"
Row = TypeVar("Row", Person, Unit)


def locked(kind: type[Row], row_id: int) -> Row:
    """The unit or person with that id, locked."""
    found = session().get(kind, row_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def kept_open(person_ids: Iterable[int]) -> frozenset[int]:
    """Which of these accounts are open; none is closed, nor loses a post, until this act ends.

    Asked before a case is locked: whoever closes an account locks it first and its cases then.
    """
    those = select(Person.id).where(Person.id.in_(person_ids), Person.active)
    return frozenset(session().scalars(those.order_by(Person.id).with_for_update(read=True)))


def keep_open(answer: object) -> None:
    """The same for whom a form names, one or several; what else stands there others refuse."""
    named = answer if isinstance(answer, list | tuple) else (answer,)
    theirs = Person.login.in_({each for each in named if isinstance(each, str)})
    those = select(Person.id).where(theirs, Person.active).order_by(Person.id)
    session().execute(those.with_for_update(read=True))


def holds(person_id: int | None, unit_id: int, role: str) -> bool:
    """Whether somebody has that post of their own, as it is written now."""
    post = (RoleHolding.unit_id == unit_id, RoleHolding.role == role)
    own = (RoleHolding.person_id == person_id, RoleHolding.deputy_for_id.is_(None))
    return session().scalar(select(exists().where(*own, *post))) or False


def unit_with(code: str) -> Unit:
    """The unit with that code; refused when there is none in use."""
    found = session().scalars(select(Unit).where(Unit.code == code, Unit.active)).one_or_none()
    if found is None:
        raise Invalid(_("There is no unit with the code %(codes)s.", codes=code))
    return found


def refuse(problems: Mapping[str, Text | None]) -> None:
    """Refuse with what is wrong in each field, if anything is."""
    found = {name: text for name, text in problems.items() if text is not None}
    if found:
        raise Invalid(_("Please look at the fields marked below."), fields=found)


def nameless(name: str) -> Text | None:
    """What is wrong with an empty name."""
    return None if name.strip() else _("Please fill this in.")


def require_compatible(roles: Iterable[str]) -> None:
    """Only roles there are, and never two of the three administrators in one hand (三员分立)."""
    wanted = set(roles)
    unknown = sorted(wanted - access.ROLES)
    if unknown:
        raise Invalid(_("There is no role named %(roles)s.", roles=", ".join(unknown)))
    if len(wanted & set(access.ADMINISTRATORS)) > 1:
        raise Invalid(_("System, security and audit administrator must be three different people."))


def posts_of(person_id: int) -> list[RoleHolding]:
    """A person's own posts, without those held as a deputy."""
    own = (RoleHolding.person_id == person_id, RoleHolding.deputy_for_id.is_(None))
    return list(session().scalars(select(RoleHolding).where(*own).order_by(RoleHolding.id)))


def roles_held(person_id: int, *, own: bool = True) -> list[str]:
    """The roles a person holds for others, and their own ones with them."""
    held = select(RoleHolding.role).where(RoleHolding.person_id == person_id)
    if not own:
        held = held.where(RoleHolding.deputy_for_id.is_not(None))
    return list(session().scalars(held))


def said(posts: Iterable[RoleHolding]) -> list[dict[str, str]]:
    """Posts as the journal keeps them: unit code and role."""
    codes = dict(list(session().execute(select(Unit.id, Unit.code))))
    return [{"unit": codes[post.unit_id], "role": post.role} for post in posts]


def unit_said(unit: Unit) -> dict[str, Any]:
    """A unit as the journal keeps it."""
    names = ("code", "name", "name_en", "kind", "parent_id", "active")
    return {name: getattr(unit, name) for name in names}


def end_posts(person_id: int, *, deputed_too: bool) -> None:
    """Take away a person's posts, what others hold for them, and perhaps what they deputise."""
    mine = RoleHolding.person_id == person_id
    own = mine if deputed_too else mine & RoleHolding.deputy_for_id.is_(None)
    session().execute(delete(RoleHolding).where(or_(own, RoleHolding.deputy_for_id == person_id)))
    end_sessions(person_id, at=clock.now())


def record(
    kind: str, actor: Actor, data: Mapping[str, Any], personal: Mapping[str, str] | None = None
) -> None:
    """One act on units or people."""
    journal.record(kind, stream=STREAM, actor=actor, data=data, personal=personal)

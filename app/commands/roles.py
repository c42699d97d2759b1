"""The roles people hold in units, and who deputises for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.effects import accounts, holders
from app.errors import Invalid
from app.i18n import _
from app.model import Person, RoleHolding
from app.rules import access

ONLY_GRANTER: Final = _("Only the security administrator grants roles and names deputies.")


@command
def set_roles(
    person_id: int, roles: Iterable[Mapping[str, str]], *, actor: Actor
) -> list[dict[str, str]]:
    """Replace the posts a person holds by `[{"unit": code, "role": code}, …]`; returns them.

    What others held for this person ends too: a deputy acts in posts, and these changed.
    """
    person = accounts.locked(Person, person_id)
    access.require(access.may_grant_roles(actor), ONLY_GRANTER)
    wanted = [(accounts.unit_with(each["unit"]), each["role"]) for each in roles]
    accounts.require_compatible(role for _unit, role in wanted)

    before = accounts.said(accounts.posts_of(person.id))
    accounts.end_posts(person.id, deputed_too=False)
    session().add_all(
        RoleHolding(person_id=person.id, unit_id=unit.id, role=role)
        for unit, role in dict.fromkeys(wanted)
    )
    session().flush()
    after = accounts.said(accounts.posts_of(person.id))
    holders.free_tasks(person.id, actor)

    accounts.record(
        "person.roles_set",
        actor,
        {
            "person": person.id,
            "before": before,
            "after": after,
        },
    )
    return after


@command
def set_deputy(
    person_id: int,
    deputy_id: int | None,
    *,
    actor: Actor,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> None:
    """Let another person act for this one in all their posts, for a time; None ends it."""
    person = accounts.locked(Person, person_id)
    access.require(access.may_grant_roles(actor), ONLY_GRANTER)
    posts = accounts.posts_of(person.id)
    _require_possible(person.id, deputy_id, posts)
    if valid_from and valid_until and valid_until <= valid_from:
        text = _("The deputyship ends before it begins.")
        raise Invalid(text, fields={"valid_until": text})

    held_for = RoleHolding.deputy_for_id == person.id
    before = list(session().scalars(select(RoleHolding.person_id).where(held_for).distinct()))
    session().execute(delete(RoleHolding).where(held_for))
    term = {"valid_from": valid_from, "valid_until": valid_until}
    if deputy_id is not None:
        session().add_all(
            RoleHolding(
                person_id=deputy_id, unit_id=p.unit_id, role=p.role, deputy_for_id=person.id, **term
            )
            for p in posts
        )

    said = {"person": person.id, "before": before, "after": deputy_id}
    data = {**said, "posts": accounts.said(posts), **term}
    accounts.record("person.deputy_set", actor, data)


def _require_possible(person_id: int, deputy_id: int | None, posts: list[RoleHolding]) -> None:
    """Nobody stands in for themselves, and a deputy keeps the administrators apart too."""
    if deputy_id is None:
        return
    if deputy_id == person_id:
        raise Invalid(_("Nobody deputises for themselves."))
    deputy = accounts.locked(Person, deputy_id)
    if not deputy.active:
        raise Invalid(_("This account is closed."))
    if not posts:
        raise Invalid(_("There is nothing to deputise for: this person holds no post."))
    held = (post.role for post in (*accounts.posts_of(deputy.id), *posts))
    accounts.require_compatible(held)

"""The roles people hold in units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.effects import accounts, deputies, holders
from app.i18n import _
from app.model import Person, RoleHolding
from app.rules import access

ONLY_GRANTER: Final = _("Only the security administrator grants roles.")


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
    as_deputy = accounts.roles_held(person.id, own=False)
    accounts.require_compatible([*as_deputy, *(role for _unit, role in wanted)])

    before = accounts.said(accounts.posts_of(person.id))
    deputies.end_all(person.id, actor, deputed_too=False)
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

"""The posts people hold in units, for good or for a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from app import clock, forms
from app.actor import Actor
from app.commands import keeping
from app.commands.command import command
from app.db import session
from app.effects import accounts, deputies, holders
from app.errors import Invalid
from app.i18n import _
from app.model import RoleHolding

ONE_DAY: Final = timedelta(days=1)


@command
def set_roles(
    person_id: int, roles: Iterable[Mapping[str, str]], *, actor: Actor
) -> list[dict[str, str]]:
    """Replace the posts a person holds by `[{"unit": code, "role": code}, …]`; returns them.

    What others held for this person ends too: a deputy acts in posts, and these changed.
    """
    person = keeping.holder(person_id, actor, None)
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


@command
def grant_post(
    person_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, int]:
    """Give somebody one post more, from a day or until a day (included) if need be."""
    person = keeping.holder(person_id, actor, seen)
    if not person.active:
        raise Invalid(_("This account is closed."))
    context = forms.Context(today=clock.today())
    said = forms.checked(forms.load("post_grant"), answers, context=context)
    of_unit, role = accounts.unit_with(said["unit"]), said["role"]
    accounts.require_compatible([*accounts.roles_held(person.id), role])
    since, until = _period(*(_day(said[name]) for name in ("first_day", "last_day")))
    _require_not_held(person.id, of_unit.id, role)

    held = RoleHolding(
        person_id=person.id, unit_id=of_unit.id, role=role, valid_from=since, valid_until=until
    )
    session().add(held)
    session().flush()

    told = {"person": person.id, "unit": of_unit.code, "role": role, "from": since, "until": until}
    accounts.record("post.granted", actor, told)
    return {"holding": held.id}


def _period(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    if last is not None and last < (first or clock.today()):
        text = _("The post ends before it begins.")
        raise Invalid(text, fields={"last_day": text})
    since = clock.from_local(first) if first else None
    return since, clock.from_local(last + ONE_DAY) if last else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _require_not_held(person_id: int, unit_id: int, role: str) -> None:
    held = {(each.unit_id, each.role) for each in accounts.posts_of(person_id)}
    if (unit_id, role) in held:
        text = _("This post is held already; end it first to give it another time.")
        raise Invalid(text, fields={"role": text})

"""Somebody leaves a post or the county: what is open in their name passes on first (离职转办)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from app import clock
from app.actor import SYSTEM, Actor
from app.commands import faster, keeping
from app.commands.command import command
from app.db import session
from app.effects import accounts, deputies, handover, holders
from app.effects.sessions import end_sessions
from app.errors import Invalid, NotAllowed
from app.i18n import _
from app.model import Person, RoleHolding
from app.rules.deputies import leads

NOTHING: Final[Mapping[str, Any]] = {}


@command
def hand_over(
    person_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Pass what is open in somebody's name to colleagues, by a leader of the unit.

    `answers` names a successor for each group (`{"to_12_unit_handler": login}`); what nobody is
    named for stays as it is. Returns `{"handed": {group: number}}`.
    """
    person = accounts.locked(Person, person_id)
    handed_over = {"person.handed_over": faster.about(person=person.id)}
    faster.require_unchanged(accounts.STREAM, seen, handed_over)
    units = leads(actor, list({group[0] for group in handover.groups(person.id)} | _units(person)))
    if not units:
        raise NotAllowed(_("Only a leader of the unit hands over what its people have open."))
    heirs = handover.chosen(person.id, answers, units)
    if not heirs:
        raise Invalid(_("Choose who takes over, for one of the lines at least."))

    reason = keeping.reason("hand_over", answers)

    handed = handover.hand_over(person.id, heirs, actor)

    said = {"person": person.id, "handed": handed, "persons": sorted(set(heirs.values()))}
    accounts.record("person.handed_over", actor, {**said, "reason": reason})
    return {"handed": handed}


@command
def disable_person(
    person_id: int,
    answers: Mapping[str, Any] = NOTHING,
    *,
    actor: Actor,
    seen: int | None = None,
) -> dict[str, Any]:
    """Close an account: nobody signs in with it, its posts end, what it did stays.

    What is open in their name passes to the successors named, the rest to the posts it was given
    to: `{"handed": {group: number}, "left": number}`.
    """
    person = keeping.account(person_id, actor, seen)
    if person.id == actor.person_id:
        raise Invalid(_("Nobody closes their own account."))
    heirs = handover.chosen(person.id, answers)
    reason = keeping.reason("person_close", answers)

    before = accounts.said(accounts.posts_of(person.id))
    handed = handover.hand_over(person.id, heirs, actor)
    person.active = False
    deputies.end_all(person.id, actor, deputed_too=True)
    accounts.end_posts(person.id, deputed_too=True)
    left = holders.free_tasks(person.id, actor)

    passed = {"handed": handed, "left": left, "reason": reason}
    data = {"person": person.id, "before": before, "after": [], **passed}
    accounts.record("person.disabled", actor, data)
    return {"handed": handed, "left": left}


@command
def enable_person(
    person_id: int,
    answers: Mapping[str, Any] = NOTHING,
    *,
    actor: Actor,
    seen: int | None = None,
) -> None:
    """Open an account again; posts are granted anew, and it waits for a new initial password."""
    person = keeping.account(person_id, actor, seen)
    reason = keeping.reason("person_open", answers)

    person.active, person.password_hash, person.must_change_password = True, "", True

    accounts.record("person.enabled", actor, {"person": person.id, "reason": reason})


@command
def end_post(
    person_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Take a post (`"post": "12:unit_handler"`) from somebody, with a hand-over of its tasks."""
    person = keeping.holder(person_id, actor, seen)
    held = _post(person.id, str(answers.get("post") or ""))
    heirs = handover.chosen(person.id, answers, [held.unit_id])
    return _ended(held, heirs, actor, keeping.reason("post_end", answers))


@command
def end_lapsed_posts(*, actor: Actor) -> int:
    """End every post whose time is over; what is open under it goes back to the post.

    What deputies hold goes first: ending a post takes away what is left of that.
    """
    lapsed = select(RoleHolding).where(RoleHolding.valid_until <= clock.now())
    own_last = (RoleHolding.deputy_for_id.is_(None), RoleHolding.id)
    found = session().scalars(lapsed.order_by(*own_last)).all()
    for held in found:
        if held.deputy_for_id is not None:
            session().delete(held)  # the journal said until when, when it was named
        else:
            accounts.locked(Person, held.person_id)
            _ended(held, {}, actor)
    return len(found)


def _ended(
    held: RoleHolding,
    heirs: Mapping[handover.Group, int],
    actor: Actor,
    reason: str | None = None,
) -> dict[str, Any]:
    """Without the post, and with what became of what was open under it."""
    person_id, post = held.person_id, (held.unit_id, held.role)
    (said,) = accounts.said([held])
    handed = handover.hand_over(person_id, heirs, actor)
    deputies.leave_post(person_id, post, actor)
    session().delete(held)
    session().flush()
    left = holders.free_tasks(person_id, actor)
    end_sessions(person_id, at=clock.now())

    data = {"person": person_id, **said, "handed": handed, "left": left, "reason": reason}
    lapsed = {"lapsed": True} if actor == SYSTEM else {}
    accounts.record("post.ended", actor, {**data, **lapsed})
    return {"person": person_id, "handed": handed, "left": left}


def _post(person_id: int, wanted: str) -> RoleHolding:
    held = {f"{each.unit_id}:{each.role}": each for each in accounts.posts_of(person_id)}
    if wanted not in held:
        text = _("Choose one of the posts this person holds.")
        raise Invalid(text, fields={"post": text})
    return held[wanted]


def _units(person: Person) -> set[int]:
    return {each.unit_id for each in accounts.posts_of(person.id)}

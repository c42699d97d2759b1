"""Views of the inbox that people keep for themselves or put before their whole unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.i18n import _
from app.model import SavedView
from app.rules import access

LONGEST_NAME: Final = 40
MOST: Final = 40


@command
def keep(
    name: str, query: Mapping[str, str], unit_id: int | None = None, *, actor: Actor
) -> dict[str, Any]:
    """Keep a view under a name; under a name one has already it takes that one's place.

    With a unit it is open to everybody there. Nobody's work changes, so the journal is silent.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        text = _("Give the view a name of at most %(most)s characters.", most=LONGEST_NAME)
        raise Invalid(text, fields={"name": text})
    if unit_id is not None and not access.may_share_views(actor, unit_id):
        raise NotAllowed(_("Only a unit’s leaders and liaison put a view before the whole unit."))

    mine = SavedView.person_id == actor.person_id
    found = session().scalars(select(SavedView).where(mine, SavedView.name == name)).first()
    if found is None:
        if (session().scalar(select(func.count()).where(mine)) or 0) >= MOST:
            raise Invalid(_("You keep %(most)s views already. Remove one first.", most=MOST))
        found = SavedView(person_id=actor.person_id, name=name)
        session().add(found)
    found.query, found.unit_id = dict(query), unit_id
    session().flush()
    return {"view": found.id}


@command
def remove(view_id: int, *, actor: Actor) -> None:
    """Throw a view of one's own away, for the unit it was open to as well."""
    found = session().get(SavedView, view_id)
    if found is None or found.person_id != actor.person_id:
        if found is not None and found.unit_id in actor.unit_ids:
            raise NotAllowed(_("Only whoever keeps this view may remove it."))
        raise NotFound
    session().delete(found)

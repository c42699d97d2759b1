"""How a person wants to be told: of what, where their mail goes, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from email.errors import MessageError
from email.headerregistry import Address
from typing import Final

from app.actor import Actor
from app.commands.command import command
from app.db import session
from app.errors import Invalid
from app.i18n import Text, _
from app.journal import record
from app.model import Person
from app.rules.disturbing import read_time
from app.rules.telling import KINDS, WISHES, Choices

STREAM: Final = "organisation"
LONGEST_ADDRESS: Final = 200


@command
def choose(
    email: str,
    daily_at: str,
    mail: Mapping[str, str],
    off: Collection[str],
    *,
    actor: Actor,
) -> None:
    """Keep where somebody's mail goes and what they are told of; only they themselves choose.

    A changed address is journalled; the choices are nobody else's business.
    """
    person = session().get_one(Person, actor.person_id, with_for_update=True)
    address = email.strip()
    problems = {
        "email": address_problem(address) if address else None,
        "daily_at": None if _is_time(daily_at) else _("Write a time like 08:30."),
    }
    wrong = {name: text for name, text in problems.items() if text}
    if wrong or not set(mail.values()) <= set(WISHES):
        raise Invalid(_("Nothing was changed."), fields=wrong)

    before, person.email = person.email, address or None
    wanted = frozenset(kind for kind in off if kind in KINDS and not KINDS[kind].must)
    chosen = {kind: wish for kind, wish in mail.items() if kind in KINDS}
    person.telling = Choices(wanted, chosen, daily_at).kept()
    if before != person.email:
        record(
            "person.email_changed",
            stream=STREAM,
            actor=actor,
            data={"person": person.id, "set": person.email is not None},
            personal={"before": before or "", "after": person.email or ""},
        )


def address_problem(address: str) -> Text | None:
    """Why mail cannot be sent there, if it cannot."""
    try:
        known = Address(addr_spec=address)
    except (MessageError, ValueError, IndexError):
        known = None
    sound = known and known.username and "." in known.domain and address.isascii()
    if not sound or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return _("This is no e-mail address.")
    return None


def _is_time(said: str) -> bool:
    try:
        return f"{read_time(said):%H:%M}" == said
    except ValueError:
        return False

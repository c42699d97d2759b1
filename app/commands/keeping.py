"""Somebody's account, locked for whoever keeps accounts or grants posts, as they had seen it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app import forms
from app.actor import Actor
from app.commands import faster
from app.effects import accounts
from app.i18n import Text, _
from app.model import Person
from app.rules import access

ONLY_KEEPER: Final = _("Only the system administrator keeps units and accounts.")
ONLY_GRANTER: Final = _("Only the security administrator grants roles.")
OF_ACCOUNTS: Final = (
    "person.renamed",
    "person.password_reset",
    "person.disabled",
    "person.enabled",
)
OF_POSTS: Final = ("person.roles_set", "person.disabled", "post.granted", "post.ended")


def account(person_id: int, actor: Actor, seen: int | None) -> Person:
    """For whoever keeps accounts; Stale when it was changed since they looked."""
    return _locked(person_id, access.may_keep_accounts(actor), ONLY_KEEPER, seen, OF_ACCOUNTS)


def holder(person_id: int, actor: Actor, seen: int | None) -> Person:
    """For whoever grants posts; Stale when the posts were changed since they looked."""
    return _locked(person_id, access.may_grant_roles(actor), ONLY_GRANTER, seen, OF_POSTS)


def reason(form: str, answers: Mapping[str, Any]) -> str | None:
    """What somebody wrote beside an act whose other questions are not the form's alone."""
    asked = forms.load(form).field("reason")
    only = forms.Form(form, forms.Words("", ""), (asked,)) if asked else forms.load(form)
    said = forms.checked(only, {"reason": answers.get("reason")}, context=forms.Context())
    found: str | None = said["reason"]
    return found


def _locked(
    person_id: int, may: object, why_not: Text, seen: int | None, kinds: tuple[str, ...]
) -> Person:
    person = accounts.locked(Person, person_id)
    access.require(may, why_not)
    changed = dict.fromkeys(kinds, faster.about(person=person.id))
    faster.require_unchanged(accounts.STREAM, seen, changed)
    return person

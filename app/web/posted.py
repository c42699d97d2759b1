"""What every form carries besides its fields: the version seen and the idempotency key."""

from __future__ import annotations

from typing import Final

from flask import request
from werkzeug.datastructures import MultiDict

from app.errors import Invalid
from app.forms import Sent
from app.i18n import _

OWN: Final = frozenset({"csrf_token", "version", "idempotency_key", "draft_seen"})
LONGEST_KEY: Final = 80
LONGEST_VERSION: Final = 18


def form_fields() -> MultiDict[str, str]:
    """The fields of the posted form without the frame's own."""
    return MultiDict([(k, v) for k, v in request.form.items(multi=True) if k not in OWN])


def sent() -> Sent:
    """The same, for a form that is known only once the thing it is about is read."""
    return Sent(tuple(form_fields().items(multi=True)))


def version() -> int | None:
    """The version of the object the person saw."""
    return number("version")


def draft_seen() -> int:
    """The version of their draft on which somebody typed; 0 where there was none."""
    return number("draft_seen") or 0


def number(name: str) -> int | None:
    """A number some field says; None where it says nothing."""
    raw = request.form.get(name, "")
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < LONGEST_VERSION):
        raise Invalid(_("The form is damaged. Open the page again."))
    return int(raw) if raw else None


def idempotency_key() -> str | None:
    """The key that makes a repeated post the same act; programs may send it as a header."""
    key = request.form.get("idempotency_key") or request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        raise Invalid(_("The form is damaged. Open the page again."))
    return key or None


def sent_again() -> list[tuple[str, str]]:
    """Every field of the posted form, to send it once more; none where a page must not hold it."""
    fields = list(request.form.items(multi=True))
    told = (
        request.files or request.blueprint == "signin" or any("password" in n for n, _v in fields)
    )
    return [] if told else fields

"""The refusals people can meet; anything else that is raised is a bug."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import Text, _


class Refusal(Exception):
    """An expected "no": a code for machines, a sentence for people, details per field."""

    code = "refused"
    status = 400

    def __init__(
        self,
        text: Text,
        *,
        fields: Mapping[str, Text] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """`fields` maps a form field (`measures.0.text`) to what is wrong with it and the cure."""
        super().__init__(str(text))
        self.text = text
        self.fields = dict(fields or {})
        self.details = dict(details or {})


class NotFound(Refusal):
    """There is no such thing, or it is not for this person to know (both look the same)."""

    code = "not_found"
    status = 404

    def __init__(self, text: Text | None = None) -> None:
        """The sentence is the same for everybody unless the asker may know more."""
        super().__init__(text or _("This page or record does not exist, or is not open to you."))


class NotAllowed(Refusal):
    """The person may see the thing but not do this with it; the sentence says why."""

    code = "not_allowed"
    status = 403


class Invalid(Refusal):
    """What was sent cannot be taken; `fields` names each field and the cure."""

    code = "invalid"
    status = 422


class TooOften(Invalid):
    """What was asked is right, but was done as often as it may be; later it may be done again."""

    code = "too_often"
    status = 429


class Stale(Refusal):
    """Somebody else was faster; `details` says who, what and when (`by`, `what`, `at`)."""

    code = "stale"
    status = 409


class Busy(Refusal):
    """The database is away or overloaded; trying again soon may help."""

    code = "busy"
    status = 503


class Full(Busy):
    """There is no room left on the disk: reading works, writing must wait."""

    code = "full"

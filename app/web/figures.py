"""What figures, files and rounds are called on pages, and how a change is written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from flask import Flask

from app.i18n import Text, _
from app.web.wording import named, number

AREA_LEVELS: Final[Mapping[str, Text]] = {
    "county": _("County"),
    "intermediate_court_mean": _("Mean of the intermediate court"),
    "high_court_mean": _("Mean of the high court"),
}
VERDICTS: Final[Mapping[str, Text]] = {
    "new": _("New"),
    "same": _("Already there"),
    "unknown": _("Unknown name"),
    "contradiction": _("Contradiction"),
    "error": _("Cannot be read"),
    "excluded": _("Left out"),
    "changed": _("Changed"),
    "refused": _("Refused"),
}
SIGNS: Final[Mapping[str, str]] = {
    "new": "plus",
    "same": "check",
    "unknown": "question-mark",
    "contradiction": "alert-triangle",
    "error": "circle-x",
    "excluded": "circle-minus",
    "changed": "pencil",
    "refused": "circle-x",
}
BATCH_STATES: Final[Mapping[str, Text]] = {
    "uploaded": _("Waiting to be read"),
    "reading": _("Being read"),
    "previewed": _("Preview, not confirmed"),
    "failed": _("Could not be read"),
    "confirmed": _("Confirmed"),
    "discarded": _("Discarded"),
}
ROSTER_STATES: Final[Mapping[str, Text]] = {
    "previewed": _("To be confirmed"),
    "proposed": _("Posts to be granted"),
    "granted": _("Posts granted"),
    "declined": _("Posts declined"),
    "confirmed": _("Confirmed"),
    "discarded": _("Discarded"),
}
ROUND_KINDS: Final[Mapping[str, Text]] = {
    "annual": _("Year"),
    "half_year": _("Half-year"),
    "quarter": _("Quarter"),
}
DIRECTIONS: Final[Mapping[str, Text]] = {
    "positive": _("Higher is better"),
    "negative": _("Lower is better"),
}


def configure(app: Flask) -> None:
    """Make the names known to every template."""
    app.jinja_env.filters.update(
        area_level_name=lambda code: named(AREA_LEVELS, code),
        verdict_name=lambda code: named(VERDICTS, code),
        verdict_sign=lambda code: SIGNS.get(code, "point"),
        roster_state_name=lambda code: named(ROSTER_STATES, code),
        batch_state_name=lambda code: named(BATCH_STATES, code),
        round_kind_name=lambda code: named(ROUND_KINDS, code),
        direction_name=lambda code: named(DIRECTIONS, code),
        signed=signed,
    )


def signed(change: Decimal | None) -> str:
    """+2.37, −1.55 or 0: a change with its sign; nothing for None."""
    if change is None:
        return ""
    mark = "+" if change > 0 else "−" if change < 0 else ""
    return f"{mark}{number(abs(change))}"

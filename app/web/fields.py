"""What the form macros ask about a question: its choices, and when parts of it show."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Flask

from app.web.english import called
from app.web.wording import LEVELS, say, worded

PICKED_FROM: Final = {
    "unit": "unit",
    "units": "unit",
    "person": "person",
    "indicator": "indicator",
    "round": "round",
}

Choice = tuple[str, str, Any]


def configure(app: Flask) -> None:
    """Make the filters known to the form macros."""
    app.jinja_env.filters.update(choices_of=choices_of, values_asked=values_asked)
    app.jinja_env.globals["new_key"] = lambda: secrets.token_urlsafe(18)


def choices_of(field: Any, given: Mapping[str, Sequence[tuple[str, str]]]) -> list[Choice]:
    """What a question offers: (value to send, words, condition under which it is offered)."""
    if field.type == "level":
        return [(code, say(words), None) for code, words in LEVELS.items()]
    if field.type in PICKED_FROM:
        return [(code, called(name), None) for code, name in given.get(PICKED_FROM[field.type], ())]
    return [
        (option.value, worded(option), getattr(option, "show_if", None)) for option in field.options
    ]


def values_asked(condition: Any) -> str:
    """The answers a condition waits for, as the browser's script compares them."""
    return json.dumps([_as_sent(value) for value in condition.values], ensure_ascii=False)


def _as_sent(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""What the form macros ask about a question: its choices, and when parts of it show."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from flask import Flask, current_app
from markupsafe import Markup

from app.forms import Field, Form
from app.web.english import called
from app.web.speech import speech
from app.web.wording import LEVELS, say, worded

PICKED_FROM: Final = {
    "unit": "unit",
    "units": "unit",
    "person": "person",
    "people": "people",
    "indicator": "indicator",
    "round": "round",
}

Choice = tuple[str, str, Any]


def configure(app: Flask) -> None:
    """Make the filters known to the form macros."""
    app.jinja_env.filters.update(
        choices_of=choices_of, values_asked=values_asked, unanswered=unanswered
    )
    app.jinja_env.globals["new_key"] = lambda: secrets.token_urlsafe(18)


def choices_of(field: Any, given: Mapping[str, Sequence[tuple[str, str]]]) -> list[Choice]:
    """What a question offers: (value to send, words, condition under which it is offered)."""
    if field.type == "level":
        return [(code, say(words), None) for code, words in LEVELS.items()]
    if field.type in PICKED_FROM:
        records = given.get(field.type) or given.get(PICKED_FROM[field.type], ())
        return [(code, called(name), None) for code, name in records]
    return [
        (option.value, worded(option), getattr(option, "show_if", None)) for option in field.options
    ]


def unanswered(form: Form) -> Mapping[str, Markup]:
    """The questions of a form as they look before anybody answers them; kept, once drawn.

    Those that pick from records are not among them: what there is to pick from changes.
    """
    draw = drawn.__wrapped__ if current_app.debug else drawn
    found: Mapping[str, Markup] = draw(form, speech().locale)
    return found


@lru_cache(maxsize=200)
def drawn(form: Form, _locale: str) -> Mapping[str, Markup]:
    """Each of them by its name."""
    parts: Any = current_app.jinja_env.get_template("macros/form.html").module
    return {field.name: parts.field(field) for field in form.fields if not _picks(field)}


def _picks(field: Field) -> bool:
    return any(each.type in PICKED_FROM for each in (field, *field.columns))


def values_asked(condition: Any) -> str:
    """The answers a condition waits for, as the browser's script compares them."""
    return json.dumps([_as_sent(value) for value in condition.values], ensure_ascii=False)


def _as_sent(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

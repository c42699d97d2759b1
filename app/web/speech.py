"""The language one request is spoken in: chosen once, with its phrases at hand after that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask, g, request

from app.commands.signin import LOCALES
from app.spoken import Speech, of

DEFAULT: Final = "zh_Hans_CN"
COOKIE: Final = "language"
SPOKEN: Final = {"zh": "zh_Hans_CN", "en": "en"}


def configure(app: Flask) -> None:
    """Let templates say messages: `_("…")` and `ngettext("…", "…", n)`."""
    app.jinja_env.globals.update(
        _=lambda msgid, /, **values: speech().markup(msgid, values),
        ngettext=lambda one, many, num, /, **values: speech().counted(one, many, num, values),
    )


def speech() -> Speech:
    """What this request is answered in."""
    try:
        found: Speech = g.speech
    except AttributeError:
        found = g.speech = of(_chosen())
    return found


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak another language for a while: on a terminal, where nobody's browser asks for one."""
    before = g.get("speech")
    g.speech = of(locale)
    try:
        yield
    finally:
        if before is None:
            g.pop("speech")
        else:
            g.speech = before


def _chosen() -> str:
    """The person's own setting, else the cookie, else what the browser asks for, else Chinese."""
    wishes = (g.get("chosen_locale"), request.cookies.get(COOKIE))
    for wish in wishes:
        if wish in LOCALES:
            return str(wish)
    for language, quality in request.accept_languages:
        spoken = SPOKEN.get(language.replace("_", "-").split("-")[0].lower())
        if spoken and quality > 0:
            return spoken
    return DEFAULT

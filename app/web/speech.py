"""The language one request is spoken in: chosen once, with its phrases at hand after that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from markupsafe import Markup

from app.commands.signin import LOCALES

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "translations"
DEFAULT: Final = "zh_Hans_CN"
COOKIE: Final = "language"
SPOKEN: Final = {"zh": "zh_Hans_CN", "en": "en"}


class Speech:
    """One language and what the messages are in it."""

    def __init__(self, locale: str) -> None:
        """Read its catalogue; English is what the messages are written in."""
        self.locale: Final = locale
        self._found: NullTranslations = Translations.load(CATALOGUES, [locale])
        self._ready: dict[str, Markup] = {}

    def text(self, msgid: str, values: Mapping[str, Any]) -> str:
        """A message with its values, as plain words."""
        words = str(self._found.gettext(msgid))
        return words % values if values else words

    def markup(self, msgid: str, values: Mapping[str, Any]) -> Markup:
        """The same for a page: escaped values in a message that is known to be safe."""
        if values:
            return _safe(self._found.gettext(msgid)) % values
        ready = self._ready.get(msgid)
        if ready is None:
            ready = self._ready[msgid] = _safe(self._found.gettext(msgid)) % {}
        return ready

    def counted(self, one: str, many: str, num: int, values: Mapping[str, Any]) -> Markup:
        """A message about one thing or several, for a page."""
        return _safe(self._found.ngettext(one, many, num)) % {"num": num, **values}


def _safe(words: str) -> Markup:
    return Markup(words)  # noqa: S704 - the catalogues are ours; the values are escaped by `%`


def configure(app: Flask) -> None:
    """Let templates say messages: `_("…")` and `ngettext("…", "…", n)`."""
    app.jinja_env.globals.update(
        _=lambda msgid, /, **values: speech().markup(msgid, values),
        ngettext=lambda one, many, num, /, **values: speech().counted(one, many, num, values),
    )


@cache
def of(locale: str) -> Speech:
    """The speech of that language."""
    return Speech(locale)


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

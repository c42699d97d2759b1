"""The languages people are spoken to in: what our messages are in each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.support import NullTranslations, Translations
from markupsafe import Markup

from app.i18n import Text

CATALOGUES: Final = Path(__file__).resolve().parent / "translations"


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

    def say(self, text: Text) -> str:
        """A text with other texts in its values, as plain words."""
        values = {k: self.say(v) if isinstance(v, Text) else v for k, v in text.values.items()}
        return self.text(text.msgid, values)

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


@cache
def of(locale: str) -> Speech:
    """The speech of that language."""
    return Speech(locale)

"""English names of units, people, indicators and steps for English pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import g

from app.queries.naming import english_names
from app.web.speech import speech

FIRST_CHINESE: Final = "\u2e80"
BETWEEN: Final = "、"


def called(name: str) -> str:
    """The English name (of each, where several stand together); other words stay as they are."""
    if speech().locale != "en" or not any(letter >= FIRST_CHINESE for letter in name):
        return name
    known = _known()
    parts = name.split(BETWEEN)
    if all(part in known for part in parts):
        return ", ".join(known[part] for part in parts)
    return name


def _known() -> Mapping[str, str]:
    if "english_names" not in g:
        g.english_names = english_names()
    found: Mapping[str, str] = g.english_names
    return found

"""How words are compared when something is looked for: folded, and cut into pairs of characters.

Chinese is written without spaces and most of its words have two characters: pairs find them where
an index of words or of threes would not. Width, case and every sign but letters and digits are
folded away, on both sides: 平督〔2026〕12号, 平督[2026]12号 and 平督202612号 are the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 50_000
MOST_WORDS: Final = 8
BETWEEN: Final = "\n"


def folded(text: str) -> str:
    """Letters and digits alone, in one width and case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def joined(texts: Iterable[str]) -> str:
    """What one record says, folded and kept apart, each thing once; as much as is kept of it."""
    return BETWEEN.join(dict.fromkeys(filter(None, map(folded, texts))))[:LONGEST]


def grams(text: str) -> list[str]:
    """Its single characters and pairs, each once; none across two of the things it says."""
    found: dict[str, None] = {}
    for part in text.split(BETWEEN):
        found |= dict.fromkeys(part)
        found |= dict.fromkeys(_pairs(part))
    return list(found)


def sought(query: str) -> list[str]:
    """The words somebody typed, folded; all of them have to be there."""
    words = dict.fromkeys(filter(None, map(folded, query.split())))
    return list(words)[:MOST_WORDS]


def grams_of(words: Iterable[str]) -> list[str]:
    """What a record must hold to hold these words: their pairs, or the one character."""
    return list(dict.fromkeys(gram for word in words for gram in _pairs(word) or [word]))


def _pairs(text: str) -> list[str]:
    return [text[place : place + 2] for place in range(len(text) - 1)]

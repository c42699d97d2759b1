"""A sentence for every kind of journal row."""

from app.queries.words import (
    accountability,
    cases,
    county,
    files,
    incidents,
    items,
    papers,
    rounds,
    sharing,
    signers,
)
from app.queries.words.registry import SENTENCES, Names, sentence

__all__ = [
    "SENTENCES",
    "Names",
    "accountability",
    "cases",
    "county",
    "files",
    "incidents",
    "items",
    "papers",
    "rounds",
    "sentence",
    "sharing",
    "signers",
]

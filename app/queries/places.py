"""Where a page of a list ends, as addresses hold it: the last row's values in the list's order."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICRO: Final = timedelta(microseconds=1)
LARGEST: Final = 2**63
BY_MOMENT: Final = (datetime, int)
"""The values in lists that are ordered by a moment and a number."""


@dataclass(frozen=True)
class Place:
    """The values by which a list is ordered, of the last row shown; the last of them is unique."""

    values: tuple[int | str | datetime, ...]

    def __str__(self) -> str:
        """As an address holds it."""
        return ".".join(WRITTEN[type(value)](value) for value in self.values)

    @classmethod
    def read(cls, text: str, kinds: Sequence[type]) -> Place | None:
        """The place an address names in a list ordered by such values; None for anything else."""
        parts = text.split(".")
        if len(parts) != len(kinds):
            return None
        try:
            return cls(tuple(READ[kind](part) for kind, part in zip(kinds, parts, strict=True)))
        except (ValueError, OverflowError):
            return None


def _whole(text: str) -> int:
    number = int(text)
    if not -LARGEST < number < LARGEST:
        raise ValueError
    return number


def _words(text: str) -> str:
    said = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    if "\0" in said:
        raise ValueError
    return said


WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    int: str,
    str: lambda value: urlsafe_b64encode(value.encode()).decode().rstrip("="),
    datetime: lambda value: str((value - EPOCH) // MICRO),
}
READ: Final[Mapping[type, Callable[[str], Any]]] = {
    int: _whole,
    str: _words,
    datetime: lambda text: EPOCH + _whole(text) * MICRO,
}

"""What one line of the route table says: the things behind an address, and to whom they exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.access.cast import EVERYBODY
from tests.access.town import Town

NONE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Thing:
    """What an address with these values shows: `readers` may know of it, `doers` may do it.

    Readers who are not doers hear why not (403). Without `doers` every reader may.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    readers: frozenset[str] = EVERYBODY
    doers: frozenset[str] | None = None


@dataclass(frozen=True)
class Entry:
    """One route: whom it is for in words, its things, and an address where there is nothing."""

    audience: str
    things: Callable[[Town], Iterable[Thing]]
    absent: Mapping[str, Any] | None = None
    public: bool = False
    body: Callable[[], Mapping[str, Any]] = dict


def page(audience: str, readers: frozenset[str] = EVERYBODY, *, public: bool = False) -> Entry:
    """An address without values."""
    return Entry(audience, lambda _town: [Thing(readers=readers)], public=public)


def each(
    audience: str,
    name: str,
    values: Iterable[Any],
    readers: frozenset[str] = EVERYBODY,
    *,
    absent: Any = None,
    public: bool = False,
) -> Entry:
    """An address with one value out of a fixed list, the same to everybody whom it is for."""
    things = [Thing({name: value}, readers) for value in values]
    nothing = None if absent is None else {name: absent}
    return Entry(audience, lambda _town: things, nothing, public=public)

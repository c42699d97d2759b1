"""What an address asks of the inbox: narrowed by what, in which order, from where on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from app.queries.inbox import Wish
from app.queries.places import Place
from app.queries.sorting import Sort
from app.queries.waiting import LIGHTS, Filters
from app.queries.words.cases import KINDS
from app.web.wording import STAGES

LONGEST: Final = 80
MOST: Final = 200
WHOSE: Final = ("me", "unit", "deputy")
ROLES: Final = ("lead", "co", "office")
NAMES: Final = (
    "light",
    "whose",
    "unit",
    "kind",
    "stage",
    "role",
    "from",
    "source",
    "due_from",
    "due_until",
    "opened_from",
    "opened_until",
    "text",
    "sort",
)
"""What may stand in an address, in the order of the page."""


def wished(args: MultiDict[str, str], *, receipt: bool | None = None) -> Wish:
    """What an address asks for."""
    sort = Sort.read(args.get("sort", ""))
    return Wish(
        light=_one_of(args.get("light", ""), LIGHTS),
        filters=_filters(args, receipt=receipt),
        sort=sort,
        after=Place.read(args.get("after", ""), sort.kinds),
    )


def kept(args: Mapping[str, str], *without: str) -> dict[str, str]:
    """What of an address is worth keeping, in links and in views."""
    said = {name: args.get(name, "")[:LONGEST].strip() for name in NAMES if name not in without}
    return {name: value for name, value in said.items() if value}


def picked(numbers: list[str]) -> tuple[int, ...]:
    """The tasks that were ticked, each once."""
    found = (_number(each) for each in numbers[:MOST])
    return tuple(dict.fromkeys(each for each in found if each))


def _filters(args: MultiDict[str, str], *, receipt: bool | None) -> Filters:
    return Filters(
        kind=_one_of(args.get("kind", ""), KINDS),
        stage=_one_of(args.get("stage", ""), STAGES),
        role=_one_of(args.get("role", ""), ROLES),
        whose=_one_of(args.get("whose", ""), WHOSE),
        unit_id=_number(args.get("unit", "")),
        from_unit_id=_number(args.get("from", "")),
        due_from=_day(args.get("due_from", "")),
        due_until=_day(args.get("due_until", "")),
        opened_from=_day(args.get("opened_from", "")),
        opened_until=_day(args.get("opened_until", "")),
        source=args.get("source", "")[:LONGEST].strip(),
        text=args.get("text", "")[:LONGEST].strip(),
        receipt=receipt,
        only=picked(args.getlist("task")),
    )


def _one_of(said: str, known: Any) -> str:
    return said if said in known else ""


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _day(said: str) -> date | None:
    """A day of this era; the last one there is has no day after it."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 1900 <= day.year < 2200 else None

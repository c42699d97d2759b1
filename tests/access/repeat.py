"""A form as somebody fills it in, to be sent twice; and those that many pages have alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.access.act import ANALYST, DIRECTOR, case, line
from tests.access.town import Town

Fields = Mapping[str, Any]


def _nothing(_town: Town) -> Fields:
    return {}


def _as_it_is(town: Town) -> Town:
    return town


@dataclass(frozen=True)
class Repeat:
    """A form: the page it stands on, the address it goes to, who sends it, what is filled in.

    `before` brings the county to where the form stands open. One that `adds` something makes what
    was not there before, or is one person's alone: nothing two people could change at once.
    """

    who: str
    page: Callable[[Town], str]
    address: Callable[[Town], str]
    fields: Callable[[Town], Fields] = _nothing
    before: Callable[[Town], Town] = _as_it_is
    adds: bool = False


def at(address: str) -> Callable[[Town], str]:
    """An address that is always the same."""
    return lambda _town: address


def operation(who: str, about: str, name: str, fields: Fields, *, adds: bool = False) -> Repeat:
    """An operation's page posts to itself."""

    def address(town: Town) -> str:
        return f"/cases/{case(town, about)}/operations/{name}"

    return Repeat(who, address, address, lambda _town: fields, adds=adds)


def on_task(who: str, about: str, name: str, fields: Fields, *, adds: bool = False) -> Repeat:
    """So does the page of an operation on the newest task of a case."""

    def address(town: Town) -> str:
        return f"/tasks/{town.own_task(town.case(about)).id}/operations/{name}"

    return Repeat(who, address, address, lambda _town: fields, adds=adds)


def started(who: str, name: str, fields: Fields) -> Repeat:
    """So does the page to start something."""
    return Repeat(who, at(f"/start/{name}"), at(f"/start/{name}"), lambda _town: fields)


def file(way: str, who: str = ANALYST, fields: Fields | None = None, **more: Any) -> Repeat:
    """A form on the page of the file that waits."""
    return Repeat(
        who,
        lambda town: f"/imports/{town.batch_id}",
        lambda town: (
            f"/imports/{town.batch_id}/" + (way.format(line=line(town)) if "{" in way else way)
        ),
        lambda _town: fields or {},
        **more,
    )


def incident(way: str, fields: Fields | None = None, **more: Any) -> Repeat:
    """A form on the page of the incident."""
    return Repeat(
        DIRECTOR,
        lambda town: f"/incidents/{town.incident_id}",
        lambda town: f"/incidents/{town.incident_id}/{way}",
        lambda _town: fields or {},
        **more,
    )

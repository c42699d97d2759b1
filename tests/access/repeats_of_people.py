"""The forms about units, accounts, posts and deputies, to be sent twice."""

from __future__ import annotations

from collections.abc import Callable

from tests.access.act import LEADER, STRONG
from tests.access.acts_of_people import handler, naming
from tests.access.repeat import Fields, Repeat, at
from tests.access.town import Town
from tests.rosters import PEOPLE, of

SYSTEM, SECURITY = "system administrator", "security administrator"


def on_somebody(who: str, name: str, fields: Callable[[Town], Fields]) -> Repeat:
    """An act on a co-handler of the lead unit."""

    def address(town: Town) -> str:
        return f"/people/{handler(town)}/operations/{name}"

    return Repeat(who, address, address, fields)


def on_unit(name: str, fields: Fields) -> Repeat:
    """An act on a unit that leads nothing."""

    def address(town: Town) -> str:
        return f"/units/{town.county.unit('YJY')}/operations/{name}"

    return Repeat(SYSTEM, address, address, lambda _town: fields)


def _post(town: Town) -> Fields:
    return {"post": f"{town.county.unit('ZJJ')}:co_handler"}


def _away(town: Town) -> str:
    return f"/people/{town.county.actor('unit_handler', 'ZGH').person_id}"


def on_file(who: str, what: str, way: str) -> Repeat:
    """A decision about a file of units or people that waits for it."""
    return Repeat(
        who,
        lambda _town: f"/people/imports/{of(what)}",
        lambda _town: f"/people/imports/{of(what)}/{way}",
    )


OF_PEOPLE: dict[str, tuple[Repeat, ...]] = {
    "POST /people/new": (
        Repeat(SYSTEM, at("/people/new"), at("/people/new"),
               lambda _town: {"login": "newcomer", "name": "演示-新人", "password": STRONG}),
    ),
    "POST /people/<int:person_id>/operations/<name>": (
        on_somebody(SYSTEM, "rename", lambda _town: {"name": "演示-改名"}),
        on_somebody(SYSTEM, "password", lambda _town: {"password": STRONG}),
        on_somebody(SYSTEM, "close", lambda _town: {"reason": "调离"}),
        on_somebody(SECURITY, "grant", lambda _town: {"unit": "ZGH", "role": "unit_liaison"}),
        on_somebody(SECURITY, "end_post", _post),
        on_somebody(LEADER, "deputy", lambda town: naming(town, "unit_liaison")),
    ),
    "POST /people/deputies/<int:deputyship_id>/end": (
        Repeat(SECURITY, _away,
               lambda town: f"/people/deputies/{town.deputyship_id}/end"),
    ),
    "POST /units/new": (
        Repeat(SYSTEM, at("/units/new"), at("/units/new"),
               lambda _town: {"code": "SLJ", "name": "县水利局", "kind": "dept"}),
    ),
    "POST /units/<int:unit_id>/operations/<name>": (
        on_unit("rename", {"name": "研究院"}),
        on_unit("move", {"parent": "FY"}),
    ),
    "POST /people/imports/": (
        Repeat(SYSTEM, at("/people/imports/"), at("/people/imports/"),
               lambda _town: {"what": "people",
                              "file": (PEOPLE.replace("rd_", "zgh_").encode(), "people.csv")},
               adds=True),
    ),
    "POST /people/imports/<int:roster_id>/confirmation": (
        on_file(SYSTEM, "units", "confirmation"),
    ),
    "POST /people/imports/<int:roster_id>/discard": (on_file(SYSTEM, "units", "discard"),),
    "POST /people/imports/<int:roster_id>/posts": (on_file(SECURITY, "people", "posts"),),
    "POST /people/imports/<int:roster_id>/posts/refusal": (
        on_file(SECURITY, "people", "posts/refusal"),
    ),
}  # fmt: skip

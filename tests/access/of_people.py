"""The routes about units, accounts, posts and deputies, as part of the route table."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.access.cast import holding
from tests.access.routes import Entry, Thing, page
from tests.access.town import Town
from tests.rosters import of

ADMINISTRATORS = holding("sys_admin", "sec_admin", "audit_admin")
LEADERS = holding("unit_leader", "unit_head")
KEEPER, GRANTER = holding("sys_admin"), holding("sec_admin")
OWN_LEADERS = frozenset({"lead unit's leader", "lead unit's head"})
DOERS = {
    "rename": KEEPER,
    "password": KEEPER,
    "grant": GRANTER,
    "end_post": GRANTER,
    "deputy": GRANTER | OWN_LEADERS,
    "hand_over": OWN_LEADERS,
}
"""Each act about a person of the lead unit, and whose it is."""


def somebody(town: Town) -> int:
    """A co-handler of the lead unit, who is one of those who walk."""
    found = town.county.actor("co_handler", "ZJJ").person_id
    assert found is not None
    return found


def person(town: Town) -> Iterable[Thing]:
    """Their page: for the administrators, their leaders and themselves."""
    own = {"lead unit's co-handler"}
    yield Thing({"person_id": somebody(town)}, ADMINISTRATORS | OWN_LEADERS | own)


def acts(town: Town) -> Iterable[Thing]:
    """What may be done about them."""
    whom = ADMINISTRATORS | OWN_LEADERS | {"lead unit's co-handler"}
    for name, doers in DOERS.items():
        mine = doers | {"lead unit's co-handler"} if name == "deputy" else doers
        yield Thing({"person_id": somebody(town), "name": name}, whom, mine)
    elsewhere = town.county.actor("unit_head", "ZGH").person_id
    yield Thing({"person_id": elsewhere, "name": "close"}, ADMINISTRATORS, KEEPER)


def unit(whom: frozenset[str]) -> Callable[[Town], Iterable[Thing]]:
    """A unit."""
    return lambda town: [Thing({"unit_id": town.county.unit("ZJJ")}, whom)]


def unit_acts(town: Town) -> Iterable[Thing]:
    """What may be done about it."""
    for name in ("rename", "move", "close"):
        about = {"unit_id": town.county.unit("ZJJ"), "name": name}
        yield Thing(about, ADMINISTRATORS, KEEPER)


def deputyship(town: Town) -> Iterable[Thing]:
    """One between two people of a unit nobody who walks works in."""
    yield Thing({"deputyship_id": town.deputyship_id}, doers=GRANTER)


def roster(what: str, doers: frozenset[str] | None = None) -> Callable[[Town], Iterable[Thing]]:
    """The file of units that waits to be confirmed, or of people whose posts wait."""
    return lambda _town: [Thing({"roster_id": of(what)}, doers or ADMINISTRATORS)]


ON_ONE = "the administrators, the leaders of their unit, themselves"
OF_PEOPLE: dict[str, Entry] = {
    "GET /people/": page(
        "administrators; leaders: their own unit’s people", ADMINISTRATORS | LEADERS
    ),
    "GET /people/new": page("system administrator", KEEPER),
    "POST /people/new": page("system administrator", KEEPER),
    "GET /people/<int:person_id>": Entry(ON_ONE, person, {"person_id": 999_999}),
    **{
        f"{method} /people/<int:person_id>/operations/<name>": Entry(
            "each act those whose it is; who may see the page hears why not",
            acts,
            {"person_id": 999_999, "name": "rename"},
        )
        for method in ("GET", "POST")
    },
    "POST /people/deputies/<int:deputyship_id>/end": Entry(
        "either of the two, a leader of the unit, the security administrator; others hear why not",
        deputyship,
        {"deputyship_id": 999_999},
    ),
    "GET /people/imports/": page("administrators", ADMINISTRATORS),
    "POST /people/imports/": page("system administrator", KEEPER),
    "GET /people/imports/<what>-template.<kind>": Entry(
        "administrators",
        lambda _town: [Thing({"what": "people", "kind": "xlsx"}, ADMINISTRATORS)],
        {"what": "people", "kind": "exe"},
    ),
    "GET /people/imports/<int:roster_id>": Entry(
        "administrators", roster("people"), {"roster_id": 999_999}
    ),
    **{
        f"POST /people/imports/<int:roster_id>/{way}": Entry(
            "system administrator", roster("units", KEEPER), {"roster_id": 999_999}
        )
        for way in ("confirmation", "discard")
    },
    **{
        f"POST /people/imports/<int:roster_id>/{way}": Entry(
            "security administrator", roster("people", GRANTER), {"roster_id": 999_999}
        )
        for way in ("posts", "posts/refusal")
    },
    "GET /units/": page("administrators", ADMINISTRATORS),
    "GET /units/new": page("system administrator", KEEPER),
    "POST /units/new": page("system administrator", KEEPER),
    "GET /units/<int:unit_id>": Entry("administrators", unit(ADMINISTRATORS), {"unit_id": 999_999}),
    **{
        f"{method} /units/<int:unit_id>/operations/<name>": Entry(
            "system administrator; the other administrators hear why not",
            unit_acts,
            {"unit_id": 999_999, "name": "rename"},
        )
        for method in ("GET", "POST")
    },
}

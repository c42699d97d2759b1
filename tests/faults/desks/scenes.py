"""Items of the shipped process at several points: what only they know is done on these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests import stories, supervision
from tests.people import County
from tests.stories import complete

CO: Final = ["SJG", "CZJ"]
DISAGREES: Final = {
    **supervision.CO_OPINION,
    "agrees": "disagree",
    "disagreement": "检查范围应由主办单位重新划分。",
}


def dispatched(county: County) -> int:
    """Every unit has to sign for it; who does not answer can be waived."""
    item = supervision.open_item(county, matter="已交办的事项", co=CO)
    return supervision.dispatched(county, item)


def in_hand(county: County) -> int:
    """The lead unit works on it."""
    return supervision.in_hand(county, matter="办理中的事项", co=CO)


def disagreed(county: County) -> int:
    """A co-handler does not agree with the lead, and another one has yet to answer."""
    item = supervision.open_item(county, matter="有分歧的事项", co=CO)
    supervision.signed(county, supervision.dispatched(county, item))
    for unit in CO:
        complete(item, "co_sign_for", {"decision": "sign"}, by=county.actor("unit_liaison", unit))
    complete(item, "co_opinion", DISAGREES, by=county.actor("unit_handler", CO[0]))
    return item


def reported_done(county: County) -> int:
    """The office has it before it."""
    return supervision.completed(county, supervision.in_hand(county, matter="待审核的事项", co=CO))


def reviewed(county: County) -> int:
    """It is to be struck off."""
    item = supervision.completed(county, supervision.in_hand(county, matter="待销号的事项", co=CO))
    office = county.post("supervising_office")
    complete(item, "review_completion", supervision.PASS, by=office)
    return item


def struck_off(county: County) -> int:
    """It is over, and can be reopened."""
    return supervision.struck_off(county, supervision.in_hand(county, matter="已销号的事项", co=CO))


SCENES: Final[Mapping[str, Callable[[County], int]]] = {
    each.__name__: each
    for each in (dispatched, in_hand, disagreed, reported_done, reviewed, struck_off)
}


def set_up(county: County) -> dict[str, int]:
    """One item at each of these points."""
    stories.set_clock("2026-07-06 09:00")
    return {name: make(county) for name, make in SCENES.items()}

"""Who hears of an act: the parties of app/rules/telling.py as people, with those who stand in.

Everything about the cases of a batch of acts is read together; the rest is plain comparing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.effects.surroundings import Holder, Surroundings, Task
from app.rules import telling
from app.rules.access import COURT, SUPERVISORS, UNIT_STAFF
from app.rules.telling import Telling

RECEIVING: Final = ("unit_liaison", *UNIT_STAFF, *SUPERVISORS, *COURT)
ASKING: Final = ("task", "handed", "returned")
BESIDES: Final = ("copy", "case")  # said by the task already that came with it
LEADING: Final = ("unit_leader", "unit_head")


@dataclass(frozen=True)
class Act:
    """A row of a case's journal, as far as others may have to hear of it."""

    event_id: int
    case_id: int
    seq: int
    kind: str
    at: datetime
    person_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class News:
    """An act that a person is to be told of, and the task it is about, if it is about one."""

    act: Act
    kind: str
    person_id: int
    assignment_id: int | None = None


Heard = tuple[int, int | None]


def news_of(acts: Sequence[Act], around: Surroundings) -> list[News]:
    """Who is told of what, each of one thing once; only who may see the case by what is there."""
    found: dict[tuple[int, str, int, int], News] = {}
    for act, each in _told(acts):
        for person_id, task in _people(act, each, around):
            if person_id == act.person_id or not around.may_see(person_id, act.case_id):
                continue
            if around.choices(person_id).wants(each.kind):
                key = (person_id, each.kind, act.case_id, act.seq)
                found.setdefault(key, News(act, each.kind, person_id, task))
    asked = {(n.person_id, n.act.case_id, n.act.at) for n in found.values() if n.kind in ASKING}
    return [
        each
        for each in found.values()
        if each.kind not in BESIDES or (each.person_id, each.act.case_id, each.act.at) not in asked
    ]


def _told(acts: Sequence[Act]) -> Iterator[tuple[Act, Telling]]:
    """What each act tells; tasks it opened are told of once, by the row that knows most of them."""
    moments: dict[tuple[int, datetime], Act] = {}
    for act in acts:
        said = telling.tellings(act.kind, act.data)
        if telling.NEW_TASKS in said:
            moments.setdefault((act.case_id, act.at), act)
        else:
            moments[act.case_id, act.at] = act
    for act in acts:
        first = moments[act.case_id, act.at] is act
        for each in telling.tellings(act.kind, act.data):
            if first or telling.OPENED not in each.to:
                yield act, each


def _people(act: Act, each: Telling, around: Surroundings) -> Iterator[Heard]:
    for party in each.to:
        yield from PARTIES[party](act, around)


def _opened(act: Act, around: Surroundings) -> Iterator[Heard]:
    tasks = around.tasks.get(act.case_id, {}).values()
    yield from _having((t for t in tasks if t.opened_at == act.at), act, around)


def _holders(act: Act, around: Surroundings) -> Iterator[Heard]:
    named = {act.data.get("assignment"), *act.data.get("assignments", ())}
    tasks = around.tasks.get(act.case_id, {})
    yield from _having((tasks[each] for each in named if each in tasks), act, around)


def _having(tasks: Iterable[Task], act: Act, around: Surroundings) -> Iterator[Heard]:
    """Who may do these tasks now; what is done already needs no telling."""
    for task in tasks:
        if task.state == "active":
            for held in around.at(task.unit_id, task.post, act.case_id):
                if task.person_id in (None, held.person_id, held.deputy_for):
                    yield held.person_id, task.id


def _leaders(act: Act, around: Surroundings) -> Iterator[Heard]:
    yield from _receiving([act.data.get("of_unit")], LEADING, act, around)


def _units(act: Act, around: Surroundings) -> Iterator[Heard]:
    yield from _receiving(act.data.get("units", ()), RECEIVING, act, around)


def _copied(act: Act, around: Surroundings) -> Iterator[Heard]:
    units = (*act.data.get("cc", ()), *act.data.get("cc_upward", ()))
    yield from _receiving(units, RECEIVING, act, around)


def _lead(act: Act, around: Surroundings) -> Iterator[Heard]:
    handler = around.cases[act.case_id].handler_id
    if handler is not None:
        yield from _named([handler], act, around)
    else:
        units = around.units.get(act.case_id, {})
        leading = (*units.get("lead", ()), *units.get("addressee", ()))
        yield from _receiving(leading, RECEIVING, act, around)


def _co(act: Act, around: Surroundings) -> Iterator[Heard]:
    units = around.units.get(act.case_id, {}).get("co", ())
    yield from _receiving(units, RECEIVING, act, around)


def _receiving(
    units: Iterable[int | None], posts: Sequence[str], act: Act, around: Surroundings
) -> Iterator[Heard]:
    """Whoever holds the first of the posts that is filled there."""
    for unit in units:
        found: Iterable[Holder] = ()
        for post in posts:
            found = found or around.at(unit or 0, post, act.case_id)
        yield from ((held.person_id, None) for held in found)


def _persons(act: Act, around: Surroundings) -> Iterator[Heard]:
    yield from _named(act.data.get("persons", ()), act, around)


def _opener(act: Act, around: Surroundings) -> Iterator[Heard]:
    yield from _named([around.cases[act.case_id].opened_by], act, around)


def _named(people: Iterable[int | None], act: Act, around: Surroundings) -> Iterator[Heard]:
    """These people, and whoever stands in for them in such cases."""
    for person_id in people:
        if person_id is not None:
            yield person_id, None
            yield from ((each, None) for each in around.deputies(person_id, act.case_id))


def _followers(act: Act, around: Surroundings) -> Iterator[Heard]:
    """Their own mark, so nobody stands in for them."""
    yield from ((each, None) for each in around.followers.get(act.case_id, ()))


PARTIES: Final = {
    telling.OPENED: _opened,
    telling.HOLDERS: _holders,
    telling.LEADERS: _leaders,
    telling.UNITS: _units,
    telling.COPIED: _copied,
    telling.PERSONS: _persons,
    telling.LEAD: _lead,
    telling.CO: _co,
    telling.OPENER: _opener,
    telling.FOLLOWERS: _followers,
}

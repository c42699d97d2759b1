"""The things behind the addresses of the route table, and to whom each of them is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import select

from app.db import session
from app.model import Area, Attachment, DefinitionVersion, Event, ImportRow, SavedView
from tests.access.act import minutes
from tests.access.cast import (
    AUDITOR,
    AUDITORS,
    CASE_WORKERS,
    COURT,
    DESIGNERS,
    EVERY_CASE,
    EXTERNAL,
    OBSERVER,
    WHO,
    doers_of_task,
    holding,
    readers,
    told,
    workers_of,
)
from tests.access.offers import OPERATIONS, TASK_OPERATIONS
from tests.access.routes import Thing
from tests.access.town import Placed, Town

NOWHERE = 999_999
ANALYST = holding("court_analyst")
ANALYSTS = ANALYST | EXTERNAL
ROUND_READERS = EVERY_CASE | COURT | EXTERNAL | OBSERVER
IMPORT_READERS = EVERY_CASE | ANALYSTS
INCIDENT_READERS = EVERY_CASE | holding("sys_admin")
STUDIO_READERS = DESIGNERS | EVERY_CASE | COURT
WORDERS = holding("supervision_clerk", "supervision_director", "sys_admin")
CALENDAR_KEEPERS = holding("supervision_director", "sys_admin")
TO_BE_DONE = (
    "answered notice", "drafted notice", "decided item", "item", "extension", "escalation",
    "rectification", "evaluation",
)  # fmt: skip
IN_DETAIL = ("round", "answered notice", "meeting", "item", "extension")


def of_cases(*about: str) -> Callable[[Town], Iterable[Thing]]:
    """A case of each kind, or those about certain things."""

    def things(town: Town) -> Iterable[Thing]:
        of_each_kind = {placed.kind: placed for placed in town.cases}.values()
        chosen = [town.case(each) for each in about] or [*of_each_kind, town.case("suspended item")]
        return [Thing({"case_id": placed.case_id}, readers(placed)) for placed in chosen]

    return things


def operations(town: Town) -> Iterable[Thing]:
    """Each operation on a case where it can be done."""
    for name, (about, doers) in OPERATIONS.items():
        placed = town.case(about)
        yield Thing({"case_id": placed.case_id, "name": name}, readers(placed), doers)


def task_operations(town: Town) -> Iterable[Thing]:
    """Each operation on a task where it is offered."""
    for name, (about, doers) in TASK_OPERATIONS.items():
        placed = town.case(about)
        task = town.own_task(placed)
        yield Thing({"assignment_id": task.id, "name": name}, readers(placed), doers)


def tasks(town: Town) -> Iterable[Thing]:
    """The newest task of some cases, for reading."""
    for placed in map(town.case, IN_DETAIL):
        yield Thing({"assignment_id": town.tasks(placed)[-1].id}, readers(placed))


def completions(town: Town) -> Iterable[Thing]:
    """Open tasks, for doing: only the post a task was given to may."""
    for placed in map(town.case, TO_BE_DONE):
        task = town.tasks(placed)[-1]
        assert task.state == "active"
        doers = doers_of_task(town, task.unit_id, task.post)
        yield Thing({"assignment_id": task.id}, readers(placed), doers)


def papers(town: Town) -> Iterable[Thing]:
    """A paper of each kind: with its case, and to the units it was delivered to."""
    of_each_kind = {paper.kind: (paper, placed, sent) for paper, placed, sent in town.papers()}
    for paper, placed, sent in of_each_kind.values():
        yield Thing({"document_id": paper.id}, readers(placed) | workers_of(sent))


def received(town: Town) -> Iterable[Thing]:
    """A paper that went to units: they may note that it was read."""
    for paper, placed, sent in town.papers():
        if paper.id == minutes(town):
            got = workers_of(sent)
            yield Thing({"document_id": paper.id}, readers(placed) | got, got)


def copied(town: Town) -> Iterable[Thing]:
    """A case a unit got a copy of."""
    placed = town.case("escalation")
    yield Thing({"case_id": placed.case_id}, readers(placed), told(placed))


def circulated(town: Town) -> Iterable[Thing]:
    """A case somebody was asked by name to read."""
    placed = town.case("evaluation")
    yield Thing({"delivery_id": town.shared.delivery_id}, readers(placed), told(placed))


def recalled(town: Town) -> Iterable[Thing]:
    """The same by who asked: the office's own people."""
    placed = town.case("evaluation")
    yield Thing({"sending_id": town.shared.sending_id}, readers(placed), workers_of({"PAB"}))


def talked_about(town: Town) -> Iterable[Thing]:
    """A case with a thread: who only watches or audits does not speak in it."""
    placed = town.case("item")
    yield Thing({"case_id": placed.case_id}, readers(placed), readers(placed) & CASE_WORKERS)


def said(town: Town) -> Iterable[Thing]:
    """What somebody said in it."""
    whom = readers(town.case("item"))
    yield Thing({"comment_id": town.shared.comment_id}, whom, frozenset({"lead unit's handler"}))


def streams(_town: Town) -> Iterable[Thing]:
    """A stream of each sort; the audit administrator reads no case."""
    names = session().scalars(select(Event.stream).distinct().order_by(Event.stream))
    of_each_sort = {name.partition(":")[0]: name for name in names}
    for sort, name in of_each_sort.items():
        yield Thing({"name": name}, AUDITOR if sort == "case" else AUDITORS)


def notified(town: Town) -> Iterable[Placed]:
    """The notices of the first round."""
    return (placed for placed in town.cases if placed.kind == "risk_notice")


def collections(town: Town) -> Iterable[Thing]:
    """The round's notices: to whom rounds are open, and to the units that got one."""
    units = {unit for placed in notified(town) for unit in placed.units}
    first = town.first_round_id
    yield Thing({"round_id": first}, ROUND_READERS | workers_of(units))
    yield Thing({"round_id": town.round_id}, ROUND_READERS)


def definitions(_town: Town) -> Iterable[Thing]:
    """One diagram; decision tables have no drawing."""
    diagram = select(DefinitionVersion.id).where(DefinitionVersion.key == "risk_notice")
    yield Thing({"version_id": session().scalars(diagram).one()}, STUDIO_READERS)


def rounds(whom: frozenset[str]) -> Callable[[Town], Iterable[Thing]]:
    """The round that is open for figures."""
    return lambda town: [Thing({"round_id": town.round_id}, whom)]


def batch(
    whom: frozenset[str], doers: frozenset[str] | None = None
) -> Callable[[Town], Iterable[Thing]]:
    """The file that waits for its confirmation."""
    return lambda town: [Thing({"batch_id": town.batch_id}, whom, doers)]


def rows(town: Town) -> Iterable[Thing]:
    """A row of that file."""
    line = select(ImportRow.line).where(ImportRow.batch_id == town.batch_id).limit(1)
    yield Thing({"batch_id": town.batch_id, "line": session().scalar(line)}, ANALYSTS)


def indicators(whom: frozenset[str]) -> Callable[[Town], Iterable[Thing]]:
    """One indicator."""
    return lambda town: [Thing({"indicator_id": town.county.indicators["I10"]}, whom)]


def incidents(
    whom: frozenset[str], doers: frozenset[str] | None = None
) -> Callable[[Town], Iterable[Thing]]:
    """A timer of an item that failed five times."""
    return lambda town: [Thing({"incident_id": town.incident_id}, whom, doers)]


def kept_views(town: Town) -> Iterable[Thing]:
    """A view of the inbox that a leader put before the unit."""
    view = session().scalars(select(SavedView)).one()
    unit = town.county.code(view.unit_id)
    colleagues = frozenset(name for name, (code, _role) in WHO.items() if code == unit)
    yield Thing({"view_id": view.id}, colleagues, frozenset({"lead unit's leader"}))


def areas(_town: Town) -> Iterable[Thing]:
    """One area."""
    yield Thing({"area_id": session().scalars(select(Area.id).limit(1)).one()}, ANALYST)


def attachments(doers: frozenset[str] | None = None) -> Callable[[Town], Iterable[Thing]]:
    """The file somebody added to the item."""

    def things(town: Town) -> Iterable[Thing]:
        added = session().scalars(select(Attachment.id)).one()
        yield Thing({"attachment_id": added}, readers(town.case("item")), doers)

    return things

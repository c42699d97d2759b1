"""A county with short cases in it, made to be completed by the thousand while things break."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from app import advance, clock, engine, journal
from app.actor import SYSTEM
from app.commands import installation
from app.db import session, transaction
from app.model import Assignment, ClockOffset, DefinitionVersion, Person, RoleHolding, Ticket
from tests import databases, people, stories
from tests.access.browsers import give_passwords
from tests.engine.diagrams import Diagram
from tests.people import County

KEY = "drill"
ANSWERS: dict[str, dict[str, Any]] = {
    "file": {"actions": "已配合。", "agrees": "agree"},
    "read": {"handling": "read"},
    "sign": {"decision": "approve"},
}
BACK = {"decision": "return"}
STEPS = (*ANSWERS, "redo")
AT_A_GLANCE = 20  # tasks somebody looks at before choosing one
WINDOW = 12  # cases opened in one transaction


def diagram() -> bytes:
    """Two co-handlers and the lead unit at the same time, then a signature that may send back."""
    drawn = Diagram(KEY, **{"wv:title": "演练", "wv:titleEn": "Drill"})
    drawn.start().both("split")
    drawn.user("file", form="co_opinion", performer="co/unit_handler", policy="all",
               deadline="draft", ladder="standard").both("join")  # fmt: skip
    drawn.at("split").user("read", form="acknowledge", performer="lead/unit_handler").to("join")
    drawn.at("join").user("sign", form="approval", performer="lead/unit_leader").xor("signed")
    drawn.end()
    drawn.at("signed", when='decision == "return"').user(
        "redo", form="acknowledge", performer="lead/unit_handler"
    ).to("sign")
    return drawn.xml


@contextmanager
def county_at(
    server: str, name: str, folder: Path, at: str = "2026-07-06 09:00"
) -> Iterator[tuple[Flask, str, County]]:
    """A committed county whose people have passwords: application, database address, county."""
    with (
        databases.fresh(server, name, folder) as address,
        databases.application(address) as app,
        app.app_context(),
    ):
        stories.set_clock(at)
        installation.install()
        found = people.settle_in("tanghe")
        second_handlers(found)
        give_passwords()
        publish(KEY, diagram())
        yield app, address, found


def pass_time(minutes: int) -> None:
    """Let so much time pass, also while others write."""
    with transaction():
        later = ClockOffset.seconds + 60 * minutes
        session().execute(update(ClockOffset).values(seconds=later))


def second_handlers(county: County) -> None:
    """A second person for every unit's handler, so that two may want to do the same."""
    for unit in people.DEPARTMENTS:
        login = f"{people.login_of(unit, 'unit_handler')}_2"
        session().add(person := Person(login=login, name=f"演示-{login}"))
        session().flush()
        holding = {"unit_id": county.unit(unit), "role": "unit_handler"}
        session().add(RoleHolding(person_id=person.id, **holding))
    session().commit()


def publish(key: str, source: bytes) -> None:
    """Publish a process, vouched for by the journal."""
    sha = hashlib.sha256(source).hexdigest()
    said = engine.describe(source)
    with transaction():
        version = DefinitionVersion(
            key=key, kind="bpmn", version=1, title=said.title, title_en=said.title_en,
            calls=list(said.calls), source=source.decode(), sha256=sha, published_at=clock.now(),
        )  # fmt: skip
        session().add(version)
        session().flush()
        journal.record(
            "definition.published", stream=f"definition:{key}", actor=SYSTEM,
            data={"definition_version": version.id, "key": key, "version": 1, "sha256": sha},
        )  # fmt: skip
        journal.flush()


def open_cases(county: County, count: int, *, kind: str = KEY) -> list[int]:
    """Cases spread over the departments: one leads, the next two help; many in a transaction."""
    office = county.post("supervising_office")
    codes = people.DEPARTMENTS
    found: list[int] = []
    for first in range(0, count, WINDOW):
        with transaction():
            journal.forget()  # what was recorded before the database went away in the last one
            for turn in range(first, min(first + WINDOW, count)):
                lead, *co = (county.unit(codes[(turn + n) % len(codes)]) for n in range(3))
                loaded = advance.open_case(
                    kind, actor=office, profile_id=county.profile_id, title=f"演练{turn}",
                    units={"lead": [lead], "co": co},
                )  # fmt: skip
                found.append(loaded.case.id)
            journal.flush()
    return found


def open_work(unit_id: int, post: str) -> list[tuple[int, str, int]]:
    """What waits in a unit for that post: assignment, node and version, in order."""
    session().rollback()
    rows = session().execute(
        select(Assignment.id, Ticket.node, Assignment.version)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Assignment.unit_id == unit_id, Assignment.post == post,
            Assignment.state == "active", Ticket.node.in_(STEPS),
        )
        .order_by(Assignment.id)
        .limit(AT_A_GLANCE)
    ).all()  # fmt: skip
    session().rollback()
    return [tuple(row) for row in rows]


def waiting(*, besides: int) -> int:
    """How many tasks of drills wait in all units but that one."""
    session().rollback()
    found = session().scalar(
        select(func.count())
        .select_from(Assignment)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.unit_id != besides, Assignment.state == "active", Ticket.node.in_(STEPS))
    )
    session().rollback()
    return found or 0


Chooser = Callable[[], float]


def open_in(case_id: int) -> list[tuple[int, str, int]]:
    """What is open in a case: assignment, node, unit."""
    rows = session().execute(
        select(Assignment.id, Ticket.node, Assignment.unit_id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.case_id == case_id, Assignment.state == "active")
        .order_by(Assignment.id)
    )
    return [(task, node, unit) for task, node, unit in rows]


def answers_for(node: str, throw: Chooser) -> dict[str, Any]:
    """What is answered there; one signature in five sends the case back."""
    if node == "sign" and throw() < 0.2:
        return BACK
    return ANSWERS.get(node, ANSWERS["read"])

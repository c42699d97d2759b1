"""docs/operations.md: what becomes of every operation, by everybody, in every state of a case.

`python -m tests.access.matrix` writes it anew; a test says when that is due.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from app import clock, forms
from app.actor import Actor
from app.commands import handing
from app.commands.operations import ON_CASES, ON_TASKS, Operation
from app.db import session
from app.errors import NotAllowed, NotFound, Refusal
from app.model import OPEN, Assignment, Case, Person, RoleHolding, Ticket
from app.queries.standing import standing
from app.queries.tasks import task_page
from tests import databases, stories, supervision
from tests.access.acts import ACTS
from tests.access.cast import actor
from tests.access.offers import OPERATIONS, TASK_OPERATIONS
from tests.access.town import REOPENED, Placed, Town, populate

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
STATES = ("open", "suspended", "closed", "terminated", "void")
ENDED = STATES[2:]
DONE, NOT_NOW, NOT_YOURS, UNKNOWN = "●", "○", "·", " "
PEOPLE: dict[str, str] = {
    "lead unit's handler": "L", "lead unit's liaison": "LL", "lead unit's leader": "LH",
    "co-handling unit's handler": "Co", "copied unit's handler": "Cc",
    "other item's handler": "Ot", "supervision clerk": "SC", "supervision director": "SD",
    "court's supervision clerk": "FC", "convener": "Cv", "suggestion drafter": "Dr",
    "court president": "CP", "court analyst": "CA", "congress observer": "Ob",
    "business auditor": "BA", "system administrator": "SyA", "stranger": "St",
}  # fmt: skip
UNDONE: Mapping[str, str] = {
    "send_back": "by completing the task again",
    "withdraw": "by submitting again; the first submission stays readable",
    "progress": "never; a later report says how it stands now",
    "urgent": "never; a later report says how it stands now",
    "extension": "the application is revoked by whoever sent it, until somebody takes it up",
    "urge": "never; it is counted",
    "waive": "never; the co-handler may still report progress",
    "suspend": "by `resume`",
    "resume": "by `suspend`; the time it ran is kept",
    "escalate": "the case it opens is terminated or declared void",
    "copy": "by recalling it; that it was sent stays on record",
    "circulate": "by recalling it; that it was sent stays on record",
    "circulate_widely": "by recalling it; that it was sent stays on record",
    "circulate_first": "by recalling it; the task waits no longer",
    "coordinate": "never; it stays on record beside both opinions",
    "instruct": "never; a later instruction says what is to be done instead",
    "ask_clock": "never; the office decides on it",
    "sign_part": "by handing the part back within the mechanism's days, where it allows",
    "reassign": "by `reassign` to the unit it was with",
    "revoke": "never; the number stays in the register and the matter is opened anew",
    "terminate": "never, unless the case is reopened; the number stays in the register",
    "void": "never; the number stays in the register as void",
    "reopen": "by ending it again; both stay on record",
    "move": "by another move; the first stays on record",
    "claim": "by `release`",
    "release": "by `claim`",
    "transfer": "by `transfer` back; who had it first stays on record",
    "delegate": "by `recall`, until it is filled in",
    "recall": "by `delegate`",
    "add_before": "by `remove_signers`, until they have acted",
    "add_after": "by `remove_signers`, until they have acted",
    "add_beside": "by `remove_signers`, until they have acted",
    "remove_signers": "by adding them again",
}
INTRODUCTION = """\
# What may be done, by whom, and when

**中文提要** 本页逐项列出案件和任务上的操作：作用、所填表单、能否撤销，以及在案件的每一种状态下\
（在办、中止、办结、终止、作废），每一种角色、每一种与案件的关系实际去做的结果。\
内容由测试逐格执行命令得出，不只是查询权限判断；界面所示与实际结果不一致即测试不通过。

Written by `python -m tests.access.matrix`; do not edit by hand. Every cell was tried: somebody of \
that post called the command itself on a case in that state, and what the page offered them \
agrees with what became of it.

**Marks:** {done} done; {not_now} offered or known, but refused with the reason why not now; \
{not_yours} refused: this is for others; blank: the case does not exist for them.

**People:** {people}.
"""


@dataclass(frozen=True)
class Scene:
    """Where an operation can be done: the case, and how somebody goes about it."""

    before: Callable[[Town], Placed]
    do: Callable[[Town, Placed, Actor], Any]


def _as_acted(about: str, operation: Operation) -> Scene:
    """On the case of the town's own act."""
    act = ACTS[operation.act].do
    return Scene(lambda town: town.case(about), lambda town, _placed, who: act(town, who))


def _claimed(town: Town) -> Placed:
    placed = town.case("drafted notice")
    handing.claim(town.tasks(placed)[-1].id, {}, actor=actor(town.county, "suggestion drafter"))
    return placed


def _nothing_pending(town: Town) -> Placed:
    """The item, late, with none of its applications and escalations under way."""
    placed = town.case("item")
    session().execute(
        update(Case)
        .where(Case.parent_id == placed.case_id)
        .values(status="closed", closed_at=clock.now())
    )
    late = clock.now() - timedelta(days=3)
    active = (Assignment.case_id == placed.case_id, Assignment.state == "active")
    session().execute(update(Assignment).where(*active).values(due_at=late))
    session().commit()
    return placed


def _co_handler_owes(town: Town) -> Placed:
    county = town.county
    item = supervision.open_item(county, matter="新近分解的事项")
    supervision.signed(county, supervision.dispatched(county, item))
    return Placed(item, "supervision_item", frozenset({"PAB", "ZJJ", "SJG"}), "owed item")


def _read_by_a_colleague(_town: Town, placed: Placed, who: Actor) -> Any:
    """Somebody else of the unit, whichever that is."""
    there = select(Person.login).join(RoleHolding, RoleHolding.person_id == Person.id)
    others = there.where(RoleHolding.unit_id == who.unit_id, Person.id != who.person_id)
    readers = list(session().scalars(others.order_by(Person.id).limit(1)))
    return _act("circulate")(placed.case_id, {"readers": readers}, actor=who)


def _reopened(town: Town, placed: Placed, who: Actor) -> Any:
    """At the first of the tasks the office is offered, or none."""
    ((name, answers),) = ON_CASES.named("reopen").choices
    offered = answers(standing(actor(town.county, "supervision clerk"), placed.case_id))
    said = {**REOPENED, name: next(iter(offered), "")}
    return _act("reopen")(placed.case_id, said, actor=who)


WAIVED = {"unit": "SJG", "reason": "已书面同意牵头方案"}
SCENES: Mapping[str, Scene] = {
    "release": Scene(
        _claimed,
        lambda town, placed, who: handing.release(town.tasks(placed)[-1].id, {}, actor=who),
    ),
    "extension": Scene(_nothing_pending, lambda t, _p, who: ACTS[_act("extension")].do(t, who)),
    "escalate": Scene(_nothing_pending, lambda t, _p, who: ACTS[_act("escalate")].do(t, who)),
    "circulate": Scene(lambda town: town.case("item"), _read_by_a_colleague),
    "reopen": Scene(lambda town: town.case("ended item"), _reopened),
    "waive": Scene(
        _co_handler_owes,
        lambda _town, placed, who: _act("waive")(placed.case_id, WAIVED, actor=who),
    ),
}
OTHER_CASE = {"reassign": "moved item", "coordinate": "disputed item"}
"""Where an act of tests/access/acts.py is about another case than the offer is tried on."""


def _act(name: str) -> Any:
    return ON_CASES.named(name).act


def rows() -> Iterator[tuple[str, Operation]]:
    """Every operation with what it is on."""
    yield from (("case", each) for each in ON_CASES.rows)
    yield from (("task", each) for each in ON_TASKS.rows)


def scene_of(on: str, operation: Operation) -> Scene:
    """Where it is tried."""
    told = OPERATIONS if on == "case" else TASK_OPERATIONS
    name = operation.name
    assert name in told, f"say in tests/access/offers.py to whom {name} is offered"
    return SCENES.get(name) or _as_acted(OTHER_CASE.get(name, told[name][0]), operation)


def put(case_id: int, state: str) -> None:
    """Bring a case's records into a state; what its diagram says is left as it is."""
    now = clock.now()
    ended = {"closed_at": now} if state in ENDED else {}
    stopped = {"suspended_at": now if state == "suspended" else None}
    session().execute(
        update(Case).where(Case.id == case_id).values(status=state, **ended, **stopped)
    )
    if ended:
        for table, open_ in ((Assignment, OPEN), (Ticket, ("open",))):
            wanted = (table.case_id == case_id, table.state.in_(open_))
            session().execute(update(table).where(*wanted).values(state="cancelled"))
    session().commit()


def offered(on: str, operation: Operation, town: Town, placed: Placed, who: Actor) -> str:
    """What the pages say of it to this person."""
    try:
        if on == "case":
            answer = operation.may(who, standing(who, placed.case_id))
        else:
            task = town.own_task(placed).id
            answer = operation.may(who, task_page(who, task).task_standing)
    except NotFound:
        return UNKNOWN
    return DONE if answer is True else NOT_YOURS if answer is False else NOT_NOW


def tried(scene: Scene, town: Town, placed: Placed, who: Actor) -> str:
    """What becomes of it when this person does it."""
    try:
        scene.do(town, placed, who)
    except NotFound:
        return UNKNOWN
    except NotAllowed:
        return NOT_YOURS
    except Refusal:
        return NOT_NOW
    return DONE


def cells(app: Flask, town: Town, on: str, operation: Operation) -> dict[tuple[str, str], str]:
    """What became of it, by state and person; fails where the pages say otherwise."""
    scene, found, wrong = scene_of(on, operation), {}, []
    for state in STATES:
        for name in PEOPLE:
            with databases.rolled_back(app):
                placed, who = scene.before(town), actor(town.county, name)
                if stories.case(placed.case_id).status != state:
                    put(placed.case_id, state)
                told = offered(on, operation, town, placed, who)
                became = tried(scene, town, placed, who)
            if (told == DONE) != (became == DONE) or (told == UNKNOWN) != (became == UNKNOWN):
                wrong.append(f"{state}, {name}: offered {told!r}, but tried {became!r}")
            found[state, name] = became
    assert wrong == [], f"{operation.name}: {wrong}"
    return found


def section(on: str, operation: Operation, found: Mapping[tuple[str, str], str]) -> str:
    """One operation of the page."""
    name, form = operation.name, forms.load(operation.form)
    assert name in UNDONE, f"say in tests/access/matrix.py how {name} is undone"
    asked = ", ".join(field.label.en for field in form.fields)
    told = operation.consequence or form.intro.en or operation.done
    lines = [
        f"## `{name}` · {form.title.zh} · {operation.label}\n",
        f"On a {on}. {told} *Asks:* {asked}. *Undone:* {UNDONE[name]}.\n",
        f"| State | {' | '.join(PEOPLE.values())} |",
        f"| --- |{' --- |' * len(PEOPLE)}",
        *(
            f"| {state} | {' | '.join(found[state, who] for who in PEOPLE)} |" for state in STATES
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def introduction() -> str:
    """What the marks and the columns mean."""
    people = ", ".join(f"{code} = {name}" for name, code in PEOPLE.items())
    return INTRODUCTION.format(done=DONE, not_now=NOT_NOW, not_yours=NOT_YOURS, people=people)


def main() -> int:
    """Write the page from a county of its own."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/town.sqlite3"
        with databases.application(address) as app, app.app_context():
            town = populate()
            parts = [section(on, row, cells(app, town, on, row)) for on, row in rows()]
    PAGE.write_text("\n".join([introduction(), *parts]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

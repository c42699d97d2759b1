"""Small processes to go back in, and what must hold of a case whatever was taken back in it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import clock, engine
from app.actor import Actor
from app.advance import reference
from app.commands.completion import complete_task
from app.db import session
from app.model import Assignment, CaseState, DefinitionVersion, Ticket
from app.queries import audit
from tests import stories
from tests.engine.diagrams import Diagram
from tests.people import County

READ = {"handling": "read", "opinion": None}
APPROVE = {"decision": "approve", "opinion": None}
RETURN = {"decision": "return", "opinion": "请补充具体数据"}
UNITS = {"lead": ["ZJJ"], "co": ["FGW", "CZJ"]}
ROLES = ("unit_handler", "unit_leader", "unit_head", "unit_liaison")


@dataclass(frozen=True)
class Shape:
    """A process, and which of its tasks lie in branches beside each other."""

    diagram: Diagram
    beside: frozenset[frozenset[str]] = field(default_factory=frozenset)

    @property
    def kind(self) -> str:
        """The process key."""
        return self.diagram.id


def asks(role: int, form: str = "acknowledge", **more: str) -> dict[str, str]:
    """The attributes of a task for one of the lead unit's people."""
    performer = f"lead/{ROLES[role]}"
    return {"performer": performer, "form": form, "deadline": "sign_for", **more}


def line() -> Shape:
    """Three people, one after the other."""
    return Shape(Diagram("line").start().user("a", **asks(0)).user("b", **asks(1))
                 .user("c", **asks(2)).end())  # fmt: skip


def loop() -> Shape:
    """Drafted and checked until it is good, then issued; there is a way back in the diagram."""
    diagram = Diagram("loop").start().user("a", **asks(0)).user("draft", **asks(1))
    diagram.user("check", **asks(2, "approval")).xor("good").to("draft")
    diagram.at("good", when='decision == "approve"').user("issue", **asks(3))
    return Shape(diagram.user("file", **asks(0)).end())


def fork() -> Shape:
    """Two branches side by side, one of two tasks, and what follows both."""
    diagram = Diagram("fork").start().user("a", **asks(0)).both("s").user("b", **asks(1)).both("j")
    diagram.user("d", **asks(2)).end().at("s").user("c", **asks(3)).user("c2", **asks(0)).to("j")
    return Shape(diagram, pairs("b", "c", "c2"))


def nested() -> Shape:
    """A sub-process with a loop in it, beside a task that decides something."""
    inner = Diagram().start("b2").user("i1", **asks(1)).user("i2", **asks(2, "approval")).xor("ok")
    inner.to("i1").at("ok", when='decision == "approve"').user("i3", **asks(3)).end("e2")
    diagram = Diagram("nested").start().user("a", **asks(0)).both("s").sub("part", inner).both("j")
    diagram.user("z", **asks(0)).end().at("s").user("b", **asks(3)).to("j")
    return Shape(diagram, pairs("b", "i1", "i2", "i3"))


def units() -> Shape:
    """Every unit answers, in any order; then one after the other; then whoever is first."""
    everybody = {"performer": "lead_and_co/unit_liaison", "form": "acknowledge"}
    diagram = Diagram("units").start().user("a", **asks(0))
    diagram.user("all", **everybody, policy="all", deadline="sign_for")
    diagram.user("turns", **everybody, policy="sequential").user("any", **everybody)
    return Shape(diagram.user("z", **asks(1)).end())


def choice() -> Shape:
    """One of two ways, which meet again."""
    diagram = Diagram("choice").start().user("a", **asks(0)).user("b", **asks(1, "approval"))
    diagram.xor("x").user("c", **asks(2)).xor("m").user("z", **asks(0)).end()
    diagram.at("x", when='decision == "approve"').user("d", **asks(3)).to("m")
    return Shape(diagram)


def timed() -> Shape:
    """Two branches, one of which says so when nobody has acted for two days."""
    diagram = Diagram("timed").start().user("a", **asks(0)).both("s").user("b", **asks(1)).both("j")
    diagram.user("d", **asks(2)).end().at("s").user("c", **asks(3)).to("j")
    diagram.boundary("b", "waited", after="PT48H", interrupts=False).user("late", **asks(0))
    return Shape(diagram.end("e2"), pairs("b", "c"))


def filed() -> Shape:
    """Filed by whoever opened the case, decided by three others, one of whom chooses the way."""
    opener = {"performer": "opener/supervision_clerk", "form": "acknowledge"}
    diagram = Diagram("filed").start().user("file", **opener).user("a", **asks(0)).both("s")
    diagram.user("b", **asks(1, "approval")).xor("x").user("c", **asks(2)).xor("m").both("j")
    diagram.user("d", **asks(2)).end().at("x", when='decision == "return"').user("e", **asks(3))
    diagram.to("m").at("s").user("f", **asks(3)).to("j")
    return Shape(diagram, pairs("f", "b", "c", "e"))


SHAPES = (line, loop, fork, nested, units, choice, filed)


def pairs(one: str, *others: str) -> frozenset[frozenset[str]]:
    """One task beside each of the others."""
    return frozenset(frozenset((one, other)) for other in others)


def publish(*shapes: Shape) -> None:
    """Put the processes into the database."""
    session().add_all(
        DefinitionVersion(
            key=shape.kind, kind="bpmn", version=1, title=shape.kind, title_en=shape.kind,
            calls=[], source=shape.diagram.xml.decode(), published_at=clock.now(),
            sha256=hashlib.sha256(shape.diagram.xml).hexdigest(),
        )
        for shape in shapes
    )  # fmt: skip
    session().commit()


def opened(county: County, kind: str) -> int:
    """A case of that kind."""
    return stories.start_case(county, kind, by=county.post("supervising_office"), units=UNITS)


def begun(county: County, kind: str, *nodes: str) -> int:
    """A case in which these tasks are done."""
    case_id = opened(county, kind)
    for node in nodes:
        do(county, case_id, node)
    return case_id


def do(county: County, case_id: int, node: str, unit: int | None = None) -> None:
    """Whoever may (in that unit) does it."""
    found = parts(case_id, "active")
    ticket, part = next((t, a) for t, a in found if t.node == node and unit in (None, a.unit_id))
    complete_task(part.id, answers_to(ticket.form), actor=doer(county, part))


def doer(county: County, assignment: Assignment) -> Actor:
    """Whoever may do that task."""
    code = next(code for code, id_ in county.units.items() if id_ == assignment.unit_id)
    return county.actor(assignment.post, code)


def answers_to(form: str, *, good: bool = True) -> dict[str, Any]:
    """An answer to one of the two forms."""
    return READ if form == "acknowledge" else APPROVE if good else RETURN


def parts(case_id: int, *states: str) -> list[tuple[Ticket, Assignment]]:
    """The parts of a case's tasks in such states, in their order."""
    rows = session().execute(
        select(Ticket, Assignment)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(Assignment.case_id == case_id, Assignment.state.in_(states))
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    return [(row.Ticket, row.Assignment) for row in rows]


def done(case_id: int) -> set[int]:
    """The tickets whose work counts."""
    tickets = select(Ticket.id).where(Ticket.case_id == case_id, Ticket.state == "done")
    return set(session().scalars(tickets))


def waiting(case_id: int) -> dict[str, int]:
    """The ticket of every node that waits for somebody."""
    tickets = select(Ticket.node, Ticket.id).where(
        Ticket.case_id == case_id, Ticket.state == "open"
    )
    return {row.node: row.id for row in session().execute(tickets)}


def open_nodes(case_id: int) -> Counter[str]:
    """What waits for somebody, by the tickets."""
    return Counter(stories.open_nodes(case_id))


def require_sound(case_id: int) -> None:
    """Engine, tickets and assignments agree; nobody's task hangs in the air; work goes on."""
    case = stories.case(case_id)
    state = session().get_one(CaseState, (case_id, case.state_seq), populate_existing=True)
    steps = Counter(
        step.id for step in engine.open_steps(reference.compiled(case.bundle), state.blob)
    )
    rows = parts(case_id, "active", "waiting")
    tickets = Counter(
        session().scalars(
            select(Ticket.engine_task).where(Ticket.case_id == case_id, Ticket.state == "open")
        )
    )
    assert steps == tickets, "the engine's open steps are not the open tickets"
    assert {a.ticket_id for _t, a in rows} == {t.id for t, _a in rows if t.state == "open"}
    assert {t.engine_task for t, a in rows if a.state == "active"} == set(steps)
    assert all(a.unit_id for _t, a in rows)
    assert bool(steps) == (case.status == "open"), "nobody has anything left to do"


def require_vouched(*case_ids: int) -> None:
    """The cases' chains and states are as the journal says."""
    verdict = audit.verify()
    assert verdict.states
    streams = {f"case:{case_id}" for case_id in case_ids}
    assert [str(each.problem) for each in verdict.breaks if each.stream in streams] == []


def clocks(case_id: int) -> dict[int, datetime]:
    """When every assignment is due."""
    due = select(Assignment.id, Assignment.due_at).where(
        Assignment.case_id == case_id, Assignment.due_at.is_not(None)
    )
    return {row.id: row.due_at for row in session().execute(due)}

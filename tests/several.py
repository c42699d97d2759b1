"""Small processes in which several sign one task, and verbs to sign it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.actor import Actor
from app.commands.completion import complete_task
from app.db import session
from app.model import Assignment, Ticket
from tests import going_back, stories
from tests.engine.diagrams import Diagram
from tests.going_back import Shape
from tests.people import County

UNITS = {"lead": ["ZJJ"], "co": ["FGW", "CZJ", "SJG", "RSJ"]}
ALL = ("ZJJ", "FGW", "CZJ", "SJG", "RSJ")
AGREE = {"decision": "approve", "opinion": None}
REFUSE = {"decision": "reject", "opinion": "条件尚不具备"}
ABSTAIN = {"decision": "abstain", "opinion": None}
WORDS = {"+": AGREE, "-": REFUSE, "o": ABSTAIN}


def signing(kind: str, **told: str) -> Shape:
    """Drafted by the lead, signed by all units by that policy, then done or drafted again."""
    given = {"performer": "lead_and_co/unit_leader", "form": "vote", "deadline": "sign_for", **told}
    diagram = Diagram(kind).start().user("draft", **going_back.asks(0)).user("sign", **given)
    if given["form"] != "vote":
        return Shape(diagram.end())
    diagram.xor("good").user("redo", **going_back.asks(0)).end("e2")
    diagram.at("good", when='decision == "approve"').user("after", **going_back.asks(0)).end()
    return Shape(diagram)


SHAPES = {
    "anyone": {"policy": "any"},
    "everyone": {"policy": "all"},
    "in_turn": {"policy": "sequential"},
    "three": {"policy": "vote", "pass": "3"},
    "most": {"policy": "vote", "pass": "60%", "abstain": "against"},
    "weighed": {"policy": "vote", "pass": "weight 60%", "weights": "lead=3 co=1"},
    "no_vote": {"policy": "all", "form": "acknowledge"},
    "read_in_turn": {"policy": "sequential", "form": "acknowledge"},
    "alone": {"performer": "lead/unit_leader"},
    "with_effect": {"performer": "lead/unit_handler", "form": "record_note",
                    "effect": "record_measure"},
    "forbidding": {"performer": "lead/unit_leader", "forbids": "transfer delegate add_before"},
}  # fmt: skip


def publish() -> None:
    """Put the processes into the database."""
    going_back.publish(*(signing(kind, **told) for kind, told in SHAPES.items()))


def opened(county: County, kind: str) -> int:
    """A case of that kind whose signatures are asked for."""
    case_id = stories.start_case(county, kind, by=county.post("supervising_office"), units=UNITS)
    stories.complete(case_id, "draft", going_back.READ, by=county.actor("unit_handler", "ZJJ"))
    return case_id


def leader(county: County, unit: str = "ZJJ") -> Actor:
    """Who signs for a unit."""
    return county.actor("unit_leader", unit)


def part(county: County, case_id: int, unit: str, node: str = "sign", **which: Any) -> Assignment:
    """The newest part of a unit in a task, whatever became of it."""
    found = session().scalars(
        select(Assignment)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(
            Ticket.case_id == case_id,
            Ticket.node == node,
            Assignment.unit_id == county.unit(unit),
        )
        .filter_by(**which)
        .order_by(Assignment.id.desc())
        .execution_options(populate_existing=True)
    )
    return found.first() or Assignment()


def sign(county: County, case_id: int, unit: str, word: str = "+") -> dict[str, Any]:
    """A unit's leader signs: `+` in favour, `-` against, `o` abstaining."""
    mine = part(county, case_id, unit, kind="")
    return complete_task(mine.id, WORDS[word], actor=leader(county, unit))


def states(county: County, case_id: int, node: str = "sign") -> dict[str, str]:
    """How each unit's own part stands."""
    return {unit: part(county, case_id, unit, node, kind="").state for unit in ALL}

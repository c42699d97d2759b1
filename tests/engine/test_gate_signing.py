"""What a diagram says of several signers: refused where that is too little, or nonsense."""

from __future__ import annotations

import pytest

from app import engine
from tests.engine.diagrams import Diagram
from tests.engine.findings import errors

WRONG = {
    "a vote without what passes it": ({"policy": "vote"}, "pass_missing"),
    "what passes it without a vote": ({"pass": "60%"}, "vote_missing"),
    "weights without a vote": ({"weights": "lead=2"}, "vote_missing"),
    "by weight without weights": ({"policy": "vote", "pass": "weight 60%"}, "weights_missing"),
    "weights that count for nothing": (
        {"policy": "vote", "pass": "60%", "weights": "lead=2"},
        "weights_idle",
    ),
    "more than all": ({"policy": "vote", "pass": "101%"}, "attribute_value"),
    "nobody": ({"policy": "vote", "pass": "0"}, "attribute_value"),
    "weight of a role twice": (
        {"policy": "vote", "pass": "weight 60%", "weights": "co=1 co=2"},
        "attribute_value",
    ),
    "unknown abstention": ({"abstain": "maybe"}, "attribute_value"),
    "forbids what is no operation": ({"forbids": "transfer fly"}, "attribute_value"),
    "forbids what cannot be forbidden": ({"forbids": "suspend"}, "attribute_value"),
    "not by whoever did what is not there": ({"notBy": "gone"}, "not_by_unknown"),
    "not by whoever does it": ({"notBy": "n"}, "not_by_unknown"),
    "not by whoever did several": ({"notBy": "first  n"}, "attribute_value"),
}
RIGHT = (
    {"policy": "vote", "pass": "3", "abstain": "against"},
    {"policy": "vote", "pass": "60%", "abstain": "for"},
    {"policy": "vote", "pass": "weight 60%", "weights": "lead=2 co=1", "notBy": "first"},
    {"forbids": "transfer delegate add_before add_after add_beside send_back withdraw"},
)


def diagram(attributes: dict[str, str]) -> bytes:
    given = {"performer": "lead/unit_handler", **attributes}
    return Diagram().start().user("first").user("n", **given).end().xml


@pytest.mark.parametrize("case", WRONG)
def test_is_refused_with_the_task_and_a_sentence(case):
    attributes, code = WRONG[case]

    found = [(each.element, each.code) for each in engine.check(diagram(attributes))]
    assert ("n", code) in found


@pytest.mark.parametrize("attributes", RIGHT, ids=str)
def test_is_taken(attributes):
    assert errors(diagram(attributes)) == []

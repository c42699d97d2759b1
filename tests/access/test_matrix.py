"""Every operation, by everybody, in every state: what is offered can be done, and is written."""

from __future__ import annotations

import pytest

from app.commands.operations import Operation
from app.rules import standing
from tests.access.matrix import (
    DONE,
    PAGE,
    STATES,
    UNDONE,
    cells,
    introduction,
    rows,
    section,
)

ROWS = [pytest.param(on, row, id=row.name) for on, row in rows()]


@pytest.mark.only("sqlite")  # who may do what does not depend on the database
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("on", "operation"), ROWS)
def test_every_cell_is_as_offered_and_as_written(townhall, committed_town, on, operation):
    found = cells(townhall, committed_town, on, operation)

    assert DONE in found.values(), "nobody could do it in any state: give it a scene"
    written = PAGE.read_text(encoding="utf-8")
    assert section(on, operation, found) in written, "write: python -m tests.access.matrix"


def test_the_page_tells_of_every_operation_and_no_other():
    names = {row.name for _on, row in rows()}
    written = PAGE.read_text(encoding="utf-8")

    assert written.startswith(introduction())
    told = {line.split("`")[1] for line in written.splitlines() if line.startswith("## `")}
    assert told == names, "write it anew: python -m tests.access.matrix"
    assert set(UNDONE) == names, "say in tests/access/matrix.py how each is undone"
    assert all(f"| {state} |" in written for state in STATES)


def test_an_offer_the_command_does_not_keep_is_noticed(townhall, committed_town, monkeypatch):
    (urge,) = (row for _on, row in rows() if row.name == "urge")
    careless = Operation(**{**vars(urge), "may": lambda _who, _case: True})
    assert standing.may_urge is urge.may

    with pytest.raises(AssertionError, match="offered"):
        cells(townhall, committed_town, "case", careless)

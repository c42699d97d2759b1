"""The ledger as a file is the ledger of the page, read in pieces."""

from __future__ import annotations

import pytest

from app import clock
from app.commands.clock import suspend
from app.db import session
from app.queries import ledger as module
from app.queries.ledger import Filters, in_pieces, ledger
from tests import stories, supervision


@pytest.fixture
def items(tanghe):
    """Items with dates of their own: running, suspended and struck off."""
    found = [supervision.in_hand(tanghe, matter=f"第{n}号事项") for n in range(4)]
    supervision.struck_off(tanghe, found[1])
    suspend(found[2], {"reason": "等上级批复"}, actor=tanghe.post("supervising_office"))
    for n, item in enumerate(found):
        stories.case(item).opened_at = clock.now()
        stories.case(item).progress = 10 * n
    session().commit()
    return found


@pytest.mark.parametrize("piece", [1, 3, 500])
@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(text="号事项"), Filters(status="closed"), Filters(light="grey"),
     Filters(light="red"), Filters(text="没有")],
    ids=str,
)  # fmt: skip
def test_the_pieces_are_the_whole_in_the_order_of_the_page(
    tanghe, items, monkeypatch, piece, filters
):
    monkeypatch.setattr(module, "PIECE", piece)
    for viewer in (tanghe.post("supervising_office"), tanghe.actor("unit_handler", "RSJ")):
        assert tuple(in_pieces(viewer, filters)) == ledger(viewer, filters)
    if filters == Filters():
        assert len(ledger(tanghe.post("supervising_office"))) == len(items)

"""Co-handlers answer the lead, disagree, and the office settles it (协办意见, row 21)."""

from __future__ import annotations

import pytest

from app.commands.supervising import coordinate, waive_co
from app.errors import Invalid, NotAllowed, Stale
from app.queries.history import place
from app.queries.standing import standing
from tests import stories, supervision
from tests.stories import complete, open_nodes, task

DISAGREE = supervision.CO_OPINION | {"agrees": "disagree", "disagreement": "资金来源不明"}
SETTLED = {"text": "资金由财政局另行核定"}


@pytest.fixture
def item(tanghe):
    """An item with two co-handlers that have signed."""
    case_id = supervision.signed(tanghe, supervision.dispatched(tanghe, co=["SJG", "CZJ"]))
    for unit in ("SJG", "CZJ"):
        liaison = tanghe.actor("unit_liaison", unit)
        complete(case_id, "co_sign_for", {"decision": "sign"}, by=liaison)
    return case_id


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


def test_a_disagreement_is_before_the_office_until_it_is_settled(tanghe, item, office):
    assert not standing(office, item).disagreed

    complete(item, "co_opinion", DISAGREE, by=tanghe.actor("unit_handler", "SJG"))

    (act,) = stories.acts(f"case:{item}", "co.disagreed")
    assert (act["data"]["text"], act["data"]["units"]) == ("资金来源不明", [tanghe.unit("PAB")])
    assert standing(office, item).disagreed
    assert [r.text for r in supervision.reports(item, "co_disagreement")] == ["资金来源不明"]

    coordinate(item, SETTLED, actor=office)

    assert not standing(office, item).disagreed
    (act,) = stories.acts(f"case:{item}", "co.coordinated")
    assert act["data"]["units"] == [tanghe.unit(code) for code in ("ZJJ", "SJG", "CZJ")]
    complete(item, "co_opinion", DISAGREE, by=tanghe.actor("unit_handler", "CZJ"))
    assert standing(office, item).disagreed


def test_whoever_agrees_is_no_case_for_the_office(tanghe, item, office):
    complete(item, "co_opinion", supervision.CO_OPINION, by=tanghe.actor("unit_handler", "SJG"))

    assert not standing(office, item).disagreed
    assert "co.disagreed" not in stories.kinds(item)


def test_the_lead_waits_until_all_have_answered_or_are_waived(tanghe, item, office):
    complete(item, "co_opinion", DISAGREE, by=tanghe.actor("unit_handler", "SJG"))
    assert open_nodes(item) == ["co_opinion"]

    waive_co(item, {"unit": "CZJ", "reason": "已书面同意牵头方案"}, actor=office)

    assert open_nodes(item) == ["complete_item"]


def test_a_late_co_handler_does_not_make_the_lead_late(tanghe, item):
    stories.set_clock("2026-07-21 10:00")
    late = task(item, "co_opinion", tanghe.unit("SJG"))
    supervised = stories.case(item)

    assert late.due_at is not None
    assert (late.due_day_first.isoformat(), supervised.due_day.isoformat()) == (
        "2026-07-20",
        "2026-08-17",
    )


def test_only_the_office_settles_it_and_says_what(tanghe, item, office):
    with pytest.raises(NotAllowed):
        coordinate(item, SETTLED, actor=tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises(Invalid) as refusal:
        coordinate(item, {"text": ""}, actor=office)
    assert set(refusal.value.fields) == {"text"}


def test_two_clerks_settle_it_once(tanghe, item, office):
    complete(item, "co_opinion", DISAGREE, by=tanghe.actor("unit_handler", "SJG"))
    seen = place(f"case:{item}")
    coordinate(item, SETTLED, actor=office, seen=seen)

    with pytest.raises(Stale):
        coordinate(item, SETTLED, actor=tanghe.post("supervising_director"), seen=seen)

"""A unit signs for what it was sent or hands it back in time (签收、退签, domain row 1)."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from app import clock
from app.commands.ending import terminate
from app.commands.reopening import reopen
from app.commands.timers import fire_due
from app.errors import Invalid
from app.rules import profiles
from tests import loop, stories, supervision
from tests.stories import complete, open_nodes, task

REFUSE = {"decision": "refuse", "reason": "不属于本单位职责"}
INSIST = {"decision": "insist", "explanation": "属于法定职责"}
REASSIGN = {"decision": "reassign", "unit": "FGW", "explanation": "职责已划转"}


@pytest.fixture
def item(tanghe):
    """An item dispatched to the housing bureau on 6 July."""
    return supervision.dispatched(tanghe)


@pytest.fixture
def liaison(tanghe):
    return tanghe.actor("unit_liaison", "ZJJ")


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


def test_it_is_handed_back_until_the_last_day_of_the_profile(tanghe, item, liaison):
    stories.set_clock("2026-07-09 17:00")

    complete(item, "sign_for", REFUSE, by=liaison)

    assert "handle_refusal" in open_nodes(item)


def test_later_it_is_not_and_the_refusal_says_why(item, liaison):
    stories.set_clock("2026-07-10 09:00")

    with pytest.raises(Invalid, match=r"2026-07-06 .* 3 working days") as refusal:
        complete(item, "sign_for", REFUSE, by=liaison)

    assert set(refusal.value.fields) == {"decision"}
    complete(item, "sign_for", {"decision": "sign"}, by=liaison)


def test_a_notice_of_the_court_is_handed_back_in_time_only(tanghe):
    notice = loop.round_with_notices(tanghe)["notices"]["I10"]
    loop.served_notice(tanghe, notice)
    stories.set_clock("2026-09-30 09:00")

    with pytest.raises(Invalid, match="handed back within"):
        complete(notice, "sign_for", REFUSE, by=tanghe.actor("unit_liaison", "ZJJ"))


def test_what_the_office_insists_on_is_signed_for_in_fresh_time(item, liaison, office):
    stories.set_clock("2026-07-09 10:00")
    complete(item, "sign_for", REFUSE, by=liaison)
    complete(item, "handle_refusal", INSIST, by=office)
    assert clock.local_day(task(item, "sign_for").due_at) == date(2026, 7, 13)

    with pytest.raises(Invalid, match="insisted") as refusal:
        complete(item, "sign_for", REFUSE, by=liaison)

    assert set(refusal.value.fields) == {"decision"}
    complete(item, "sign_for", {"decision": "sign"}, by=liaison)


def test_the_office_re_assigns_what_was_handed_back(tanghe, item, liaison, office):
    stories.set_clock("2026-07-08 10:00")
    complete(item, "sign_for", REFUSE, by=liaison)

    complete(item, "handle_refusal", REASSIGN, by=office)

    now = task(item, "sign_for")
    assert (now.unit_id, clock.local_day(now.due_at)) == (tanghe.unit("FGW"), date(2026, 7, 10))
    case = stories.case(item)
    assert (case.status, case.due_day, case.due_day_first) == (
        "open",
        date(2026, 8, 19),
        date(2026, 8, 17),
    )
    supervision.signed(tanghe, item, "FGW")
    supervision.struck_off(tanghe, supervision.co_answered(tanghe, item, "SJG"), "FGW")


def test_the_second_unit_may_hand_it_back_too(tanghe, item, liaison, office):
    complete(item, "sign_for", REFUSE, by=liaison)
    complete(item, "handle_refusal", REASSIGN, by=office)

    complete(item, "sign_for", REFUSE, by=tanghe.actor("unit_liaison", "FGW"))
    complete(item, "handle_refusal", {"decision": "withdraw", "explanation": "理由成立"}, by=office)

    assert stories.case(item).status == "void"
    assert {p.state for p in stories.papers(item)} == {"void"}


@pytest.mark.parametrize("unit", ["", "ZJJ", "SJG"])
def test_it_is_re_assigned_to_a_unit_without_a_part(item, liaison, office, unit):
    complete(item, "sign_for", REFUSE, by=liaison)

    with pytest.raises(Invalid) as refusal:
        complete(item, "handle_refusal", REASSIGN | {"unit": unit}, by=office)

    assert set(refusal.value.fields) == {"unit"}
    assert "handle_refusal" in open_nodes(item)


def test_a_unit_that_does_not_sign_is_reminded_by_itself(tanghe, item):
    complete(item, "co_sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", "SJG"))
    stories.set_clock("2026-07-09 08:00")
    fire_due()
    assert "assignment.urged" not in stories.kinds(item)

    stories.set_clock("2026-07-09 10:00")
    fire_due()

    (act,) = stories.acts(f"case:{item}", "assignment.urged")
    assert (act["data"]["units"], act["data"]["automatic"]) == ([tanghe.unit("ZJJ")], True)
    (paper,) = stories.papers(item, "reminder_notice")
    assert "尚未签收" in paper.content["text"]
    assert task(item, "sign_for").urge_count == 1
    stories.set_clock("2026-07-13 10:00")
    fire_due()
    assert task(item, "sign_for").urge_count == 2


def test_a_co_handler_that_objects_has_signed_and_the_office_is_told(tanghe, item):
    liaison = tanghe.actor("unit_liaison", "SJG")

    complete(item, "co_sign_for", {"decision": "object", "reason": "本单位无此职责"}, by=liaison)

    (paper,) = stories.papers(item)
    sent = stories.deliveries(paper.id)[tanghe.unit("SJG"), "cc"]
    assert (sent.signed_by, sent.refused_reason) == (liaison.person_id, "本单位无此职责")
    (act,) = stories.acts(f"case:{item}", "co.disagreed")
    assert (act["data"]["stage"], act["data"]["units"]) == ("division", [tanghe.unit("PAB")])


@pytest.fixture
def from_receipt(database, monkeypatch):
    """A county whose items and opinions count from the unit's receipt."""
    data = copy.deepcopy(profiles.available()["tanghe"])
    for name in ("item", "co_opinion"):
        data["deadlines"][name]["from"] = "receipt"
    monkeypatch.setattr(profiles, "available", lambda: {"tanghe": data})
    return stories.county("tanghe")


def test_where_the_profile_says_so_the_clock_runs_from_receipt(from_receipt):
    county = from_receipt
    item = supervision.dispatched(county)
    (paper,) = stories.papers(item)
    assert paper.content["due_day"] is None
    assert "自签收之日起30个工作日内办结" in paper.content["reporting"]
    stories.set_clock("2026-07-13 10:00")

    supervision.signed(county, item)

    assert stories.case(item).due_day == date(2026, 8, 24)
    supervision.co_answered(county, item, "SJG")
    assert clock.local_day(task(item, "complete_item").due_at) == date(2026, 8, 24)
    (act,) = stories.acts(f"case:{item}", "item.clock_started")
    assert (act["data"]["before"], act["data"]["after"]) == ("2026-08-17", "2026-08-24")


def test_every_co_handlers_clock_runs_from_its_own_receipt(from_receipt):
    county = from_receipt
    item = supervision.signed(county, supervision.dispatched(county, co=["SJG", "CZJ"]))
    for day, unit in (("2026-07-07", "SJG"), ("2026-07-09", "CZJ")):
        stories.set_clock(f"{day} 10:00")
        complete(item, "co_sign_for", {"decision": "sign"}, by=county.actor("unit_liaison", unit))

    days = {
        unit: clock.local_day(task(item, "co_opinion", county.unit(unit)).due_at).isoformat()
        for unit in ("SJG", "CZJ")
    }
    assert days == {"SJG": "2026-07-21", "CZJ": "2026-07-23"}


def test_what_runs_again_is_not_late_by_a_receipt_of_before(from_receipt):
    county = from_receipt
    item = supervision.dispatched(county)
    co = county.actor("unit_liaison", "SJG")
    complete(item, "co_sign_for", {"decision": "sign"}, by=co)
    terminate(item, {"reason": "上级已另行部署"}, actor=county.post("supervising_director"))
    stories.set_clock("2026-09-01 10:00")
    again = {"entry": "as_it_stood", "due_date": "2026-09-30", "reason": "问题反弹，需继续办理"}
    reopen(item, again, actor=county.post("supervising_office"))

    assert clock.local_day(task(item, "co_opinion").due_at) == date(2026, 9, 30)

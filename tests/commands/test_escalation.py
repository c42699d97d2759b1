"""Urging, waiving and escalating by hand: who may, how often, and what is refused (row 12, 21)."""

from __future__ import annotations

import pytest

from app import clock
from app.actor import SYSTEM
from app.commands.clock import suspend
from app.commands.supervising import deliver_reminder, escalate, urge, waive_co
from app.commands.timers import fire_due
from app.db import session
from app.effects.reminders import end_of_quiet
from app.errors import Invalid, NotAllowed, NotFound, Stale, TooOften
from app.model import Work
from app.queries.history import place
from tests import stories, supervision
from tests.stories import open_nodes, task


@pytest.fixture
def item(tanghe):
    """An item dispatched on Monday 6 July and due on 17 August."""
    return supervision.in_hand(tanghe)


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


def test_urging_sends_a_reminder_and_counts(tanghe, item, office):
    answer = urge(item, {"text": "请抓紧。"}, actor=office)

    assert answer == {"units": [tanghe.unit("ZJJ")], "count": 1}
    (paper,) = stories.papers(item, "reminder_notice")
    wording = "应于2026-08-17前办结，请按期办理。请抓紧。"
    assert paper.content["text"] == f"{supervision.MATTER}{wording}"
    assert stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"].delivered_at is not None
    assert (stories.case(item).urge_count, task(item, "complete_item").urge_count) == (1, 1)
    (act,) = stories.acts(f"case:{item}", "assignment.urged")
    assert (act["data"]["automatic"], act["data"]["count"]) == (False, 1)


def test_an_overdue_matter_is_urged_in_the_agreed_words(item, office):
    stories.set_clock("2026-08-18 10:00")

    urge(item, {}, actor=office)

    assert stories.papers(item, "reminder_notice")[0].content["text"] == (
        f"{supervision.MATTER}已超期，请尽快办理。"
    )


def test_once_a_working_day_is_enough(tanghe, item, office):
    stories.set_clock("2026-07-10 10:00")
    urge(item, {}, actor=office)
    for later in ("2026-07-10 17:00", "2026-07-11 10:00", "2026-07-12 10:00"):
        stories.set_clock(later)
        with pytest.raises(Invalid, match="again from 2026-07-13, 08:30"):
            urge(item, {}, actor=tanghe.post("supervising_director"))

    stories.set_clock("2026-07-13 09:00")
    assert urge(item, {}, actor=office)["count"] == 2


def test_the_automatic_reminder_does_not_use_up_the_day(item, office):
    stories.set_clock("2026-08-18 10:00")
    fire_due()

    assert urge(item, {}, actor=office)["count"] == 2


def test_at_night_the_reminder_waits_for_the_morning(tanghe, item, office):
    stories.set_clock("2026-07-10 22:00")
    urge(item, {}, actor=office)
    (paper,) = stories.papers(item, "reminder_notice")
    (waiting,) = session().query(Work).filter_by(kind="deliver_reminder")
    assert stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"].delivered_at is None
    assert (waiting.reference, clock.local(waiting.not_before).isoformat(sep=" ")) == (
        paper.id,
        "2026-07-13 08:30:00+08:00",
    )

    for _again in range(2):
        deliver_reminder(paper.id, actor=SYSTEM)

    session().expire_all()
    assert stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"].delivered_at is not None
    assert stories.kinds(item).count("document.delivered") == 1


def test_what_arrives_in_the_morning_counts_for_that_day_too(tanghe, item, office):
    stories.set_clock("2026-07-09 22:00")
    urge(item, {}, actor=office)
    stories.set_clock("2026-07-10 08:00")
    with pytest.raises(TooOften, match="again from 2026-07-13, 08:30"):
        urge(item, {}, actor=office)
    (paper,) = stories.papers(item, "reminder_notice")
    stories.set_clock("2026-07-10 08:31")
    deliver_reminder(paper.id, actor=SYSTEM)

    with pytest.raises(TooOften, match="again from 2026-07-13, 08:30"):
        urge(item, {}, actor=office)
    stories.set_clock("2026-07-13 09:00")
    assert urge(item, {}, actor=office)["count"] == 2


def test_what_was_on_its_way_is_not_delivered_once_the_clock_stands_still(tanghe, item, office):
    stories.set_clock("2026-07-10 22:00")
    urge(item, {}, actor=office)
    (paper,) = stories.papers(item, "reminder_notice")
    suspend(item, {"reason": "等待上级批复"}, actor=office)

    stories.set_clock("2026-07-13 09:00")
    deliver_reminder(paper.id, actor=SYSTEM)

    assert "document.delivered" not in stories.kinds(item)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-07-10 08:00", "2026-07-10 08:30:00+08:00"),
        ("2026-07-10 08:31", None),
        ("2026-07-10 17:59", None),
        ("2026-07-09 18:01", "2026-07-10 08:30:00+08:00"),
        ("2026-07-10 18:01", "2026-07-13 08:30:00+08:00"),
        ("2026-07-11 10:00", "2026-07-13 08:30:00+08:00"),
    ],
)
def test_the_quiet_hours_run_over_midnight(tanghe, moment, until):
    stories.set_clock(moment)
    end = end_of_quiet(tanghe.profile.urging, clock.now())

    assert (clock.local(end).isoformat(sep=" ") if end else None) == until


def test_people_do_not_deliver_reminders(tanghe, item, office):
    urge(item, {}, actor=office)
    with pytest.raises(NotAllowed):
        deliver_reminder(stories.papers(item, "reminder_notice")[0].id, actor=office)
    with pytest.raises(NotFound):
        deliver_reminder(10**6, actor=SYSTEM)


def test_one_unit_can_be_urged_alone(tanghe, office):
    item = supervision.dispatched(tanghe)

    answer = urge(item, {"unit": "SJG"}, actor=office)

    assert answer["units"] == [tanghe.unit("SJG")]
    stories.set_clock("2026-07-07 10:00")
    with pytest.raises(Invalid) as refusal:
        urge(item, {"unit": "CZJ"}, actor=office)
    assert set(refusal.value.fields) == {"unit"}


def test_the_limit_is_each_units_own(tanghe, office):
    item = supervision.dispatched(tanghe)
    urge(item, {"unit": "SJG"}, actor=office)
    with pytest.raises(Invalid, match="Urged today already"):
        urge(item, {"unit": "SJG"}, actor=office)

    assert urge(item, {}, actor=office)["units"] == [tanghe.unit("ZJJ")]

    with pytest.raises(Invalid, match="Urged today already"):
        urge(item, {}, actor=office)
    assert stories.case(item).urge_count == 2


def test_how_it_was_done_is_kept_and_a_call_at_night_is_made(tanghe, item, office):
    stories.set_clock("2026-07-10 19:00")

    urge(item, {"method": "phone", "text": "已电话告知分管领导。"}, actor=office)

    (paper,) = stories.papers(item, "reminder_notice")
    sent = stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"]
    assert (sent.method, sent.delivered_at is not None) == ("phone", True)
    (act,) = stories.acts(f"case:{item}", "assignment.urged")
    assert act["data"]["method"] == "phone"


def test_two_clerks_who_urge_at_once_urge_once(tanghe, item, office):
    seen = place(f"case:{item}")
    urge(item, {}, actor=office, seen=seen)

    with pytest.raises(Stale):
        urge(item, {}, actor=tanghe.post("supervising_director"), seen=seen)


def test_two_clerks_who_urge_different_units_both_do(tanghe, office):
    item = supervision.dispatched(tanghe)
    seen = place(f"case:{item}")
    urge(item, {"unit": "SJG"}, actor=office, seen=seen)

    urge(item, {"unit": "ZJJ"}, actor=tanghe.post("supervising_director"), seen=seen)

    assert stories.case(item).urge_count == 2


def test_whoever_opened_a_case_may_urge_it_the_handled_may_not(tanghe, item):
    with pytest.raises(NotAllowed):
        urge(item, {}, actor=tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises(NotFound):
        urge(item, {}, actor=tanghe.stranger)
    notice = stories.start_case(
        tanghe,
        "rectification",
        by=tanghe.actor("unit_leader", "FGW"),
        units={"lead": ["ZJJ"]},
        unit_id=tanghe.unit("FGW"),
    )

    assert urge(notice, {}, actor=tanghe.actor("unit_leader", "FGW"))["count"] == 1


def test_nobody_is_urged_while_the_clock_stands_still_or_after_the_end(tanghe, item, office):
    suspend(item, {"reason": "等待上级批复"}, actor=office)
    for refused in (urge, escalate):
        with pytest.raises(Invalid, match="suspended"):
            refused(item, {"reason": "逾期未办结"}, actor=office)
    done = supervision.struck_off(tanghe, supervision.in_hand(tanghe, matter="另一事项"))
    with pytest.raises(Invalid, match="closed"):
        urge(done, {}, actor=office)


def test_nobody_is_urged_who_owes_nothing(tanghe, item, office):
    supervision.completed(tanghe, item)

    with pytest.raises(Invalid, match="Nobody there"):
        urge(item, {}, actor=office)


def test_a_waived_co_handler_holds_nobody_up(tanghe, office):
    item = supervision.signed(
        tanghe, supervision.dispatched(tanghe, supervision.open_item(tanghe, co=["SJG", "CZJ"]))
    )
    for unit in ("SJG", "CZJ"):
        stories.complete(
            item, "co_sign_for", {"decision": "sign"}, by=tanghe.actor("unit_liaison", unit)
        )
    stories.complete(
        item, "co_opinion", supervision.CO_OPINION, by=tanghe.actor("unit_handler", "SJG")
    )

    done = waive_co(item, {"unit": "CZJ", "reason": "经核实与其职责无关"}, actor=office)

    assert (done["decided"], open_nodes(item)) == (True, ["complete_item"])
    (act,) = stories.acts(f"case:{item}", "task.waived")
    assert (act["data"]["of_unit"], act["data"]["reason"]) == (
        tanghe.unit("CZJ"),
        "经核实与其职责无关",
    )


def test_only_the_office_waives_and_only_what_is_owed(tanghe, office):
    item = supervision.dispatched(tanghe)
    answers = {"unit": "SJG", "reason": "经核实与其职责无关"}
    with pytest.raises(NotAllowed):
        waive_co(item, answers, actor=tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises(Invalid) as refusal:
        waive_co(item, answers | {"unit": "ZJJ"}, actor=office)
    assert set(refusal.value.fields) == {"unit"}
    assert waive_co(item, answers, actor=office)["decided"]


def test_an_escalation_by_hand_is_against_the_lead_unless_said_otherwise(tanghe, item, office):
    first = escalate(item, {"reason": "长期拖延不办"}, actor=office)["case"]
    second = escalate(item, {"unit": "SJG", "reason": "一直不予配合"}, actor=office)["case"]

    lead, co = (stories.case(each) for each in (first, second))
    assert (lead.content, lead.number) == ("长期拖延不办", "示处置〔2026〕1号")
    assert (co.parent_id, open_nodes(co.id)) == (item, ["verify"])
    with pytest.raises(Invalid, match="being escalated"):
        escalate(item, {"reason": "再次逾期未办结"}, actor=office)


def test_a_unit_without_a_part_cannot_be_escalated(tanghe, item, office):
    with pytest.raises(Invalid) as refusal:
        escalate(item, {"unit": "CZJ", "reason": "长期拖延不办"}, actor=office)
    with pytest.raises(NotAllowed):
        escalate(item, {"reason": "长期拖延不办"}, actor=tanghe.actor("unit_head", "ZJJ"))

    assert set(refusal.value.fields) == {"unit"}
    assert stories.children(item) == []


def test_what_was_not_dispatched_cannot_be_late(tanghe, office):
    item = supervision.open_item(tanghe)

    with pytest.raises(Invalid, match="not been dispatched"):
        escalate(item, {"reason": "长期拖延不办"}, actor=office)

"""A unit asks for a standstill, the office decides; a day to go on is proposed (row 16)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import advance, clock
from app.actor import SYSTEM
from app.commands.clock import ask_clock, propose_resume, resume, suspend
from app.commands.completion import complete_task
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.model import Work
from app.queries.history import place
from tests import databases, stories, supervision
from tests.stories import complete, open_nodes, task

WHY = {"reason": "等待上级政策明确"}
GRANT, REFUSE = {"decision": "grant"}, {"decision": "refuse", "opinion": "可先行推进"}


@pytest.fixture
def item(tanghe):
    """An item dispatched on 6 July and due on 17 August."""
    return supervision.in_hand(tanghe)


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "ZJJ")


def test_a_request_changes_nothing_until_the_office_decides(item, handler):
    asked = ask_clock(item, WHY | {"resume_on": "2026-07-20"}, actor=handler)

    assert (asked["asks"], open_nodes(asked["case"])) == ("suspend", ["decide"])
    child = stories.case(asked["case"])
    assert (child.content, child.parent_id, child.number) == (
        WHY["reason"],
        item,
        "示中〔2026〕1号",
    )
    assert stories.case(item).status == "open"
    (act,) = stories.acts(f"case:{item}", "clock.asked")
    assert (act["data"]["asks"], act["data"]["wanted"]) == ("suspend", "2026-07-20")


def test_what_is_granted_stops_the_clock_with_the_units_own_reason(item, handler, office):
    child = ask_clock(item, WHY | {"resume_on": "2026-07-20"}, actor=handler)["case"]

    last = complete(child, "decide", GRANT, by=office)

    case = stories.case(item)
    assert (last["finished"], stories.case(child).outcome) == (True, "granted")
    assert (case.status, case.resume_on) == ("suspended", date(2026, 7, 20))
    (act,) = stories.acts(f"case:{item}", "case.suspended")
    assert (act["data"]["reason"], act["data"]["request"]) == (WHY["reason"], child)


def test_what_is_refused_leaves_the_clock_running(item, handler, office):
    child = ask_clock(item, WHY, actor=handler)["case"]

    complete(child, "decide", REFUSE, by=office)

    assert (stories.case(item).status, stories.case(child).outcome) == ("open", "refused")
    (act,) = stories.acts(f"case:{item}", "clock.refused")
    assert act["data"]["reason"] == REFUSE["opinion"]
    ask_clock(item, WHY, actor=handler)


def test_a_refusal_says_why(item, handler, office):
    child = ask_clock(item, WHY, actor=handler)["case"]

    with pytest.raises(Invalid) as refusal:
        complete(child, "decide", {"decision": "refuse"}, by=office)

    assert set(refusal.value.fields) == {"opinion"}


def test_a_unit_may_ask_to_go_on_as_well(item, handler, office):
    suspend(item, WHY, actor=office)
    asked = ask_clock(item, WHY, actor=handler)
    assert asked["asks"] == "resume"

    complete(asked["case"], "decide", GRANT, by=office)

    assert stories.case(item).status == "open"


def test_only_one_request_waits_and_only_the_accountable_unit_asks(tanghe, item, handler, office):
    ask_clock(item, WHY, actor=handler)
    with pytest.raises(Invalid, match="waiting for its decision"):
        ask_clock(item, WHY, actor=handler)
    for who in (tanghe.actor("unit_handler", "SJG"), office):
        with pytest.raises(NotAllowed):
            ask_clock(item, WHY, actor=who)
    with pytest.raises(NotFound):
        ask_clock(item, WHY, actor=tanghe.stranger)


def test_the_unit_does_not_decide_its_own_request(item, handler):
    child = ask_clock(item, WHY, actor=handler)["case"]

    with pytest.raises(NotAllowed):
        complete(child, "decide", GRANT, by=handler)


def test_nothing_is_asked_before_dispatch_or_after_the_end(tanghe, handler):
    item = supervision.open_item(tanghe)
    with pytest.raises(Invalid, match="not been dispatched"):
        ask_clock(item, WHY, actor=handler)
    supervision.signed(tanghe, supervision.dispatched(tanghe, item))
    supervision.struck_off(tanghe, supervision.co_answered(tanghe, item, "SJG"))

    with pytest.raises(Invalid, match="neither runs"):
        ask_clock(item, WHY, actor=handler)


def test_a_request_about_what_has_ended_is_only_refused(tanghe, item, handler, office):
    child = ask_clock(item, WHY, actor=handler)["case"]
    supervision.struck_off(tanghe, item)
    with pytest.raises(Invalid, match="only be refused"):
        complete(child, "decide", GRANT, by=office)

    complete(child, "decide", REFUSE, by=office)


def test_what_the_office_did_by_itself_meanwhile_is_not_done_again(item, handler, office):
    child = ask_clock(item, WHY, actor=handler)["case"]
    suspend(item, WHY, actor=office)

    complete(child, "decide", GRANT, by=office)

    assert stories.kinds(item).count("case.suspended") == 1


def test_two_clerks_who_decide_at_once_decide_once(tanghe, item, handler, office):
    child = ask_clock(item, WHY, actor=handler)["case"]
    waiting = task(child, "decide")
    seen = waiting.version
    complete_task(waiting.id, GRANT, actor=office, version=seen)

    with pytest.raises(Stale):
        complete_task(waiting.id, REFUSE, actor=office, version=seen)


def test_whoever_asks_after_somebody_stopped_it_hears_so(item, handler, office):
    seen = place(f"case:{item}")
    suspend(item, WHY, actor=office)

    with pytest.raises(Stale):
        ask_clock(item, WHY, actor=handler, seen=seen)


def proposals() -> list[Work]:
    return list(session().scalars(select(Work).where(Work.kind == "propose_resume")))


def test_on_the_day_named_going_on_is_proposed_to_the_office(item, office):
    stories.set_clock("2026-07-08 10:00")
    suspend(item, WHY | {"resume_on": "2026-07-20"}, actor=office)
    (work,) = proposals()
    assert clock.local(work.not_before).isoformat(sep=" ") == "2026-07-20 08:30:00+08:00"
    propose_resume(item, actor=SYSTEM)
    assert stories.children(item, "clock_request") == []

    stories.set_clock("2026-07-20 08:30")
    for _again in range(2):
        propose_resume(work.reference, actor=SYSTEM)

    (child,) = stories.children(item, "clock_request")
    assert (stories.case(item).status, open_nodes(child.id)) == ("suspended", ["decide"])
    complete(child.id, "decide", GRANT, by=office)
    assert stories.case(item).status == "open"


def test_the_office_may_leave_it_standing_until_another_day(item, office):
    stories.set_clock("2026-07-08 10:00")
    suspend(item, WHY | {"resume_on": "2026-07-20"}, actor=office)
    stories.set_clock("2026-07-20 09:00")
    propose_resume(item, actor=SYSTEM)
    (child,) = stories.children(item, "clock_request")

    complete(child.id, "decide", REFUSE | {"resume_on": "2026-08-03"}, by=office)

    assert stories.case(item).resume_on == date(2026, 8, 3)
    stories.set_clock("2026-08-03 09:00")
    propose_resume(item, actor=SYSTEM)
    assert len(stories.children(item, "clock_request")) == 2


def test_what_goes_on_already_is_not_proposed(item, office):
    suspend(item, WHY | {"resume_on": "2026-07-20"}, actor=office)
    resume(item, {}, actor=office)
    stories.set_clock("2026-07-20 09:00")

    propose_resume(item, actor=SYSTEM)

    assert (stories.children(item), stories.case(item).resume_on) == ([], None)


def test_people_do_not_propose_in_the_systems_name(item, office):
    with pytest.raises(NotAllowed):
        propose_resume(item, actor=office)


@pytest.mark.parametrize("day", ["2026-07-06", "2026-07-05"])
def test_the_day_to_go_on_lies_ahead(item, office, day):
    with pytest.raises(Invalid) as refusal:
        suspend(item, WHY | {"resume_on": day}, actor=office)

    assert set(refusal.value.fields) == {"resume_on"}
    assert stories.case(item).status == "open"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4))
def test_the_working_days_that_are_left_are_left_afterwards(app, spans):
    """Whatever spans a clock stands still for, from one working moment to another."""
    with databases.rolled_back(app):
        county = stories.county("tanghe")
        case_id = supervision.in_hand(county)
        office, moment = (
            county.post("supervising_office"),
            datetime.fromisoformat("2026-07-07 10:00"),
        )
        for before, length in spans:
            moment = _workday(moment + timedelta(days=before))
            stories.set_clock(moment.isoformat(sep=" "))
            left = _left(case_id)
            suspend(case_id, WHY, actor=office)
            moment = _workday(moment + timedelta(days=length))
            stories.set_clock(moment.isoformat(sep=" "))
            resume(case_id, {}, actor=office)
            assert _left(case_id) == left


def _left(case_id: int) -> int:
    """Working days until the matter is due (its open task says the same); negative when late."""
    days, due = advance.calendar(), stories.case(case_id).due_day
    assert clock.local_day(task(case_id, "complete_item").due_at) == due
    today = clock.today()
    if due < today:
        return -days.workdays_between(due, today)
    return days.workdays_between(today, due)


def _workday(moment: datetime) -> datetime:
    days = advance.calendar()
    return datetime.combine(days.first_workday(moment.date()), moment.time())

"""Why something is due on its day: start, length, standstills, a decision, in words."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.rules import standstill
from app.rules.deadlines import DeadlineRule, due, fixed
from app.rules.explaining import explained
from app.rules.workdays import statutory_calendar
from tests.rules.test_deadlines import at

CALENDAR = statutory_calendar()


def why(found):
    return str(explained(found.rule, CALENDAR, found.due_at))


@pytest.mark.parametrize(
    ("literal", "from_", "sentence"),
    [
        ("15wd", "receipt", "15 working days from receipt on 2026-07-10; that day is not counted."),
        ("1wd", "issue", "1 working day from issue on 2026-07-10; that day is not counted."),
        ("3d", "issue", "3 days from issue on 2026-07-10; that day is not counted."),
        ("1m", "issue", "1 month from issue on 2026-07-10; that day is not counted."),
        (
            "2m",
            "opened",
            "2 months from the start of the step on 2026-07-10; that day is not counted.",
        ),
    ],
)
def test_length_and_start_are_said(literal, from_, sentence):
    rule = DeadlineRule.parse(literal, from_=from_)

    assert why(due(rule, at("2026-07-10"), CALENDAR)) == sentence


def test_working_days_the_clock_stood_still_are_counted_in_working_days():
    rule = DeadlineRule.parse("10wd", from_="receipt")
    stood_still = ((at("2026-11-13"), at("2026-11-17")),)  # Friday to Tuesday

    found = due(rule, at("2026-11-09"), CALENDAR, stood_still)

    assert found.day == date(2026, 11, 25)
    assert why(found) == (
        "10 working days from receipt on 2026-11-09; that day is not counted. "
        "The clock stood still for 2 working days."
    )


def test_calendar_days_are_counted_all():
    rule = DeadlineRule.parse("10d")

    found = due(rule, at("2026-11-09"), CALENDAR, ((at("2026-11-13"), at("2026-11-17")),))

    assert why(found).endswith("The clock stood still for 4 days.")


def test_a_standstill_before_the_start_is_not_mentioned():
    found = due(
        DeadlineRule.parse("5wd"),
        at("2026-11-18"),
        CALENDAR,
        ((at("2026-11-13"), at("2026-11-17")),),
    )

    assert "stood still" not in why(found)


def test_what_came_after_the_cut_off_counts_from_the_next_working_day():
    rule = DeadlineRule.parse("5wd", from_="receipt", cut_off=time(17), sample=True)

    assert why(due(rule, at("2026-11-13", "17:30"), CALENDAR)) == (
        "5 working days from receipt on 2026-11-16; that day is not counted. "
        "It came after 17:00. The length is a sample value."
    )


def test_a_decided_day_names_the_day_of_the_decision():
    found = standstill.decided(date(2026, 12, 1), at=at("2026-11-20"), end_of_day=time(23, 59, 59))

    assert why(found) == "The day was decided on 2026-11-20."
    assert str(explained({**found.rule, "matter": True}, CALENDAR, found.due_at)).endswith(
        "It is the day of the whole matter."
    )


def test_a_day_without_a_moment_of_decision_says_that_much():
    assert why(fixed(date(2026, 12, 1))) == "The day was decided by hand."

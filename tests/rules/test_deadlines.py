"""Due dates: counted in working days, days and months, stored with their rule, found again."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import UTC
from app.errors import Invalid
from app.rules.deadlines import DeadlineRule, due, fixed, recompute, remaining
from app.rules.workdays import Calendar, statutory_calendar, statutory_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = statutory_calendar()
MOMENTS = st.integers(0, 900 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
LITERALS = st.builds("{}{}".format, st.integers(1, 90), st.sampled_from(["wd", "d", "m"]))


def at(day, clock="09:30"):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), tzinfo=SHANGHAI)


def day_of(literal, start, suspended=(), **options):
    return due(DeadlineRule.parse(literal, **options), start, CALENDAR, suspended).day.isoformat()


@pytest.mark.parametrize(
    ("literal", "count", "unit"),
    [("5wd", 5, "workday"), ("15d", 15, "calendar_day"), ("1m", 1, "month")],
)
def test_a_literal_says_count_and_unit(literal, count, unit):
    rule = DeadlineRule.parse(literal)

    assert (rule.name, rule.count, rule.unit, rule.from_) == (literal, count, unit, "opened")


@pytest.mark.parametrize("literal", ["", "0wd", "5", "wd", "-1d", "5 wd", "1.5d", "5y", "1000d"])
def test_anything_else_is_refused_with_the_way_to_write_it(literal):
    with pytest.raises(Invalid, match="write 5wd, 15d or 1m"):
        DeadlineRule.parse(literal)


@pytest.mark.parametrize(
    ("literal", "start", "expected"),
    [
        ("2wd", "2026-07-10", "2026-07-14"),  # sign for the notices of the demonstration county
        ("15wd", "2026-07-10", "2026-07-31"),  # their work opinions
        ("30wd", "2026-08-03", "2026-09-14"),  # items 1 and 2
        ("45wd", "2026-09-14", "2026-11-20"),  # item 3, over the National Day
        ("30wd", "2026-11-02", "2026-12-14"),  # item 4
        ("1wd", "2026-02-13", "2026-02-14"),  # a Saturday worked before the Spring Festival
        ("2wd", "2026-02-13", "2026-02-24"),
        ("1wd", "2026-10-09", "2026-10-10"),  # the make-up Saturday
        ("15d", "2026-07-10", "2026-07-27"),  # the 25th is a Saturday: it moves to Monday
        ("14d", "2026-07-10", "2026-07-24"),
        ("1d", "2026-09-30", "2026-10-08"),  # 1 October: it moves past the holiday
        ("1m", "2026-01-31", "2026-02-28"),  # clamped; a Saturday, but worked
        ("1m", "2027-01-31", "2027-03-01"),  # clamped to 28 February, a Sunday
        ("1m", "2024-01-31", "2024-02-29"),
        ("2m", "2026-12-31", "2027-03-01"),
        ("12m", "2026-03-02", "2027-03-02"),
    ],
)
def test_the_day_of_receipt_is_not_counted_and_the_last_day_is_a_working_day(
    literal, start, expected
):
    assert day_of(literal, at(start)) == expected


def test_it_is_due_at_the_end_of_the_local_day():
    late = due(DeadlineRule.parse("2wd"), at("2026-07-10"), CALENDAR)
    office = due(DeadlineRule.parse("2wd", end_of_day=time(17, 30)), at("2026-07-10"), CALENDAR)

    assert late.due_at == datetime(2026, 7, 14, 15, 59, 59, tzinfo=UTC)
    assert office.due_at == datetime(2026, 7, 14, 9, 30, tzinfo=UTC)


def test_the_local_day_counts_not_the_utc_day():
    past_midnight_in_the_county = datetime(2026, 7, 9, 16, 30, tzinfo=UTC)

    assert day_of("2wd", past_midnight_in_the_county) == "2026-07-14"


def test_received_after_the_cut_off_counts_as_the_next_working_day():
    assert day_of("2wd", at("2026-07-10", "17:31"), cut_off=time(17, 30)) == "2026-07-15"
    assert day_of("2wd", at("2026-07-10", "17:30"), cut_off=time(17, 30)) == "2026-07-14"
    assert day_of("2wd", at("2026-07-10", "23:00")) == "2026-07-14"


def test_suspended_working_days_are_given_back():
    span = (at("2026-07-15"), at("2026-07-20", "08:00"))  # Wed, Thu, Fri and a weekend

    assert day_of("15wd", at("2026-07-10"), [span]) == "2026-08-05"
    assert day_of("14d", at("2026-07-10"), [span]) == "2026-07-29"


def test_a_suspension_within_one_day_changes_nothing():
    span = (at("2026-07-15", "09:00"), at("2026-07-15", "17:00"))

    assert day_of("15wd", at("2026-07-10"), [span]) == "2026-07-31"


def test_days_suspended_twice_are_given_back_once():
    spans = [(at("2026-07-15"), at("2026-07-17")), (at("2026-07-16"), at("2026-07-18"))]

    assert day_of("15wd", at("2026-07-10"), spans) == "2026-08-05"


def test_a_suspension_that_reaches_past_the_old_due_day():
    span = (at("2026-07-30"), at("2026-08-10"))

    assert day_of("15wd", at("2026-07-10"), [span]) == "2026-08-11"


def test_past_the_calendar_it_is_provisional_and_found_again_when_the_calendar_grows():
    first = due(DeadlineRule.parse("30wd"), at("2026-11-20"), CALENDAR)
    known = [(special.day, special.kind) for special in statutory_days()]
    grown = Calendar.of(
        [*known, (date(2027, 1, 1), "holiday"), (date(2027, 1, 3), "makeup")],
        coverage_until=date(2027, 12, 31),
    )

    assert (first.day, first.provisional) == (date(2027, 1, 1), True)
    again = recompute(first.rule, grown)
    assert (again.day, again.provisional) == (date(2027, 1, 3), False)
    assert again.rule == first.rule


def test_resuming_recomputes_with_new_suspensions():
    first = due(DeadlineRule.parse("15wd"), at("2026-07-10"), CALENDAR)
    span = (at("2026-07-15"), at("2026-07-16"))

    longer = recompute(first.rule, CALENDAR, [span])

    assert longer.day == date(2026, 8, 3)
    assert recompute(longer.rule, CALENDAR).due_at == longer.due_at


def test_a_decided_day_is_kept_as_decided():
    decided = fixed(date(2027, 2, 6), end_of_day=time(17, 30))

    assert decided.due_at == datetime(2027, 2, 6, 9, 30, tzinfo=UTC)
    assert not decided.provisional
    assert recompute(json.loads(json.dumps(decided.rule)), CALENDAR) == decided


@given(LITERALS, MOMENTS, st.sampled_from([None, time(17, 30)]))
def test_the_stored_rule_survives_json_and_gives_the_same_date(literal, start, cut_off):
    rule = DeadlineRule.parse(literal, name="item", from_="issue", cut_off=cut_off, sample=True)
    found = due(rule, start, CALENDAR)

    assert recompute(json.loads(json.dumps(found.rule)), CALENDAR) == found


@given(LITERALS, MOMENTS)
def test_it_falls_on_a_working_day_after_the_start(literal, start):
    found = due(DeadlineRule.parse(literal), start, CALENDAR)

    assert found.due_at > start
    assert CALENDAR.is_workday(found.day)


@given(LITERALS, MOMENTS, st.integers(0, 20), st.integers(0, 30))
def test_a_suspension_never_shortens_a_deadline(literal, start, after, length):
    span = (start + timedelta(days=after), start + timedelta(days=after + length))
    rule = DeadlineRule.parse(literal)

    with_it = due(rule, start, CALENDAR, [span])

    assert with_it.day >= due(rule, start, CALENDAR).day


@given(st.integers(1, 60), MOMENTS, st.integers(1, 10), st.integers(0, 30))
def test_exactly_the_promised_working_days_remain(count, start, after, length):
    span = (start + timedelta(days=after), start + timedelta(days=after + length))
    found = due(DeadlineRule.parse(f"{count}wd"), start, CALENDAR, [span])
    first = start.astimezone(SHANGHAI).date()
    stopped = {
        span[0].astimezone(SHANGHAI).date() + timedelta(days=n)
        for n in range((span[1].astimezone(SHANGHAI) - span[0].astimezone(SHANGHAI)).days)
    }

    days = [first + timedelta(days=n) for n in range(1, (found.day - first).days + 1)]

    assert sum(CALENDAR.is_workday(day) and day not in stopped for day in days) == count


@pytest.mark.parametrize(
    ("now", "workdays", "overdue", "sentence"),
    [
        (at("2026-11-17"), 3, False, "3 working days left"),
        (at("2026-11-19"), 1, False, "1 working day left"),
        (at("2026-11-20", "23:59"), 0, False, "due today"),
        (at("2026-11-21", "00:00"), 0, True, "less than 1 working day overdue"),
        (at("2026-11-23"), 1, True, "1 working day overdue"),
        (at("2026-11-24"), 2, True, "2 working days overdue"),
    ],
)
def test_what_remains_in_words(now, workdays, overdue, sentence):
    found = due(DeadlineRule.parse("45wd"), at("2026-09-14"), CALENDAR)

    left = remaining(found.due_at, now, CALENDAR)

    assert (left.workdays, left.overdue, str(left.text)) == (workdays, overdue, sentence)

"""The calendar people keep: days, years, and the dates that follow them (domain section 4)."""

from __future__ import annotations

from datetime import date

import pytest

from app import advance, clock
from app.commands.calendar import change_day, import_year, parse_days
from app.errors import Invalid, NotAllowed
from app.queries import audit
from tests import stories, supervision
from tests.stories import task

YEAR_2028 = """
2028-01-03,holiday,元旦
# 国办通知
2028-01-08,makeup,元旦

2028-01-24，holiday，春节
"""


@pytest.fixture
def keeper(tanghe):
    return tanghe.post("supervising_director")


@pytest.fixture
def late_item(tanghe):
    """An item whose date lies beyond what the calendar covers."""
    stories.set_clock("2027-12-01 10:00")
    return supervision.in_hand(tanghe)


def test_a_new_holiday_moves_the_dates_that_meet_it(tanghe, keeper):
    item = supervision.in_hand(tanghe)
    assert stories.case(item).due_day == date(2026, 8, 17)

    answer = change_day(date(2026, 7, 20), "holiday", "抗洪抢险", "县政府通知", actor=keeper)

    assert answer == {"moved": 1}
    assert stories.case(item).due_day == date(2026, 8, 18)
    assert clock.local_day(task(item, "complete_item").due_at) == date(2026, 8, 18)
    (act,) = stories.acts(f"case:{item}", "deadlines.found_again")
    assert [m["after"] for m in act["data"]["moved"]] == ["2026-08-18T15:59:59.000000+00:00"]


def test_the_change_is_on_record_with_what_was_before(tanghe, keeper):
    change_day(date(2026, 10, 10), "", "不再补班", actor=keeper)
    change_day(date(2026, 10, 10), "makeup", actor=keeper)

    said = [(a["data"]["before"], a["data"]["after"]) for a in stories.acts("calendar")]
    assert said == [("makeup", ""), ("", "makeup")]
    assert advance.calendar().is_workday(date(2026, 10, 10))
    assert [b for b in audit.verify().breaks if b.stream == "calendar"] == []


def test_a_decided_day_stays_where_it_was_decided(tanghe, keeper):
    item = supervision.dispatched(tanghe, due_date="2026-08-17")

    change_day(date(2026, 7, 20), "holiday", actor=keeper)

    assert stories.case(item).due_day == date(2026, 8, 17)


def test_past_dates_and_closed_cases_are_left_alone(tanghe, keeper):
    item = supervision.struck_off(tanghe, supervision.in_hand(tanghe))

    assert change_day(date(2026, 7, 20), "holiday", actor=keeper) == {"moved": 0}
    assert stories.case(item).due_day == date(2026, 8, 17)


def test_a_date_beyond_the_calendar_is_provisional_until_the_year_comes(tanghe, keeper, late_item):
    before = task(late_item, "complete_item")
    assert (clock.local_day(before.due_at), before.due_provisional) == (date(2028, 1, 12), True)

    answer = import_year(2028, YEAR_2028, "国办发明电", actor=keeper)

    after = task(late_item, "complete_item")
    assert answer == {"days": 3, "moved": 1}
    assert (clock.local_day(after.due_at), after.due_provisional) == (date(2028, 1, 12), False)


def test_a_year_with_holidays_moves_what_was_provisional(tanghe, keeper, late_item):
    import_year(2028, "2028-01-03,holiday\n2028-01-04,holiday\n", "国办发明电", actor=keeper)

    assert stories.case(late_item).due_day == date(2028, 1, 14)
    assert stories.case(late_item).due_day_first == date(2028, 1, 12)


def test_a_year_imported_again_replaces_what_it_held(tanghe, keeper):
    import_year(2028, YEAR_2028, "第一次", actor=keeper)
    import_year(2028, "2028-05-01,holiday,劳动节", "更正", actor=keeper)

    days = advance.calendar()
    assert days.is_workday(date(2028, 1, 3))
    assert not days.is_workday(date(2028, 5, 1))
    last = stories.acts("calendar", "calendar.year_imported")[-1]["data"]
    assert (set(last["before"]), last["after"]) == (
        {"2028-01-03", "2028-01-08", "2028-01-24"},
        {"2028-05-01": "holiday"},
    )


def test_there_may_be_no_gap_between_the_years(tanghe, keeper):
    with pytest.raises(Invalid, match="Import 2028 first"):
        import_year(2029, "", "太早", actor=keeper)
    with pytest.raises(Invalid, match="not known yet"):
        change_day(date(2028, 1, 3), "holiday", actor=keeper)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("tomorrow,holiday", "not a date"),
        ("2027-01-01,holiday", "not in 2028"),
        ("2028-01-03,rest", "holiday"),
        ("2028-01-03", "holiday"),
        ("2028-01-05,makeup", "no weekend"),
    ],
)
def test_a_line_that_makes_no_sense_is_named(line, says):
    with pytest.raises(Invalid, match=says) as refusal:
        parse_days(f"2028-05-01,holiday\n{line}\n", 2028)

    assert "Line 2" in str(refusal.value)


def test_a_day_is_named_once():
    with pytest.raises(Invalid, match="twice"):
        parse_days("2028-05-01,holiday\n2028-05-01,holiday\n", 2028)


def test_a_single_day_has_to_make_sense_too(tanghe, keeper):
    with pytest.raises(Invalid, match="no weekend"):
        change_day(date(2026, 7, 20), "makeup", actor=keeper)
    with pytest.raises(Invalid):
        change_day(date(2026, 7, 20), "feast", actor=keeper)


def test_the_calendar_is_kept_by_the_administrator_or_the_director(tanghe):
    change_day(date(2026, 7, 20), "holiday", actor=tanghe.actor("sys_admin"))

    for role in ("sec_admin", "supervision_clerk", "convener"):
        with pytest.raises(NotAllowed):
            change_day(date(2026, 7, 21), "holiday", actor=tanghe.actor(role))
        with pytest.raises(NotAllowed):
            import_year(2028, "", "", actor=tanghe.actor(role))

"""Deadlines: from a rule and a start to the end of the last day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from app.clock import LOCAL, UTC, local
from app.errors import Invalid
from app.i18n import Text, _
from app.rules.workdays import ONE_DAY, Calendar

FORMAT: Final = 1
UNITS: Final = {"wd": "workday", "d": "calendar_day", "m": "month"}
STARTS: Final = ("receipt", "issue", "opened")
LAST_MINUTE: Final = time(23, 59, 59)
LITERAL: Final = re.compile(r"([1-9][0-9]{0,2})(wd|d|m)")
COUNTED: Final[Mapping[tuple[str, bool], Text]] = {
    ("workday", True): _("1 working day"),
    ("workday", False): _("%(count)s working days"),
    ("calendar_day", True): _("1 day"),
    ("calendar_day", False): _("%(count)s days"),
    ("month", True): _("1 month"),
    ("month", False): _("%(count)s months"),
}
Suspension = tuple[datetime, datetime]


@dataclass(frozen=True)
class DeadlineRule:
    """How long something may take, in what unit, and counted from which moment."""

    name: str
    count: int
    unit: str
    from_: str = "opened"
    cut_off: time | None = None
    end_of_day: time = LAST_MINUTE
    sample: bool = False

    @classmethod
    def parse(
        cls,
        literal: str,
        *,
        name: str = "",
        from_: str = "opened",
        cut_off: time | None = None,
        end_of_day: time = LAST_MINUTE,
        sample: bool = False,
    ) -> DeadlineRule:
        """Read `5wd` (working days), `15d` (calendar days) or `1m` (months)."""
        match = LITERAL.fullmatch(literal)
        if match is None:
            raise Invalid(_("“%(text)s” is not a time limit; write 5wd, 15d or 1m.", text=literal))
        count, unit = int(match[1]), UNITS[match[2]]
        return cls(name or literal, count, unit, from_, cut_off, end_of_day, sample)

    def described(self) -> Text:
        """The length alone: “15 working days”."""
        return length(self.unit, self.count)


def length(unit: str, count: int) -> Text:
    """So many days or months, in words."""
    text = COUNTED[unit, count == 1]
    return Text(text.msgid, {} if count == 1 else {"count": count})


@dataclass(frozen=True)
class Due:
    """When something is due, with the rule (plain data) by which anybody can find it again."""

    due_at: datetime
    day: date
    provisional: bool
    rule: Mapping[str, Any]


def due(
    rule: DeadlineRule,
    start: datetime,
    calendar: Calendar,
    suspended: Sequence[Suspension] = (),
) -> Due:
    """The end of the last day; suspended days do not count, and it never falls on a holiday."""
    lost = lost_days(suspended)
    first = first_day(rule, start, calendar)
    day = _last_day(rule, first, calendar, lost)
    return Due(
        due_at=_end_of(day, rule.end_of_day),
        day=day,
        provisional=calendar.provisional(day),
        rule=_stored(rule, start, suspended),
    )


def fixed(day: date, *, end_of_day: time = LAST_MINUTE) -> Due:
    """A day that somebody decided (an extension granted until then), kept exactly as decided."""
    return Due(
        due_at=_end_of(day, end_of_day),
        day=day,
        provisional=False,
        rule={
            "format": FORMAT,
            "kind": "fixed",
            "day": day.isoformat(),
            "end_of_day": end_of_day.isoformat(),
        },
    )


def recompute(
    stored: Mapping[str, Any], calendar: Calendar, suspended: Sequence[Suspension] | None = None
) -> Due:
    """Find a due date again from its stored rule, with the calendar (and suspensions) of today."""
    end_of_day = time.fromisoformat(stored["end_of_day"])
    if stored["kind"] == "fixed":
        return fixed(date.fromisoformat(stored["day"]), end_of_day=end_of_day)

    spans = read_spans(stored["suspended"]) if suspended is None else suspended
    return due(read_rule(stored), datetime.fromisoformat(stored["start"]), calendar, spans)


def read_rule(stored: Mapping[str, Any]) -> DeadlineRule:
    """The rule a counted date was found by, as it is stored with the date."""
    return DeadlineRule(
        name=stored["name"],
        count=stored["count"],
        unit=stored["unit"],
        from_=stored["from"],
        cut_off=time.fromisoformat(stored["cut_off"]) if stored["cut_off"] else None,
        end_of_day=time.fromisoformat(stored["end_of_day"]),
        sample=stored["sample"],
    )


@dataclass(frozen=True)
class Remaining:
    """How far away a due date is, in working days: left, or passed since."""

    workdays: int
    overdue: bool

    @property
    def text(self) -> Text:
        """“3 working days left”, “due today”, “2 working days overdue”."""
        if self.overdue:
            return _overdue_text(self.workdays)
        if self.workdays == 0:
            return _("due today")
        if self.workdays == 1:
            return _("1 working day left")
        return _("%(count)s working days left", count=self.workdays)


def remaining(due_at: datetime, now: datetime, calendar: Calendar) -> Remaining:
    """The working days between now and the due date, whichever comes first."""
    today, day = local(now).date(), local(due_at).date()
    if now > due_at:
        return Remaining(calendar.workdays_between(day, today), overdue=True)
    return Remaining(calendar.workdays_between(today, day), overdue=False)


def _overdue_text(workdays: int) -> Text:
    if workdays == 0:
        return _("less than 1 working day overdue")
    if workdays == 1:
        return _("1 working day overdue")
    return _("%(count)s working days overdue", count=workdays)


def first_day(rule: DeadlineRule, start: datetime, calendar: Calendar) -> date:
    """The day that is not counted: the day it came, or the next working day after the cut-off."""
    moment = local(start)
    if rule.cut_off is not None and moment.time() > rule.cut_off:
        return calendar.add_workdays(moment.date(), 1)
    return moment.date()


def _last_day(rule: DeadlineRule, first: date, calendar: Calendar, lost: frozenset[date]) -> date:
    """Count from `first` and give back, day for day, what suspensions took away."""
    if rule.unit == "workday":
        day = calendar.add_workdays(first, rule.count)
    elif rule.unit == "month":
        day = _months_after(first, rule.count)
    else:
        day = first + timedelta(days=rule.count)

    def counts(each: date) -> bool:
        return rule.unit != "workday" or calendar.is_workday(each)

    owed = sum(first < each <= day and counts(each) for each in lost)
    while owed or not calendar.is_workday(day) or day in lost:
        day += ONE_DAY
        if owed and counts(day) and day not in lost:
            owed -= 1
    return day


def _months_after(day: date, count: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    months = day.year * 12 + day.month - 1 + count
    first_of_next = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    last = first_of_next - ONE_DAY
    return last.replace(day=min(day.day, last.day))


def lost_days(suspended: Sequence[Suspension]) -> frozenset[date]:
    """The local days on which the clock stood still; the day of resuming counts again."""
    days: set[date] = set()
    for start, end in suspended:
        day, last = local(start).date(), local(end).date()
        days.update(day + timedelta(days=n) for n in range((last - day).days))
    return frozenset(days)


def _end_of(day: date, end_of_day: time) -> datetime:
    return datetime.combine(day, end_of_day, tzinfo=LOCAL).astimezone(UTC)


def _stored(
    rule: DeadlineRule, start: datetime, suspended: Sequence[Suspension]
) -> Mapping[str, Any]:
    return {
        "format": FORMAT,
        "kind": "counted",
        "name": rule.name,
        "count": rule.count,
        "unit": rule.unit,
        "from": rule.from_,
        "cut_off": rule.cut_off.isoformat() if rule.cut_off else None,
        "end_of_day": rule.end_of_day.isoformat(),
        "sample": rule.sample,
        "start": start.astimezone(UTC).isoformat(),
        "suspended": [
            [begun.astimezone(UTC).isoformat(), ended.astimezone(UTC).isoformat()]
            for begun, ended in suspended
        ],
    }


def read_spans(stored: Sequence[Sequence[str]]) -> tuple[Suspension, ...]:
    """The standstills stored with a counted date."""
    return tuple(
        (datetime.fromisoformat(begun), datetime.fromisoformat(ended)) for begun, ended in stored
    )

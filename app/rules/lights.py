"""Status lights: an ordered table of rules, where the first that fits gives the light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.clock import from_local, local
from app.i18n import Text, _
from app.rules.deadlines import Remaining
from app.rules.workdays import ONE_DAY, Calendar

CODES: Final = ("grey", "red", "yellow", "blue", "green")
PRESSING: Final = CODES[:-1]  # each of these has a moment from which it shows; else it is green
EVER: Final = datetime(1900, 1, 1, tzinfo=timezone.utc)
AFTER: Final = timedelta(microseconds=1)
CONDITIONS: Final = ("suspended", "overdue", "within", "behind", "always")
WORDS: Final[Mapping[str, Text]] = {
    "grey": _("Suspended"),
    "red": _("Overdue"),
    "yellow": _("Urgent"),
    "blue": _("Due soon"),
    "green": _("On track"),
}
ICONS: Final[Mapping[str, str]] = {
    "grey": "player-pause",
    "red": "alert-triangle",
    "yellow": "clock-exclamation",
    "blue": "clock",
    "green": "circle-check",
}


@dataclass(frozen=True)
class LightRule:
    """One row of the table: the light it gives and when (`within` needs `workdays`)."""

    light: str
    when: str
    workdays: int = 0


DEFAULT_TABLE: Final = (
    LightRule("grey", "suspended"),
    LightRule("red", "overdue"),
    LightRule("yellow", "within", 2),
    LightRule("yellow", "behind"),
    LightRule("blue", "within", 5),
    LightRule("green", "always"),
)


@dataclass(frozen=True)
class Situation:
    """What the table looks at; `remaining` is None where nothing is due."""

    remaining: Remaining | None
    suspended: bool = False
    behind: bool = False


@dataclass(frozen=True)
class Light:
    """A light as people meet it: never a colour alone, and with the reason for it."""

    code: str
    word: Text
    icon: str
    reason: Text

    @property
    def rank(self) -> int:
        """Its place among the lights, the most pressing first; suspended work comes last."""
        return (CODES.index(self.code) - 1) % len(CODES)


def light(table: Sequence[LightRule], situation: Situation) -> Light:
    """The light of the first row that fits."""
    row = next(row for row in table if _fits(row, situation))
    return Light(row.light, WORDS[row.light], ICONS[row.light], _reason(row, situation))


@dataclass(frozen=True)
class Course:
    """What decides when a piece of work will show which light, as far as is known today."""

    due_at: datetime | None
    suspended: bool = False
    behind_from: datetime | None = None


def turns(table: Sequence[LightRule], course: Course, calendar: Calendar) -> Mapping[str, datetime]:
    """The moment from which each pressing light shows, unless one before it in CODES does.

    Every condition, once true, stays true until the work's dates are set anew, so that lists need
    not look at the calendar: they compare these moments with the present one.
    """
    found: dict[str, datetime] = {}
    for row in table:
        begins = _begins(row, course, calendar)
        if begins is not None and row.light in PRESSING:
            found[row.light] = min(found.get(row.light, begins), begins)
    return found


def showing(turned: Mapping[str, datetime], now: datetime) -> str:
    """The code of the light that shows at a moment."""
    return next((code for code in PRESSING if code in turned and turned[code] <= now), CODES[-1])


def behind_from(
    progress: int | None, *, opened_at: datetime, due_at: datetime, calendar: Calendar, lag: Decimal
) -> datetime | None:
    """From when `behind_schedule` holds if nothing more is reported; None if it never will."""
    if progress is None:
        return None
    start = local(opened_at).date()
    whole = max(calendar.workdays_between(start, local(due_at).date()), 1)
    bearable = (Fraction(progress) + Fraction(lag)) * whole / 100
    used = max(int(bearable // 1) + 1, 1)
    return from_local(calendar.add_workdays(start, used)) if used <= whole else None


def closed_light(due_at: datetime | None, finished_at: datetime) -> Light:
    """Finished work keeps its colour: green when it was on time, red when it was late."""
    if due_at is not None and finished_at > due_at:
        late = _("Finished after the due date.")
        return Light("red", _("Finished late"), ICONS["red"], late)
    in_time = _("Finished by the due date.") if due_at else _("Finished; nothing was due.")
    return Light("green", _("Finished on time"), ICONS["green"], in_time)


def behind_schedule(
    progress: Decimal | None,
    *,
    opened_at: datetime,
    due_at: datetime,
    now: datetime,
    calendar: Calendar,
    lag: Decimal,
) -> bool:
    """Whether reported progress (percent) lags the time used up (序时进度) by more than `lag`.

    Nothing reported yet is not a lag: the reminders take care of silence.
    """
    if progress is None:
        return False
    start, today, end = (local(moment).date() for moment in (opened_at, now, due_at))
    whole = max(calendar.workdays_between(start, end), 1)
    used = min(max(calendar.workdays_between(start, today), 0), whole)
    return Decimal(used) * 100 / Decimal(whole) - progress > lag


def problems(table: Sequence[LightRule]) -> list[str]:
    """What keeps a table from giving every situation one light, the pressing ones first."""
    found = [f"unknown light {row.light!r}" for row in table if row.light not in CODES]
    found += [f"unknown condition {row.when!r}" for row in table if row.when not in CONDITIONS]
    if found:
        return found
    if not table or table[-1].when != "always":
        found.append("the last row must apply always")
    if any(row.when == "always" for row in table[:-1]):
        found.append("no row can apply after one that applies always")
    if [row.light for row in table] != sorted((row.light for row in table), key=CODES.index):
        found.append(f"the rows must come in the order {', '.join(CODES)}")
    return found


def _fits(row: LightRule, situation: Situation) -> bool:
    left = situation.remaining
    if row.when == "within":
        return left is not None and (left.overdue or left.workdays <= row.workdays)
    return {
        "suspended": situation.suspended,
        "overdue": left is not None and left.overdue,
        "behind": situation.behind,
        "always": True,
    }[row.when]


def _begins(row: LightRule, course: Course, calendar: Calendar) -> datetime | None:
    """From when a row fits."""
    due_at = course.due_at
    if row.when == "within":
        return from_local(_first_day_within(due_at, row.workdays, calendar)) if due_at else None
    return {
        "suspended": EVER if course.suspended else None,
        "overdue": due_at + AFTER if due_at else None,
        "behind": course.behind_from,
        "always": EVER,
    }[row.when]


def _first_day_within(due_at: datetime, workdays: int, calendar: Calendar) -> date:
    """The first day on which no more than so many working days are left."""
    return calendar.add_workdays(local(due_at).date() + ONE_DAY, -(workdays + 1))


def _reason(row: LightRule, situation: Situation) -> Text:
    if row.when == "within":
        return _("Due within %(count)s working days.", count=row.workdays)
    if row.when == "always" and situation.remaining is None:
        return _("Nothing is due.")
    return {
        "suspended": _("The clock is stopped."),
        "overdue": _("The due date has passed."),
        "behind": _("Progress lags behind the time used."),
        "always": _("There is time enough."),
    }[row.when]

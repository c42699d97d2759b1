"""The working-day calendar as people keep it: single days, whole years, dates found again (§4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, select

from app import journal
from app.actor import Actor
from app.commands import faster
from app.commands.command import command
from app.db import session
from app.effects import redating
from app.errors import Invalid
from app.i18n import Text, _
from app.model import CalendarDay, CalendarYear
from app.rules import access
from app.rules.workdays import SATURDAY

STREAM: Final = "calendar"
KEEPERS: Final = ("sys_admin", "supervision_director")
KINDS: Final = ("holiday", "makeup")
ONLY_KEEPERS: Final = _(
    "Only the system administrator or the supervising director keeps the calendar."
)


@command
def change_day(
    day: date, kind: str, note: str = "", source: str = "", *, actor: Actor,
    seen: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Make a day a `holiday`, a `makeup` day (a weekend worked), or plain again (empty kind).

    Open dates that this may touch are found again in the same act: `{"moved": count}`.
    """
    access.require(actor.has(*KEEPERS), ONLY_KEEPERS)
    _require_kind(day, kind)
    years = _years()
    if years and day.year > max(years):
        raise Invalid(
            _(
                "The schedule of %(year)s is not known yet; import the whole year first.",
                year=day.year,
            )
        )

    _lock_calendar()
    faster.require_unchanged(STREAM, seen, {**_day_changed(day), **_year_imported(day.year)})
    before = session().get(CalendarDay, day, populate_existing=True)
    was = before.kind if before else ""
    if before is not None:
        session().delete(before)
        session().flush()
    if kind:
        session().add(CalendarDay(day=day, kind=kind, source=source, note=note))
    session().flush()
    return {
        "moved": _recorded(
            "calendar.day_changed",
            [day],
            actor,
            {"day": day, "before": was, "after": kind, "note": note, "source": source},
        )
    }


@command
def import_year(
    year: int, days: str, source: str, *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Take a year's schedule in: lines `2027-01-01,holiday,元旦`; the year is known from then on.

    What the year held before is replaced; dates that were provisional are found again.
    """
    access.require(actor.has(*KEEPERS), ONLY_KEEPERS)
    wanted = parse_days(days, year)
    known = _years()
    if known and year > max(known) + 1:
        raise Invalid(
            _("Import %(year)s first; there may be no gap.", year=max(known) + 1),
            fields={"year": _("There may be no gap between the years.")},
        )

    _lock_calendar()
    faster.require_unchanged(STREAM, seen, {**_days_changed(year), **_year_imported(year)})
    before = _of_year(year)
    session().execute(
        delete(CalendarDay).where(
            CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31)
        )
    )
    session().execute(delete(CalendarYear).where(CalendarYear.year == year))
    session().add(CalendarYear(year=year, source=source))
    session().add_all(
        CalendarDay(day=day, kind=kind, source=source, note=note) for day, kind, note in wanted
    )
    session().flush()
    after = {day.isoformat(): kind for day, kind, _note in wanted}
    moved = _recorded(
        "calendar.year_imported",
        [date(year, 1, 1)],
        actor,
        {"year": year, "source": source, "before": before, "after": after},
    )
    return {"days": len(wanted), "moved": moved}


def parse_days(text: str, year: int) -> list[tuple[date, str, str]]:
    """Read the lines of a schedule; every line that makes no sense is named."""
    found: dict[date, tuple[date, str, str]] = {}
    problems: list[Text] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        problem = _problem(parts, year)
        if problem is None and date.fromisoformat(parts[0]) in found:
            problem = _("%(day)s is named twice.", day=parts[0])
        if problem is not None:
            problems.append(_("Line %(line)s: %(problem)s", line=number, problem=problem))
            continue
        day = date.fromisoformat(parts[0])
        found[day] = (day, parts[1], parts[2] if len(parts) > 2 else "")
    if problems:
        raise Invalid(problems[0], fields={"days": problems[0]}, details={"problems": problems})
    return sorted(found.values())


def _problem(parts: Sequence[str], year: int) -> Text | None:
    try:
        day = date.fromisoformat(parts[0])
    except ValueError:
        return _("“%(text)s” is not a date such as 2027-01-01.", text=parts[0])
    if day.year != year:
        return _("%(day)s is not in %(year)s.", day=parts[0], year=year)
    if len(parts) < 2 or parts[1] not in KINDS:
        return _("Say “holiday” or “makeup” after the date.")
    if parts[1] == "makeup" and day.weekday() < SATURDAY:
        return _("%(day)s is no weekend; only weekends are worked in exchange.", day=parts[0])
    return None


def _require_kind(day: date, kind: str) -> None:
    if kind:
        problem = _problem([day.isoformat(), kind], day.year)
        if problem is not None:
            raise Invalid(problem, fields={"kind": problem})


def _lock_calendar() -> None:
    """One change at a time: whoever asks for the stream's next place has it until the end."""
    journal.next_seq(STREAM)


def _day_changed(day: date) -> faster.Clashes:
    return {"calendar.day_changed": faster.about(day=day.isoformat())}


def _days_changed(year: int) -> faster.Clashes:
    return {"calendar.day_changed": lambda data: data["day"].startswith(str(year))}


def _year_imported(year: int) -> faster.Clashes:
    return {"calendar.year_imported": faster.about(year=year)}


def _years() -> list[int]:
    return list(session().scalars(select(CalendarYear.year)))


def _of_year(year: int) -> dict[str, str]:
    rows = session().execute(
        select(CalendarDay.day, CalendarDay.kind).where(
            CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31)
        )
    )
    return {row.day.isoformat(): row.kind for row in rows}


def _recorded(kind: str, days: Iterable[date], actor: Actor, data: Mapping[str, Any]) -> int:
    """Journal the change, then find again what it touches under the calendar as it is now."""
    journal.record(kind, stream=STREAM, actor=actor, data=data)
    journal.flush()
    return redating.find_again_from(min(days), actor)

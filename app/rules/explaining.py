"""Why something is due on its day, from the rule stored with the date, in one or two sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from app.clock import local
from app.i18n import Text, _
from app.rules.deadlines import first_day, length, lost_days, read_rule, read_spans
from app.rules.workdays import Calendar

COUNTED_FROM: Final[Mapping[str, Text]] = {
    "receipt": _("%(count)s from receipt on %(day)s; that day is not counted."),
    "issue": _("%(count)s from issue on %(day)s; that day is not counted."),
    "opened": _("%(count)s from the start of the step on %(day)s; that day is not counted."),
}


def explained(stored: Mapping[str, Any], calendar: Calendar, due_at: datetime) -> Text:
    """“10 working days from receipt on 9 Nov; that day is not counted. The clock stood still …”.

    Names the start, a cut-off that moved it, the days lost to standstills (domain row 16), and
    that the length is only a sample value or the day that of the whole matter.
    """
    first, *others = _sentences(stored, calendar, due_at)
    for then in others:
        first = _("%(first)s %(then)s", first=first, then=then)
    return first


def _sentences(stored: Mapping[str, Any], calendar: Calendar, due_at: datetime) -> Iterator[Text]:
    if stored["kind"] == "counted":
        yield from _counted(stored, calendar, due_at)
    elif "since" in stored:
        since = local(datetime.fromisoformat(stored["since"])).date()
        yield _("The day was decided on %(day)s.", day=since)
    else:
        yield _("The day was decided by hand.")
    if stored.get("matter"):
        yield _("It is the day of the whole matter.")
    if stored.get("sample"):
        yield _("The length is a sample value.")


def _counted(stored: Mapping[str, Any], calendar: Calendar, due_at: datetime) -> Iterator[Text]:
    rule, start = read_rule(stored), datetime.fromisoformat(stored["start"])
    counted_from = COUNTED_FROM[rule.from_].msgid
    begun = first_day(rule, start, calendar)
    yield Text(counted_from, {"count": length(rule.unit, rule.count), "day": begun})
    if rule.cut_off is not None and local(start).time() > rule.cut_off:
        yield _("It came after %(time)s.", time=f"{rule.cut_off:%H:%M}")
    lost = [
        day
        for day in lost_days(read_spans(stored["suspended"]))
        if begun < day <= local(due_at).date()
        and (rule.unit != "workday" or calendar.is_workday(day))
    ]
    if lost:
        unit = "workday" if rule.unit == "workday" else "calendar_day"
        yield _("The clock stood still for %(count)s.", count=length(unit, len(lost)))

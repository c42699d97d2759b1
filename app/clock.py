"""The one place that says what time it is; the database floor plugs its clock in here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("Asia/Shanghai")
UTC: Final = timezone.utc


class _Source:
    read: Callable[[], datetime] | None = None


def plug_in(read: Callable[[], datetime]) -> None:
    """Take the time from `read` (an aware UTC datetime) from now on."""
    _Source.read = staticmethod(read)


def now() -> datetime:
    """The present moment in UTC: the database's clock plus the demonstration offset."""
    if _Source.read is None:
        raise RuntimeError("No clock has been plugged in: create the application first.")
    return _Source.read()


def local(moment: datetime) -> datetime:
    """The same moment on the clocks of the county (Asia/Shanghai)."""
    return moment.astimezone(LOCAL)


def today() -> date:
    """The local calendar day."""
    return local(now()).date()


def local_day(moment: datetime) -> date:
    """The local calendar day a moment falls on."""
    return local(moment).date()


def from_local(day: date, *, hour: int = 0, minute: int = 0) -> datetime:
    """The UTC moment of a local wall-clock time on a day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=LOCAL)
    return (midnight + timedelta(hours=hour, minutes=minute)).astimezone(UTC)

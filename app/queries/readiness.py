"""Whether the database can serve, and which moment a demonstration pretends it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import inspect, select

from app import clock
from app.db import session
from app.model import ClockOffset, Person, Setting


def schema_is_there() -> bool:
    """Whether the database holds our tables; raises Busy when it is away."""
    return inspect(session().connection()).has_table(Person.__tablename__)


def demonstration() -> list[str]:
    """What in this database belongs to a demonstration only; nothing where no tables are yet."""
    if not schema_is_there():
        return []
    moved = session().scalar(select(ClockOffset.seconds))
    marks = session().scalar(select(Setting.key).where(Setting.key.startswith("demo.")))
    found = {"a moved clock": moved is not None, "demonstration data": marks is not None}
    return [what for what, there in found.items() if there]


def simulated_now() -> datetime | None:
    """The moment a moved clock shows; None when it runs true."""
    offset = session().scalar(select(ClockOffset.seconds))
    return clock.now() if offset else None

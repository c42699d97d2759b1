"""Builds broken on purpose: the campaigns must notice each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, insert
from sqlalchemy.orm import Session

from app import clock, connections
from app.commands import command, faster, outbox, timers
from app.db import session, transaction
from app.model import Work
from tests.faults.harness import pace

NETWORK = 0.3  # seconds between a commit and the message that should have been part of it


def plant(name: str) -> None:
    """Break the application of this process in that way; nothing without a name."""
    if name:
        PLANTS[name]()


def nolock() -> None:
    """Nobody waits for a case, and nobody looks whether the task is still open."""
    Select.with_for_update = lambda self, **_how: self  # type: ignore[method-assign,assignment]
    faster.require_open = lambda *_given: None
    connections._begin_sqlite.__code__ = _begin_plainly.__code__  # noqa: SLF001 - planted inside


def _begin_plainly(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def sendfirst() -> None:
    """What a timer sends is committed before the timer is marked as fired."""
    mark, sent = timers._mark_fired, []  # noqa: SLF001 - the fault is planted inside

    def later(ids: list[int], _now: datetime) -> int:
        sent.extend(ids)
        return len(ids)

    def torn(fire: Callable[..., int]) -> Callable[..., int]:
        def fired(*given: Any, **named: Any) -> int:
            sent.clear()
            count = fire(*given, **named)
            if sent:
                pace.pause(NETWORK)
                with transaction():
                    mark(sent, clock.now())
            return count

        return fired

    timers._mark_fired = later  # noqa: SLF001 - as above
    timers.fire_plain = torn(timers.fire_plain)  # type: ignore[assignment,arg-type]
    timers.fire_case = torn(timers.fire_case)  # type: ignore[assignment,arg-type]


def outbox_after_commit() -> None:
    """Background work is asked for once the act is committed, in a transaction of its own."""
    add, act = Session.add, command._act  # noqa: SLF001 - the fault is planted inside
    asked: list[dict[str, Any]] = []

    def keep(self: Session, instance: object, *given: Any, **named: Any) -> None:
        if isinstance(instance, Work):
            kept = ("kind", "reference", "not_before")
            asked.append({name: getattr(instance, name) for name in kept})
        else:
            add(self, instance, *given, **named)

    def late(do: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        answer = act(do, *args, **kwargs)
        if asked:
            pace.pause(NETWORK)
            session().execute(insert(Work).values(state="pending", attempts=0), asked)
            session().commit()
            asked.clear()
        return answer

    Session.add = keep  # type: ignore[method-assign]
    command._act = late  # noqa: SLF001 - as above


def trusts_redis() -> None:
    """What was put into Redis's queue once is thought to be done."""
    outbox.LOST_AFTER = timedelta(days=365)  # type: ignore[misc] # the fault is planted inside


PLANTS: dict[str, Callable[[], None]] = {
    "nolock": nolock,
    "sendfirst": sendfirst,
    "outbox_after_commit": outbox_after_commit,
    "trusts_redis": trusts_redis,
}

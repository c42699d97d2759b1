"""A background process that stands still at one place (SIGSTOP) as if its machine had frozen."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from app import connections, create_app
from app.commands import outbox, timers
from app.config import Settings
from app.db import _one_writer
from app.effects import papers
from app.jobs import run_worker

POINTS: dict[str, tuple[Any, str, str]] = {
    "reminder marked as fired": (timers, "_record", "before"),
    "work taken": (outbox, "take", "after"),
    "paper served": (papers, "serve", "after"),
    "work done": (outbox, "finish", "before"),
}
IN_A_TRANSACTION = {"reminder marked as fired", "paper served"}


def stands_still(point: str) -> None:
    """Stop this process when it first comes to that point."""
    place, name, when = POINTS[point]
    whole: Callable[..., Any] = getattr(place, name)
    frozen: list[str] = []

    def torn(*args: Any, **kwargs: Any) -> Any:
        answer = whole(*args, **kwargs) if when == "after" else None
        if not frozen and (when == "before" or answer is not None or place is papers):
            frozen.append(point)
            with _one_writer:  # no other thread freezes with SQLite's only lock
                os.kill(os.getpid(), signal.SIGSTOP)
        return answer if when == "after" else whole(*args, **kwargs)

    setattr(place, name, torn)


def main(address: str, point: str, silence: str) -> None:
    """Work until stopped; PostgreSQL ends a transaction that is silent for so many seconds."""
    limit = connections.POSTGRESQL.replace("timeout = '20s'", f"timeout = '{silence}s'")
    assert f"idle_in_transaction_session_timeout = '{silence}s'" in limit
    connections.POSTGRESQL = limit  # type: ignore[misc] # the longest silence, for a short test
    stands_still(point)
    run_worker(create_app(Settings(env="test", database_url=address)), pause=0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])

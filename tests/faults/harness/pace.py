"""How campaigns keep time: the pause between two faults, and waiting for something with a limit.

The only place where tests sleep: what happens meanwhile happens in other processes.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK = 0.05  # seconds between two looks


def pause(seconds: float) -> None:
    """Let the others go on for so long."""
    time.sleep(seconds)


def until(done: Callable[[], bool], seconds: float, what: Callable[[], str] | str = "") -> float:
    """Wait until it is so; how long that took. Raises AssertionError when it takes too long."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > seconds:
            raise AssertionError(
                f"not within {seconds} s: {what if isinstance(what, str) else what()}"
            )
        time.sleep(LOOK)
    return round(time.monotonic() - began, 1)

"""The parts of the bench by name, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bench import engine, inbox, lasting, throughput, timers
from bench.figures import Table
from bench.site import PostgreSQL

PARTS: Final[Mapping[str, Callable[[PostgreSQL], Table]]] = {
    "completion": throughput.completion,
    "engine": engine.shares,
    "cases": throughput.cases,
    "processes": throughput.processes,
    "starts": lasting.starts,
    "timers": timers.timers,
    "inbox": inbox.inbox,
    "memory": lasting.memory,
}

"""The load generator, a process of its own: clients that carry cases through, on command.

Reads lines `{"clients": 4, "cases": 10}` from its input (cases for each client) and answers each
with a line of times, its own processor seconds and the seconds on the wall.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from bench.site import Site
from bench.viewflow import ViewflowWalk
from bench.walks import Times, Walk, WeathervaneWalk
from ops import machine

WALKS: Final[Mapping[str, type[Walk]]] = {
    "weathervane": WeathervaneWalk,
    "viewflow": ViewflowWalk,
}


class LoadEnded(Exception):
    """The load process died; what it said stands on the terminal."""


@dataclass(frozen=True)
class Done:
    """What a run of the load came to: seconds of every request by kind, wall, own processor."""

    times: dict[str, list[float]]
    cases: int
    wall: float
    cpu: float


class Load:
    """The parent's end of a load process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Talk to a process started by `loading`."""
        self._process = process

    def run(self, *, clients: int, cases: int, act: str = "case") -> Done:
        """Let so many clients at once carry so many cases through, each; or only `start` them."""
        assert self._process.stdin and self._process.stdout  # noqa: S101, PT018 - both are pipes
        order = {"clients": clients, "cases": cases, "act": act}
        print(json.dumps(order), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise LoadEnded("The load generator ended; what it said stands above.")
        return Done(**json.loads(line))


@contextmanager
def loading(site: Site, *, clients: int) -> Iterator[Load]:
    """A load process whose clients are signed in at that site."""
    ports = ",".join(map(str, site.ports))
    command = [sys.executable, "-m", "bench.load", site.kind, ports, site.database]
    with subprocess.Popen(
        [*command, str(clients)],
        cwd=machine.ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield Load(process)
        finally:
            process.terminate()


def main(kind: str, ports: str, database: str, clients: str) -> None:
    """Sign everybody in, then do what the lines say until there are no more.

    Clients are dealt out to the web processes in turn, as the proxy before them deals out requests.
    """
    at = itertools.cycle(map(int, ports.split(",")))
    walks: list[Walk] = [WALKS[kind](next(at), n, database) for n in range(int(clients))]
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(carry(walks[: order["clients"]], **order)), flush=True)


def carry(walks: list[Walk], *, cases: int, act: str, **_rest: Any) -> dict[str, Any]:
    """All clients at once, each so many cases."""
    times: Times = defaultdict(list)
    problems: list[BaseException] = []
    threads = [
        threading.Thread(target=client, args=(getattr(walk, act), cases, times, problems))
        for walk in walks
    ]
    wall, own = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return {
        "times": times,
        "cases": cases * len(walks),
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - own,
    }


def client(
    act: Callable[[Times], Any], cases: int, times: Times, problems: list[BaseException]
) -> None:
    """One client's cases; what goes wrong is kept for the main thread."""
    try:
        for _case in range(cases):
            act(times)
    except BaseException as problem:  # noqa: BLE001 - raised again in the main thread
        problems.append(problem)


if __name__ == "__main__":
    main(*sys.argv[1:])

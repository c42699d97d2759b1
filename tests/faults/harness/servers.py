"""A site as it really runs: web and worker processes on one database, struck down by name."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import RLock

from ops import processes
from ops.machine import ROOT
from tests.faults.harness import pace

PATIENCE = 60.0  # seconds for the first preparation on a busy machine


class Site:
    """Processes called web-1, web-2 …, worker-1 …; each is stopped by its id, always."""

    def __init__(self, stem: subprocess.Popen[str], folder: Path, webs: int, workers: int) -> None:
        self._stem = stem
        self._asking = RLock()
        self.folder = folder
        self.ports = {f"web-{n + 1}": processes.free_port() for n in range(webs)}
        self.names = [*self.ports, *(f"worker-{n + 1}" for n in range(workers))]
        self.running: dict[str, int] = {}
        self.kills = 0
        self.restarts = 0

    def start(self, name: str) -> None:
        """Start a process; it answers within a moment."""
        role = name.partition("-")[0]
        log = self.folder / f"{name}.log"
        process = self._ask("start", role, self.ports.get(name, "-"), log)
        self.running[name] = int(process)

    def kill(self, name: str) -> None:
        """SIGKILL the process and whatever it started; gone when this returns."""
        self._ask("signal", self.running.pop(name), signal.SIGKILL)
        self.kills += 1

    def strike(self, name: str) -> None:
        """Kill it and start it anew."""
        self.kill(name)
        self.start(name)

    def freeze(self, name: str) -> None:
        """Let it stand still where it is (SIGSTOP)."""
        self._ask("signal", self.running[name], signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let it go on as if no time had passed (SIGCONT)."""
        self._ask("signal", self.running[name], signal.SIGCONT)

    def stop(self, name: str) -> None:
        """Ask it to end (SIGTERM), as a machine that is shut down does; it is not missed."""
        self._ask("signal", self.running.pop(name), signal.SIGTERM)

    def wait_until_up(self) -> None:
        """Wait until every web process takes connections; whoever ended is started again."""
        for port in self.ports.values():
            pace.until(partial(self._up, port), PATIENCE, self.logs)

    def logs(self) -> str:
        """The end of what every process wrote."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {file.name}\n{processes.tail(file, 40)}" for file in files)

    def _up(self, port: int) -> bool:
        self._supervise()
        return listening(port)

    def _supervise(self) -> None:
        """What a supervisor does: who ended by itself is started again, and that is counted."""
        for name, process in list(self.running.items()):
            if self._ask("ended", process) == "yes":
                self.start(name)
                self.restarts += 1

    def _ask(self, *order: object) -> str:
        assert self._stem.stdin is not None
        assert self._stem.stdout is not None
        with self._asking:
            self._stem.stdin.write("\t".join(map(str, order)) + "\n")
            self._stem.stdin.flush()
            answer = self._stem.stdout.readline().strip()
        assert answer, f"the prepared process has ended\n{self.logs()}"
        return answer


@contextmanager
def site(
    address: str, folder: Path, *, redis: str = "", webs: int = 2, workers: int = 2,
    planted: str = "", env: Mapping[str, str] | None = None,
) -> Iterator[Site]:  # fmt: skip
    """A site at work on that database, with everything started; `planted` names a broken build."""
    settings = {  # unbuffered, or a web process could not start while its log's disk is full
        "ENV": "test", "DATABASE_URL": address, "REDIS_URL": redis, "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(env or {}),
    }  # fmt: skip
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    with (folder / "stem.log").open("ab") as log:
        stem = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.harness.stem", planted],
            cwd=ROOT, env=inherited | settings, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    found = Site(stem, folder, webs, workers)
    try:
        assert stem.stdout is not None
        assert stem.stdout.readline().strip() == "ready", found.logs()
        for name in found.names:
            found.start(name)
        found.wait_until_up()
        assert not found.restarts, "a process ended at its first start"
        yield found
    except BaseException:
        print(found.logs())
        raise
    finally:
        stem.communicate(timeout=PATIENCE)


def listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0

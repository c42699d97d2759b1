"""A server under test: its database made with the ordinary commands, its web processes started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from bench import cpu
from ops import machine, processes, servers

HERE = Path(__file__).resolve().parent
LOGS = machine.ROOT / ".cache" / "bench"
PROGRAMS = machine.ROOT / ".venv" / "bin"
SECRET = "only for a bench on loopback, gone with its database"  # noqa: S105 - as it says
GRANIAN = ("--interface=wsgi", "--no-ws", "--host=127.0.0.1")
THREADS = 4  # of each web process
MASTER = "master"  # the database the others are copies of
PEOPLE = 8  # clerks, and as many directors: the most clients there are at once


@dataclass(frozen=True)
class PostgreSQL:
    """The private server: its address without a database's name, and its main process."""

    address: str
    pid: int

    @property
    def settings(self) -> dict[str, str]:
        """What it says about keeping commits, and its version."""
        names = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
        with psycopg.connect(self.database("postgres")) as asked:
            return {name: str(asked.execute(f"SHOW {name}").fetchone()[0]) for name in names}  # type: ignore[index] # SHOW always answers

    def database(self, name: str) -> str:
        """A database's address as PostgreSQL's own programs take it."""
        return f"{self.address}/{name}"

    def holds(self, name: str) -> bool:
        """Whether there is a database of that name."""
        with psycopg.connect(self.database("postgres")) as asked:
            found = asked.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            return found.fetchone() is not None

    def make(self, name: str, *, like: str = "template1") -> str:
        """A database of that name, a copy of another one (which is empty by default)."""
        with psycopg.connect(self.database("postgres"), autocommit=True) as asked:
            asked.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return self.database(name)


@dataclass(frozen=True)
class Site:
    """Running web processes, each on a port of its own; `kind` says whose pages."""

    kind: str
    ports: tuple[int, ...]
    pids: tuple[int, ...]
    database: str


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL of the bench's own that keeps what it committed, for as long as it lasts."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with servers.postgresql_running(lasting=True) as address:
        plain = address.replace("+psycopg", "").rsplit("/", 1)[0]
        with psycopg.connect(f"{plain}/postgres") as asked:
            pid = cpu.parent(asked.info.backend_pid)
        yield PostgreSQL(plain, pid)


def environment(database: str) -> dict[str, str]:
    """The settings of our own server: production's."""
    return os.environ | {
        "ENV": "production",
        "DATABASE_URL": database,
        "ALLOW_SQLITE": "1",
        "SECRET_KEY": SECRET,
        "PYTHONPATH": str(machine.ROOT),
    }


def founded(server: PostgreSQL, name: str) -> str:
    """A database with this release and the bench's process installed, and its people."""
    if not server.holds(MASTER):
        flask = [str(PROGRAMS / "flask"), "--app", "wsgi"]
        env = environment(server.make(MASTER))
        done([*flask, "db", "upgrade"], env)
        done([*flask, "install", str(HERE / "processes")], env)
        done([sys.executable, "-m", "bench.county", str(PEOPLE)], env)
    return server.make(name, like=MASTER)


def done(command: Sequence[str], env: Mapping[str, str]) -> str:
    """Run a command to its end; what it prints, which is shown only if it fails."""
    said = subprocess.run(
        command, cwd=machine.ROOT, env=env, capture_output=True, text=True, check=False
    )
    if said.returncode:
        raise processes.NotReady(f"{' '.join(command)}:\n{said.stdout}{said.stderr}")
    return said.stdout


@contextmanager
def serving(database: str, *, workers: int = 1) -> Iterator[Site]:
    """Our own web processes on that database, as the operator's guide starts them."""
    command = [str(PROGRAMS / "granian"), *GRANIAN, f"--blocking-threads={THREADS}", "wsgi:app"]
    place = Server(command, environment(database), machine.ROOT, "/readyz")
    with place.running(workers) as (ports, pids):
        yield Site("weathervane", ports, pids, database)


@dataclass(frozen=True)
class Server:
    """How a web process is started, and the page by which it says that it is there."""

    command: Sequence[str]
    env: Mapping[str, str]
    folder: Path
    page: str

    @contextmanager
    def running(self, times: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """So many of them until the block ends: their ports and processes, once all answer."""
        with ExitStack() as stack:
            found = [stack.enter_context(self._one(number)) for number in range(times)]
            yield tuple(port for port, _pid in found), tuple(pid for _port, pid in found)

    @contextmanager
    def _one(self, number: int) -> Iterator[tuple[int, int]]:
        port, log = processes.free_port(), LOGS / f"{self.folder.name}-{number + 1}.log"
        log.write_text("")
        command = [*self.command, f"--port={port}"]
        server = processes.spawn(command, log=log, env=self.env, cwd=self.folder)
        try:
            processes.wait_until(
                lambda: _answers(port, self.page),
                process=server,
                what=self.folder.name,
                log=log,
                seconds=60,
            )
            yield port, server.pid
        finally:
            processes.stop(server)


def _answers(port: int, page: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", page)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()

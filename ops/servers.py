"""A PostgreSQL and a Redis of the tests' own, started in .servers/ and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import machine, processes

ROOT = machine.ROOT
HOME = ROOT / ".servers"
USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Addresses:
    """Where the two servers listen, as the tests take them."""

    postgresql: str
    redis: str

    def environment(self) -> dict[str, str]:
        """The variables the tests read."""
        return {"TEST_POSTGRESQL_URL": self.postgresql, "TEST_REDIS_URL": self.redis}


@contextmanager
def running() -> Iterator[Addresses]:
    """Both servers, for as long as the block lasts."""
    with ExitStack() as stack:
        postgresql = stack.enter_context(postgresql_running())
        redis = stack.enter_context(redis_running())
        yield Addresses(postgresql, redis)


@contextmanager
def postgresql_running(*, lasting: bool = False) -> Iterator[str]:
    """A PostgreSQL server with an empty database; answers its address.

    `lasting`: with its own defaults, which keep what was committed over a power cut (the bench).
    """
    programs = machine.postgresql() or machine.postgresql_from_wheel()
    user = unprivileged()
    with directory("postgresql", user) as home:
        initialise(programs, home, user)
        port = processes.free_port()
        log = home / "server.log"
        log.touch()
        settings: tuple[str, ...] = (
            f"port={port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
        )
        settings += () if lasting else UNSAFE_BUT_FAST
        options = [part for each in settings for part in ("-c", each)]
        server = processes.spawn(
            [programs / "postgres", "-D", home / "data", *options], log=log, user=user, cwd=home
        )
        try:
            ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            processes.wait_until(
                lambda: subprocess.run(ready, check=False).returncode == 0,
                process=server,
                what="PostgreSQL",
                log=log,
                seconds=60,
            )
            yield f"postgresql+psycopg://weathervane@127.0.0.1:{port}/postgres"
        finally:
            processes.stop(server, signal.SIGINT)  # PostgreSQL's "fast" shutdown


def initialise(programs: Path, home: Path, user: str | None) -> None:
    """Make the files of a new server."""
    done = processes.run_as(
        user,
        programs / "initdb",
        f"--pgdata={home / 'data'}",
        "--username=weathervane",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
        cwd=home,
    )
    if done.returncode:
        raise processes.NotReady(f"initdb failed:\n{done.stdout}{done.stderr}")


@contextmanager
def redis_running() -> Iterator[str]:
    """A Redis server that keeps nothing; answers its address."""
    with directory("redis", None) as home:
        port = processes.free_port()
        log = home / "server.log"
        settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)]
        server = processes.spawn([machine.redis_server(), *settings], log=log)
        try:
            processes.wait_until(
                lambda: "eady to accept connections" in log.read_text(errors="replace"),
                process=server,
                what="Redis",
                log=log,
                seconds=30,
            )
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            processes.stop(server)


def unprivileged() -> str | None:
    """Whom to run PostgreSQL as: somebody harmless if we are root, else ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(user for user in USERS if user in known)


@contextmanager
def directory(name: str, user: str | None) -> Iterator[Path]:
    """An empty folder the user can reach, gone at the end; a temporary one if need be."""
    HOME.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=HOME))
    if user and not hand_over(home, user):
        home.rmdir()
        home = Path(tempfile.mkdtemp(prefix="weathervane-"))
        hand_over(home, user)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def hand_over(folder: Path, user: str) -> bool:
    """Give a folder to a user; answers whether they can reach it through the folders above."""
    shutil.chown(folder, user, processes.group_of(user))
    return processes.run_as(user, "test", "-w", folder, cwd=Path("/")).returncode == 0


def main() -> int:
    """Run the command given as arguments with both servers there and their addresses set."""
    machine.provide()
    with processes.interruptible(), running() as addresses:
        return subprocess.run(
            sys.argv[1:], env=os.environ | addresses.environment(), check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())

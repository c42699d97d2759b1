"""A PostgreSQL and a Redis of a campaign's own: killed, stopped, filled up, started again."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import psycopg
from redis import Redis, RedisError

from ops import machine, processes, servers

PATIENCE = 60.0
STAYS_IN_SHAPE = ("autovacuum=off", "max_wal_size=64MB", "min_wal_size=32MB")


@dataclass
class Shaken:
    """A server on a port of its own whose process comes and goes; its files stay."""

    home: Path
    user: str | None = None
    port: int = field(default_factory=processes.free_port)
    process: Popen[bytes] | None = None
    starts: int = 0

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = processes.spawn(self.command(), log=self.log, user=self.user, cwd=self.home)
        processes.wait_until(
            self.answers, process=self.process, what=str(self.command()[0]), log=self.log,
            seconds=PATIENCE,
        )  # fmt: skip
        self.starts += 1

    def end(self, how: signal.Signals) -> None:
        """End it in that way; it is gone when this returns."""
        if self.process is not None:
            processes.stop(self.process, how)
            self.process = None

    @property
    def log(self) -> Path:
        """What it writes."""
        return self.home / "server.log"

    def command(self) -> list[str | Path]:
        """How it is started."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it serves."""
        raise NotImplementedError


@dataclass
class ShakenPostgres(Shaken):
    """A PostgreSQL that keeps what it committed."""

    programs: Path = field(
        default_factory=lambda: machine.postgresql() or machine.postgresql_from_wheel()
    )

    @property
    def address(self) -> str:
        """Where databases are made."""
        return f"postgresql+psycopg://weathervane@127.0.0.1:{self.port}/postgres"

    def command(self) -> list[str | Path]:
        """How it is started."""
        own = (f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=")
        options = [part for each in (*own, *STAYS_IN_SHAPE) for part in ("-c", each)]
        return [self.programs / "postgres", "-D", self.home / "data", *options]

    def answers(self) -> bool:
        """Whether it serves."""
        with suppress(psycopg.Error), self.ask() as connection:
            connection.execute("SELECT 1")
            return True
        return False

    def ask(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection to it, not through anything."""
        return psycopg.connect(
            f"postgresql://weathervane@127.0.0.1:{self.port}/postgres",
            autocommit=True, connect_timeout=2,
        )  # fmt: skip

    def crash(self) -> None:
        """What `pg_ctl -m immediate` does: every process ends at once, nothing is tidied up."""
        self.end(signal.SIGQUIT)

    def panics(self) -> bool:
        """Ask for a new piece of its log; whether it found no room for one."""
        with suppress(psycopg.Error), self.ask() as connection:
            connection.execute("SELECT pg_switch_wal()")
        return "PANIC" in self.log.read_text(errors="replace")

    def end_sessions(self, most: int) -> int:
        """End that many sessions of other people; how many there were."""
        with self.ask() as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE "
                "backend_type = 'client backend' AND pid <> pg_backend_pid() "
                "ORDER BY random() LIMIT %s) AS chosen",
                (most,),
            ).fetchall()
        return sum(bool(row[0]) for row in ended)


@dataclass
class ShakenRedis(Shaken):
    """A Redis that keeps a snapshot only when told to."""

    @property
    def address(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str | Path]:
        """How it is started."""
        port = str(self.port)
        return [machine.redis_server(), "--port", port, "--bind", "127.0.0.1", "--save", "",
                "--dir", self.home]  # fmt: skip

    def answers(self) -> bool:
        """Whether it serves."""
        with suppress(RedisError), Redis.from_url(self.address) as redis:
            return bool(redis.ping())
        return False

    def flush(self) -> None:
        """Forget everything."""
        with Redis.from_url(self.address) as redis:
            redis.flushall()

    def keep(self) -> None:
        """Write a snapshot: what it comes back with when it is started anew."""
        with Redis.from_url(self.address) as redis:
            redis.save()

    def crash(self) -> None:
        """It is gone, without a word."""
        self.end(signal.SIGKILL)


@contextmanager
def postgres(home: Path | None = None, wal: Path | None = None) -> Iterator[ShakenPostgres]:
    """A PostgreSQL that runs; `home` and `wal` name folders on disks of the campaign's own."""
    user = servers.unprivileged()
    with servers.directory("shaken", user) as otherwise:
        server = ShakenPostgres(home or otherwise, user)
        server.log.touch()
        if user:
            for folder in {server.home, *([wal] if wal else [])}:
                assert servers.hand_over(folder, user), f"{user} cannot reach {folder}"
            shutil.chown(server.log, user)
        servers.initialise(server.programs, server.home, user)
        if wal:
            _move(server.home / "data" / "pg_wal", wal / "pg_wal")
        server.start()
        try:
            yield server
        finally:
            server.end(signal.SIGINT)


@contextmanager
def redis(home: Path) -> Iterator[ShakenRedis]:
    """A Redis that runs."""
    server = ShakenRedis(home)
    server.start()
    try:
        yield server
    finally:
        server.crash()


def _move(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    shutil.rmtree(source)
    source.symlink_to(target)

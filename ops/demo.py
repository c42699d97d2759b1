"""The demonstration: data, web pages and background work together, until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from subprocess import Popen

from ops import machine, processes

ROOT = machine.ROOT
PROGRAMS = ROOT / ".venv" / "bin"
FLASK = (PROGRAMS / "flask", "--app", "wsgi")
WEB = (PROGRAMS / "granian", "--interface=wsgi", "--host=127.0.0.1", "--no-ws", "wsgi:app")
LONGEST_SOCKET = 100  # characters a socket's path may have
PATIENCE = 120.0


class CannotStart(Exception):
    """Something stands in the way; the message says what to do about it."""


@dataclass(frozen=True)
class Place:
    """Where one demonstration keeps its files, and the port its pages are on."""

    folder: Path
    port: int

    @property
    def database(self) -> Path:
        """The SQLite file: the one every command uses when nothing else is said."""
        return self.folder / "weathervane.sqlite3"

    @property
    def state(self) -> Path:
        """Says `loading` or `ready`; absent while the data is not this program's."""
        return self.folder / "demo.state"

    @property
    def socket_file(self) -> Path:
        """Where the embedded Redis listens, unless the path is too long for a socket."""
        return self.folder / "redis.sock"

    @cached_property
    def redis_port(self) -> int:
        """The embedded Redis's loopback port; 0 where its socket will do."""
        return processes.free_port() if len(str(self.socket_file)) > LONGEST_SOCKET else 0

    @property
    def redis(self) -> str:
        """The embedded Redis's address."""
        if self.redis_port:
            return f"redis://:{self.secret()}@127.0.0.1:{self.redis_port}/0"
        return f"unix://{self.socket_file}"

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def log(self, name: str) -> Path:
        """Where one part writes what it has to say."""
        return self.folder / f"{name}.log"

    def environment(self) -> dict[str, str]:
        """The settings all parts run under."""
        return os.environ | {
            "ENV": "demo",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "REDIS_URL": self.redis,
            "SECRET_KEY": self.secret(),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }

    def secret(self) -> str:
        """This demonstration's own secret, made the first time."""
        file = self.folder / "demo.secret"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32))
        return file.read_text()


def main(arguments: Sequence[str] | None = None) -> int:
    """Start over if asked to, load the data the first time, then run until told to stop."""
    options = parsed(arguments)
    place = Place(options.folder.resolve(), options.port)
    place.folder.mkdir(parents=True, exist_ok=True)
    try:
        with processes.interruptible(), alone(place):
            if options.reset:
                forget(place)
            load(place)
            with running(place) as parts:
                announce(place)
                watch(parts, place)
    except processes.Interrupted:
        print("\nStopped.")
        return 0
    except (CannotStart, processes.NotReady) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="throw the data away first")
    parser.add_argument("--folder", type=Path, default=ROOT / "instance")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    return parser.parse_args(arguments)


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Make sure nobody else runs this demonstration or sits on its port."""
    with (place.folder / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise CannotStart(f"The demonstration in {place.folder} runs already.") from taken
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", place.port))
            except OSError as taken:
                raise CannotStart(
                    f"Port {place.port} is taken. Choose another: make demo PORT={place.port + 10}"
                ) from taken
        yield


def forget(place: Place) -> None:
    """Remove the data, so that it is loaded anew."""
    for file in (*place.folder.glob(f"{place.database.name}*"), place.state):
        file.unlink(missing_ok=True)


def load(place: Place) -> None:
    """Load the demonstration county into an empty database; keep one that is there."""
    if place.state.exists() and place.state.read_text() == "loading":
        forget(place)  # the last time was interrupted half-way
    if place.database.exists():
        print(f"Keeping the data in {place.database} (make demo-reset starts over).", flush=True)
        return
    print("Loading the demonstration county …", flush=True)
    place.state.write_text("loading")
    loading = [str(part) for part in (*FLASK, "demo", "load")]
    if subprocess.run(loading, cwd=ROOT, env=place.environment(), check=False).returncode:
        raise CannotStart("The demonstration county could not be loaded; see above.")
    place.state.write_text("ready")


@contextmanager
def running(place: Place) -> Iterator[dict[str, Popen[bytes]]]:
    """Redis, pages and background work, stopped in the opposite order; answers them by name."""
    commands = {
        "redis": redis_command(place),
        "web": (*WEB, f"--port={place.port}", "--workers=1", "--blocking-threads=4"),
        "work": (*FLASK, "work"),
    }
    place.socket_file.unlink(missing_ok=True)
    with ExitStack() as stack:
        parts: dict[str, Popen[bytes]] = {}
        for name, command in commands.items():
            place.log(name).write_text("")
            parts[name] = processes.spawn(
                command,
                log=place.log(name),
                env=place.environment(),
                cwd=place.folder if name == "redis" else ROOT,
            )
            stack.callback(processes.stop, parts[name])
            if name == "redis":
                wait_for(name, place, parts)
        wait_for("web", place, parts)
        yield parts


def redis_command(place: Place) -> tuple[str | Path, ...]:
    """The embedded Redis, keeping nothing: what it holds can be lost at any time."""
    settings = (
        'save ""',
        f"port {place.redis_port}",
        "bind 127.0.0.1",
        f"requirepass {place.secret()}" if place.redis_port else "unixsocket redis.sock",
        "unixsocketperm 700",
    )
    file = place.folder / "redis.conf"
    file.touch(mode=0o600)
    file.write_text("\n".join(settings))
    return (machine.bundled_redis(), file.name)


def wait_for(name: str, place: Place, parts: dict[str, Popen[bytes]]) -> None:
    """Wait until a part answers."""
    answers = {
        "redis": lambda: "eady to accept connections" in place.log(name).read_text(),
        "web": lambda: healthy(place),
    }
    processes.wait_until(
        answers[name],
        process=parts[name],
        what=name,
        log=place.log(name),
        seconds=PATIENCE,
    )


def healthy(place: Place) -> bool:
    """Whether the pages say they are ready."""
    connection = HTTPConnection("127.0.0.1", place.port, timeout=5)
    with closing(connection), suppress(OSError, HTTPException):
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    return False


def announce(place: Place) -> None:
    """Say where the pages are and who can sign in."""
    accounts = [str(part) for part in (*FLASK, "demo", "accounts")]
    said = subprocess.run(
        accounts, cwd=ROOT, env=place.environment(), capture_output=True, text=True, check=False
    )
    if said.returncode:
        raise CannotStart(f"The accounts could not be listed:\n{said.stdout}{said.stderr}")
    print(f"\n{said.stdout.strip()}\n\nWeathervane is ready: {place.address}   (Ctrl-C stops it)")
    sys.stdout.flush()


def watch(parts: dict[str, Popen[bytes]], place: Place) -> None:
    """Stay until a part ends by itself, which is an error, or somebody interrupts."""
    while True:
        for name, process in parts.items():
            if process.poll() is not None:
                raise processes.NotReady(
                    f"{name} ended by itself. Its last words:\n{processes.tail(place.log(name))}"
                )
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())

"""`make demo` as a supervisor: what it starts, keeps, refuses and stops, with stand-in programs."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from ops import demo, processes
from tests.ops.families import relatives

FLASK = """
import os, sys, time
from pathlib import Path
database = Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
if sys.argv[1:] == ["demo", "load"]:
    if (database.parent / "cannot load").exists():
        database.write_text("half")
        sys.exit("no room")
    database.write_text(os.environ["ENV"])
if sys.argv[1:] == ["demo", "accounts"]:
    print("clerk demo")
if sys.argv[1:] == ["work"]:
    (database.parent / "redis address").write_text(os.environ["REDIS_URL"])
    while not (database.parent / "stop working").exists():
        time.sleep(0.02)
    sys.exit("out of work")
"""
WEB = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
port = next(each for each in sys.argv if each.startswith("--port=")).removeprefix("--port=")
HTTPServer(("127.0.0.1", int(port)), Ready).serve_forever()
"""
DEMO = f"""
import sys
from ops import demo
demo.FLASK = (sys.executable, "-c", {FLASK!r})
demo.WEB = (sys.executable, "-c", {WEB!r})
sys.exit(demo.main(sys.argv[1:]))
"""


@pytest.fixture
def place(tmp_path):
    return demo.Place(tmp_path / "instance", processes.free_port())


@contextmanager
def demonstration(place: demo.Place, *options: str) -> Iterator[subprocess.Popen[str]]:
    arguments = [f"--folder={place.folder}", f"--port={place.port}", *options]
    running = subprocess.Popen(
        [sys.executable, "-c", DEMO, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running
    finally:
        running.terminate()
        running.communicate()


def until_ready(running: subprocess.Popen[str]) -> str:
    said = ""
    assert running.stdout
    for line in running.stdout:
        said += line
        if "ready" in line:
            return said
    pytest.fail(f"It ended instead of getting ready:\n{said}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ending_it_leaves_no_process_behind(place, number):
    with demonstration(place) as running:
        until_ready(running)
        assert len(relatives(place.folder)) == 4

        running.send_signal(number)
        said, _ = running.communicate(timeout=30)

    assert "Stopped." in said
    assert running.returncode == 0
    assert relatives(place.folder) == []


def test_the_first_run_loads_the_county_and_says_where_to_go(place):
    with demonstration(place) as running:
        said = until_ready(running)

    assert "Loading the demonstration county" in said
    assert "clerk demo" in said
    assert place.address in said
    assert place.database.read_text() == "demo"


def test_a_second_run_keeps_the_data(place):
    with demonstration(place) as running:
        until_ready(running)
    place.database.write_text("worked on")

    with demonstration(place) as running:
        assert "Keeping the data" in until_ready(running)

    assert place.database.read_text() == "worked on"


def test_resetting_starts_over(place):
    with demonstration(place) as running:
        until_ready(running)
    place.database.write_text("worked on")

    with demonstration(place, "--reset") as running:
        until_ready(running)

    assert place.database.read_text() == "demo"


def test_a_load_that_broke_off_is_done_again(place):
    place.folder.mkdir()
    blocked = place.folder / "cannot load"
    blocked.touch()
    with demonstration(place) as running:
        said, _ = running.communicate(timeout=30)
    assert "no room" in said
    assert running.returncode == 1

    blocked.unlink()
    with demonstration(place) as running:
        until_ready(running)

    assert place.database.read_text() == "demo"


def test_a_part_that_ends_by_itself_ends_everything_with_its_last_words(place):
    with demonstration(place) as running:
        until_ready(running)
        (place.folder / "stop working").touch()
        said, _ = running.communicate(timeout=30)

    assert "work ended by itself" in said
    assert "out of work" in said
    assert running.returncode == 1
    assert relatives(place.folder) == []


def test_a_taken_port_is_refused_with_another_to_try(place):
    with socket.socket() as other:
        other.bind(("127.0.0.1", place.port))
        other.listen()
        with demonstration(place) as running:
            said, _ = running.communicate(timeout=30)

    assert f"make demo PORT={place.port + 10}" in said
    assert running.returncode == 1


def test_one_folder_holds_one_running_demonstration(place):
    with demonstration(place) as running:
        until_ready(running)
        with demonstration(demo.Place(place.folder, processes.free_port())) as second:
            said, _ = second.communicate(timeout=30)

    assert "runs already" in said


def test_the_secret_is_its_own_and_stays(tmp_path):
    place = demo.Place(tmp_path, 8000)
    secret = place.secret()

    assert len(secret) == 64
    assert place.secret() == secret
    assert (tmp_path / "demo.secret").stat().st_mode & 0o077 == 0


def test_redis_listens_where_its_path_is_short_enough(tmp_path):
    short = demo.Place(Path("/county"), 8000)
    long = demo.Place(tmp_path / ("x" * 100), 8000)
    long.folder.mkdir()

    assert short.redis == "unix:///county/redis.sock"
    assert long.redis.startswith(f"redis://:{long.secret()}@127.0.0.1:")
    assert long.redis.endswith(f":{long.redis_port}/0")


@pytest.mark.parametrize("name", ["short", "long" * 25])
def test_redis_answers_at_the_address_given_to_the_parts(tmp_path_factory, name):
    with tempfile.TemporaryDirectory(dir=short_folder()) as folder:
        place = demo.Place(Path(folder) / name, processes.free_port())
        with demonstration(place) as running:
            until_ready(running)
            address = (place.folder / "redis address").read_text()
            with Redis.from_url(address) as redis:
                assert redis.ping()


def short_folder() -> str:
    """The shortest temporary folder there is: the run's own, or the system's."""
    return min(tempfile.gettempdir(), "/tmp", key=len)  # noqa: S108 - only folders are made there

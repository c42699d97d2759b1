"""`make demo` for real: the county loads, pages and work run, Ctrl-C ends it, the data stays."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from ops import demo, processes
from tests.ops.families import relatives


@contextmanager
def running(place: demo.Place) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demonstration and what it said until it was ready."""
    options = [f"--folder={place.folder}", f"--port={place.port}"]
    program = subprocess.Popen(
        [sys.executable, "-m", "ops.demo", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=demo.ROOT,
        text=True,
    )
    assert program.stdout
    said = []
    for line in program.stdout:
        said.append(line)
        if "Weathervane is ready" in line:
            break
    try:
        yield program, "".join(said)
    finally:
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=60)


def asked(place: demo.Place, path: str) -> tuple[int, str]:
    """The status and the text a visitor gets."""
    connection = HTTPConnection("127.0.0.1", place.port, timeout=20)
    connection.request("GET", path, headers={"Accept-Language": "zh-CN"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.timeout(300)
def test_a_newcomer_gets_a_county_at_work_and_finds_it_again(tmp_path):
    place = demo.Place(tmp_path / "instance", processes.free_port())

    with running(place) as (program, said):
        assert "Loading the demonstration county" in said
        assert place.address in said
        assert asked(place, "/healthz")[0] == 200
        status, page = asked(place, "/signin")
        assert (status, "</html>" in page) == (200, True)
    assert program.returncode == 0
    assert relatives(place.folder) == []
    size = place.database.stat().st_size

    with running(place) as (program, said):
        assert "Keeping the data" in said
    assert program.returncode == 0
    assert place.database.stat().st_size >= size
    assert relatives(place.folder) == []

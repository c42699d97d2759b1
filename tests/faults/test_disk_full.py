"""R7: the disk is full: writing is refused in words, reading works, nothing confirmed is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection

import pytest
from sqlalchemy import make_url

from ops import servers
from tests import people
from tests.faults.harness import disks, pace, shaken
from tests.faults.harness.clerks import Clerk
from tests.faults.harness.disks import Disk
from tests.faults.harness.weather import Weather, settled, weather
from tests.soaking import Figures

BACK = 30.0  # seconds after there is room again until acts go on
REFUSED = 20  # answers "no room" before the disk is freed
LARGE = 2 * 1024 * 1024
PAGES = ("/inbox/", "/ledger/", "/account/password")
BOUNDARY = "a-line-between-parts"


@pytest.mark.only("sqlite")
@pytest.mark.timeout(150)
@pytest.mark.soak("R7", only=True)
def test_a_full_disk_under_sqlite_its_logs_and_its_uploads(server, tmp_path, size, chance, figures):
    (small := tmp_path / "small").mkdir()
    with (
        disks.disk_or_limit(small, 64) as disk,
        weather(server, small, chance, cases=size(20, 300), env={"TMPDIR": str(small)}) as found,
    ):
        with found.people_at_work():
            found.goes_on(120, 5)
            full(found, disk, figures, times=size(1, 5), uploads=True)
        figures("times the disk was full", disk.filled, at_least=size(1, 5))
        figures("processes that ended for want of room, started again", found.site.restarts)
        settled(found, figures)
        file = make_url(found.address).database or ""
        with closing(sqlite3.connect(file)) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        figures("SQLite's own integrity check", said, exactly="ok")


@pytest.mark.only("postgresql")
@pytest.mark.soak("R7", only=True)
def test_a_full_disk_under_postgresql(tmp_path, chance, figures):
    with (
        servers.directory("data", None) as data,
        servers.directory("log", None) as log,
        disks.disk(data, 160) as disk,
        shaken.postgres(data, log) as server,
        weather(server.address, tmp_path, chance, cases=300) as found,
    ):
        with found.people_at_work():
            found.goes_on(120, 5)
            full(found, disk, figures, times=3)
        figures("times PostgreSQL's disk was full", disk.filled, at_least=3)
        figures("starts of PostgreSQL (it stayed up)", server.starts, exactly=1)
        settled(found, figures)


@pytest.mark.only("postgresql")
@pytest.mark.soak("R7", only=True)
def test_a_full_disk_under_the_log_of_postgresql(tmp_path, chance, figures):
    with (
        servers.directory("log", None) as wal,
        disks.disk(wal, 128) as disk,
        shaken.postgres(wal=wal) as server,
        weather(server.address, tmp_path, chance, cases=300) as found,
    ):
        with found.people_at_work():
            found.goes_on(120, 5)
            disk.fill(found.site)
            pace.until(server.panics, 60, "PostgreSQL finds no room for its log")
            until_refused(found)
            disk.free(found.site)
            server.crash()
            server.start()
            figures(
                "acts go on after it starts again", found.goes_on(BACK * 2), unit="s", at_most=BACK
            )
        figures("times the log's disk was full, which ends PostgreSQL", disk.filled, at_least=1)
        settled(found, figures)


def full(
    found: Weather, disk: Disk, figures: Figures, *, times: int, uploads: bool = False
) -> None:
    """Fill the disk, look what people can still do, make room: again and again."""
    ports = list(found.site.ports.values())
    back, read = [], 0
    with closing_line(Clerk(ports, people.login_of("ZJJ", "unit_leader"), found.heard)) as reader:
        reader.sign_in()
        assert upload(found) == 400, "while there is room, only the token is missed"
        for _turn in range(times):
            disk.fill(found.site)
            until_refused(found)
            found.site.strike("web-2")
            found.site.wait_until_up()
            for path in PAGES:
                reader.hang_up()  # the next one asks the other process, which has just started
                page = reader.look(path)
                assert page is not None
                assert page.status == 200, f"{path}: {page.status}"
                read += 1
            if uploads:
                assert upload(found) == 503
            disk.free(found.site)
            back.append(found.goes_on(2 * BACK))
    figures("pages read while the disk was full", read, at_least=3 * times)
    figures("acts go on after there is room", max(back), unit="s", at_most=BACK)


@contextmanager
def closing_line(clerk: Clerk) -> Iterator[Clerk]:
    """Hang up at the end."""
    try:
        yield clerk
    finally:
        clerk.hang_up()


def until_refused(found: Weather) -> None:
    """Wait until people were refused often enough."""
    before = found.heard.statuses[503]
    pace.until(lambda: found.heard.statuses[503] > before + REFUSED, 90, "people are refused")


def upload(found: Weather) -> int:
    """Send a large file that lacks a form's token; no room for it is said in words."""
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = part.encode() + bytes(LARGE) + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Accept-Language": "en"}
    line = HTTPConnection("127.0.0.1", next(iter(found.site.ports.values())), timeout=30)
    with closing(line):
        line.request("POST", "/signin", body, kind)
        came = line.getresponse()
        page = came.read().decode()
    if came.status == 503:
        assert came.headers["Retry-After"] == "5"
        assert "There is no room left" in page
    return came.status

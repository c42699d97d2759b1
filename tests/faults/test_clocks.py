"""R8: clocks of web and worker machines are wrong or jump; the database's clock decides."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from app import clock
from app.clock import UTC
from app.commands.timers import fire_due
from app.db import session
from app.model import Assignment, Timer
from ops import machine
from tests import stories, supervision
from tests.access.browsers import give_passwords
from tests.faults.harness import pace, servers, shaken
from tests.faults.harness.weather import Weather, in_time, settled, weather
from tests.web.conftest import Browser

WRONG = (timedelta(hours=1), -timedelta(hours=1), timedelta(days=1), -timedelta(days=1))
JUMPS = ("+3600", "-3600", "+86400", "-86400", "+0")
LATE = 60.0
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_process_with_a_wrong_clock_fires_nothing_early_and_nothing_late(tanghe, wrong):
    item = supervision.in_hand(tanghe)
    due = session().scalar(
        select(Timer.fire_at)
        .join(Assignment, Assignment.id == Timer.assignment_id)
        .where(Timer.case_id == item, Timer.state == "pending", Assignment.state == "active")
        .order_by(Timer.fire_at)
        .limit(1)
    )
    shown = clock.local(due)

    with time_machine.travel(datetime.now(UTC) + wrong):
        stories.set_clock(f"{shown - timedelta(seconds=20):%Y-%m-%d %H:%M:%S}")
        assert fire_due() == 0
        stories.set_clock(f"{shown + timedelta(seconds=20):%Y-%m-%d %H:%M:%S}")
        assert fire_due() >= 1

    fired = session().scalars(select(Timer.fired_at).where(Timer.fired_at.is_not(None))).all()
    assert all(due <= each < due + timedelta(seconds=LATE) for each in fired)


@pytest.mark.parametrize("zone", ZONES)
def test_the_machines_time_zone_decides_nothing(database, monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        found = {}
        for evening in ("2026-02-28 23:59:30", "2028-02-29 00:00:10", "2026-12-31 23:59:30"):
            stories.set_clock(evening)
            found[evening] = str(clock.today())
    finally:
        monkeypatch.undo()
        time.tzset()

    assert found == {evening: evening[:10] for evening in found}


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_form_taken_from_one_server_may_be_sent_to_one_with_another_clock(app, tanghe, wrong):
    give_passwords()
    browser = Browser(app.test_client())
    token = browser.token()
    there = {"csrf_token": token, "login": tanghe.post("convener").login, "password": "wrong"}

    with time_machine.travel(datetime.now(UTC) + wrong):
        answer = browser.client.post("/signin", data=there)

    assert answer.status_code == 422, "it was taken and read"


@pytest.mark.only("postgresql")
@pytest.mark.soak("R8", only=True)
def test_clocks_that_jump_while_people_work(tmp_path, chance, figures):
    (tmp_path / "workers").mkdir()
    with (
        shaken.postgres() as server,
        weather(
            server.address, tmp_path, chance, cases=300, overdue=60, workers=0,
            env=faked(tmp_path / "web", "UTC"),
        ) as found,
        servers.site(
            found.address, tmp_path / "workers", webs=0, workers=2,
            env=faked(tmp_path / "worker", "Asia/Shanghai"),
        ),
    ):  # fmt: skip
        with found.people_at_work():
            found.goes_on(120, 5)
            jumps = jumping(found, tmp_path)
        figures("jumps of web and worker clocks, in two time zones", jumps, at_least=12)
        figures("forms refused", found.heard.statuses[400], exactly=0)
        verdict = settled(found, figures)
        figures("timers fired, none early", verdict.counts["firings"], at_least=50)
        in_time(figures)


def faked(clock_file: Path, zone: str) -> dict[str, str]:
    """The environment in which a process believes that file's clock and lives in that zone."""
    clock_file.write_text("+0")
    return {
        "TZ": zone,
        "LD_PRELOAD": str(machine.faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(clock_file),
        "FAKETIME_CACHE_DURATION": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def jumping(found: Weather, folder: Path) -> int:
    """Every wrong clock beside some others for some moments; how many jumps that were."""
    jumps = 0
    for web, worker in list(product(JUMPS, JUMPS))[::2]:
        (folder / "web").write_text(web)
        (folder / "worker").write_text(worker)
        found.goes_on(120, 3)
        pace.pause(1.2)
        jumps += 1
    return jumps

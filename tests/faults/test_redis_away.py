"""R5: Redis is wiped, gone, or comes back as it was hours ago; nobody's work is lost or doubled."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import insert

from app import clock
from app.db import transaction
from app.model import Timer
from tests import stories, supervision
from tests.faults.harness import pace, shaken
from tests.faults.harness.history import drained, judge
from tests.faults.harness.shaken import ShakenRedis
from tests.faults.harness.weather import Weather, in_time, settled, weather

BETWEEN = 0.3  # seconds from one wipe to the next
SLOW = 300.0  # seconds: a busy machine is no fault of ours
STEPS = 100  # more than any ladder has


@pytest.mark.timeout(150)
@pytest.mark.soak("R5", only=True, minutes=20)
def test_a_redis_that_forgets_and_goes_away_costs_nothing(server, tmp_path, size, chance, figures):
    acts, cases, gone = size(20, 1000), size(20, 500), size(2.0, 300.0)
    with (
        shaken.redis(tmp_path) as redis,
        weather(
            server, tmp_path, chance, cases=cases, overdue=size(6, 60), redis=redis.address
        ) as found,
    ):
        with found.people_at_work():
            wipes = wiped_until(found, redis, acts, size(3, 100))
            redis.keep()
            found.goes_on(SLOW, size(5, 50))
            redis.crash()
            before, until = found.done(), time.monotonic() + gone
            urged_meanwhile(found, gone)
            found.goes_on(SLOW, size(5, 100))
            ready = found.probe("/readyz")
            pace.pause(max(0.0, until - time.monotonic()))
            without = found.done() - before
            redis.start()
            found.goes_on(SLOW, size(5, 100))
        figures("times Redis was wiped", wipes, at_least=size(3, 100))
        figures("acts done meanwhile", acts, at_least=acts)
        figures("acts done while Redis was gone", without, at_least=size(5, 100))
        figures("Redis was gone for", gone, unit="s")
        figures("came back from an old snapshot", redis.starts - 1, exactly=1)
        assert ready[0] == 200
        assert '"redis":"away"' in ready[2].replace(" ", "")
        verdict = settled(found, figures)
        figures("reminders sent", verdict.counts["messages"], at_least=1)
        in_time(figures)


def wiped_until(found: Weather, redis: ShakenRedis, acts: int, times: int) -> int:
    """Wipe Redis at least so often, and until so many acts are done; how often that was."""
    wipes, before, began = 0, found.done(), time.monotonic()
    while found.done() < before + acts or wipes < times:
        assert time.monotonic() - began < 900, "the acts don't come to an end"
        redis.flush()
        wipes += 1
        pace.pause(BETWEEN)
    return wipes


def urged_meanwhile(found: Weather, seconds: float) -> None:
    """Let a task nobody completes have a deadline every few seconds."""
    item = supervision.in_hand(found.county, matter="Redis 不在的时候", co=[])
    task, now = stories.task(item, "complete_item"), clock.now()
    timers = [
        {"case_id": item, "assignment_id": task.id, "kind": "urge", "step": STEPS + n,
         "fire_at": now + timedelta(seconds=(n + 1) * seconds / 20), "state": "pending"}
        for n in range(20)
    ]  # fmt: skip
    with transaction() as writing:
        writing.execute(insert(Timer), timers)


@pytest.mark.only("sqlite")
@pytest.mark.soak("R5", only=True)
def test_the_campaign_notices_a_build_that_trusts_redis(server, tmp_path, chance, figures):
    with (
        shaken.redis(tmp_path) as redis,
        weather(
            server, tmp_path, chance, cases=30, overdue=30, redis=redis.address,
            planted="trusts_redis",
        ) as found,
    ):  # fmt: skip
        redis.crash()
        redis.start()
        with found.people_at_work():
            began = time.monotonic()
            while time.monotonic() - began < 25:
                redis.flush()
                pace.pause(0.01)
        try:
            drained(20)
            problems = judge(found.heard).problems
        except AssertionError as stuck:
            problems = [str(stuck)]
    figures("planted fault found: trusts Redis", bool(problems), exactly=True)

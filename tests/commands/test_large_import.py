"""A hundred thousand readings in one go within a minute, with the time it took printed."""

from __future__ import annotations

import itertools
import time

import pytest
from sqlalchemy import func, select

from app.commands.imports import confirm, create_all_unknown, upload
from app.commands.staging import stage
from app.db import session
from app.model import Reading
from app.queries.people import actor_by_login
from tests import stories
from tests.bringing import opened
from tests.people import login_of

ROWS = 100_000
INDICATORS = 200
SECONDS = 60


def many_readings():
    """A file of readings of 200 indicators in 500 areas."""
    lines = ["indicator,period,area_level,area,value,value_year_before,change,case_count"]
    for number in range(ROWS):
        indicator, area = number % INDICATORS, number // INDICATORS
        value = f"{50 + number % 50}.{number % 100:02}"
        lines.append(f"指数{indicator},2026H1,county,县{area},{value},{value},0,{number}")
    return "\n".join(lines).encode()


@pytest.mark.timeout(180)
def test_a_hundred_thousand_rows_come_in_within_a_minute(committed_db, capsys):
    stories.county("tanghe")
    analyst = actor_by_login(login_of("FY-SGB", "court_analyst"))
    round_id = opened("2026H1", analyst)
    content = many_readings()

    laps = [time.perf_counter()]
    batch = upload(round_id, "many.csv", content, actor=analyst)["batch"]
    for step in (
        lambda: stage(batch, actor=analyst),
        lambda: create_all_unknown(batch, actor=analyst),
        lambda: confirm(batch, actor=analyst),
    ):
        laps.append(time.perf_counter())
        step()
    laps.append(time.perf_counter())

    took = [round(later - earlier, 1) for earlier, later in itertools.pairwise(laps)]
    with capsys.disabled():
        print(f"\n{ROWS} rows: upload, preview, mapping, confirmation took {took} s")
    assert session().scalar(select(func.count()).select_from(Reading)) == ROWS
    assert laps[-1] - laps[0] < SECONDS

"""A county at work on a site while something outside of it goes wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import make_url, select

from app import clock
from app.db import let_go, session
from app.errors import Busy
from app.model import Timer, Work
from tests import stories
from tests.faults.harness import drills, history, pace, servers
from tests.faults.harness.desks import LONG_AGO, QUIET_ENDS_SOON, TODAY, at_work
from tests.faults.harness.history import ACKNOWLEDGED, History, Verdict
from tests.faults.harness.servers import Site
from tests.people import County
from tests.soaking import Figures

NAME = "weathervane_weather"
COMES_TO_REST = 120.0  # seconds
LATE = 60.0  # seconds that timers and work may come late


@dataclass
class Weather:
    """The site, its people and what they heard."""

    app: Flask
    address: str
    county: County
    site: Site
    heard: History
    chance: random.Random

    @contextmanager
    def people_at_work(self) -> Iterator[None]:
        """Clerks complete tasks until the block is left; each ends what it is doing.

        Reminders of what was overdue wait for the end of the quiet hours, which is soon.
        """
        pace.until(lambda: not history.backlog()["timers"], COMES_TO_REST, "timers fire")
        pace.until(clock_set, COMES_TO_REST, "the clock is set")
        with at_work(self.app, self.county, self.site, self.heard, self.chance):
            yield

    def done(self) -> int:
        """How many acts were acknowledged so far."""
        return self.heard.count(ACKNOWLEDGED)

    def goes_on(self, seconds: float, count: int = 1) -> float:
        """Wait for that many further acts to be acknowledged; how long it took."""
        enough = self.done() + count
        return pace.until(lambda: self.done() >= enough, seconds, f"{count} acts")

    def probe(self, path: str = "/signin", **headers: str) -> tuple[int, str | None, str]:
        """What the first web process answers: status, Retry-After, text; (0, …) for nothing."""
        line = HTTPConnection("127.0.0.1", next(iter(self.site.ports.values())), timeout=40)
        with suppress(OSError, HTTPException):
            line.request("GET", path, headers={"Cookie": "wv=somebody", **headers})
            came = line.getresponse()
            found = came.status, came.headers.get("Retry-After"), came.read().decode()
            line.close()
            return found
        line.close()
        return 0, None, ""


def clock_set() -> bool:
    """Set the clock to the morning; False when somebody wrote in just that moment."""
    try:
        stories.set_clock(QUIET_ENDS_SOON)
    except Busy:
        return False
    finally:
        let_go(session())
    return True


@contextmanager
def weather(
    server: str, folder: Path, chance: random.Random, *, cases: int, overdue: int = 6,
    redis: str = "", through: int = 0, **built: Any,
) -> Iterator[Weather]:  # fmt: skip
    """A county with work to do on a site that runs.

    `through`: the port by which the site (not the test) reaches PostgreSQL; `built`: see `site`.
    """
    with drills.county_at(server, NAME, folder, LONG_AGO) as (app, address, county):
        drills.open_cases(county, overdue)
        stories.set_clock(TODAY)
        drills.open_cases(county, cases)
        session().rollback()
        reached = make_url(address).set(port=through) if through else make_url(address)
        shown = reached.render_as_string(hide_password=False)
        with servers.site(shown, folder, redis=redis, **built) as site:
            yield Weather(app, address, county, site, History(), chance)


def settled(weather: Weather, figures: Figures) -> Verdict:
    """Everything comes to rest; then the records are held against what people heard."""
    let_go(session())
    took = history.drained(COMES_TO_REST)
    verdict = history.judge(weather.heard)
    figures("acts acknowledged", weather.done(), at_least=1)
    figures("answers 503, try again", weather.heard.statuses[503])
    figures("answers 500", weather.heard.broken, exactly=0)
    figures("everything done after the last fault", took, unit="s", at_most=COMES_TO_REST)
    figures("lost, doubled, disagreeing, broken chains", len(verdict.problems), exactly=0)
    verdict.require()
    return verdict


def in_time(figures: Figures, most: float = LATE) -> None:
    """No timer and no reminder of the campaign's morning was early or much too late."""
    let_go(session())
    timers = select(Timer.fire_at, Timer.fired_at).where(Timer.state == "fired")
    work = select(Work.not_before, Work.done_at).where(Work.state == "done")
    morning = datetime.fromisoformat(QUIET_ENDS_SOON).replace(tzinfo=clock.LOCAL)
    late = [
        (done - asked).total_seconds()
        for rows in (timers, work)
        for asked, done in session().execute(rows)
        if asked >= morning
    ]
    session().rollback()
    figures("timers and reminders due meanwhile", len(late), at_least=1)
    figures("early ones", sum(each < 0 for each in late), exactly=0)
    figures("the latest one", round(max(late), 1), unit="s", at_most=most)

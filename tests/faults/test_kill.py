"""R1: web and worker processes are killed all the time, and nothing is lost or done twice."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import stories
from tests.faults.harness import drills, history, servers
from tests.faults.harness.desks import LONG_AGO, QUIET_ENDS_SOON, TODAY, at_work
from tests.faults.harness.history import History, Verdict
from tests.faults.harness.servers import Site

BETWEEN = (0.25, 0.7)  # seconds from one kill to the next
DRAINED = 120.0  # seconds in which the backlog must be empty after the last kill


@dataclass(frozen=True)
class Plan:
    """How long and how much."""

    kills: int
    cases: int
    overdue: int
    planted: str = ""


@dataclass
class Outcome:
    """What a campaign came to."""

    history: History
    verdict: Verdict
    kills: int
    duels: int
    drained: float


def campaign(
    server: str, name: str, folder: Path, plan: Plan, chance: random.Random, redis: str = ""
) -> Outcome:
    """Clerks work while processes die; then everything has time to come to rest."""
    with drills.county_at(server, name, folder, LONG_AGO) as (app, address, county):
        drills.open_cases(county, plan.overdue)
        stories.set_clock(TODAY)
        drills.open_cases(county, plan.cases)
        stories.set_clock(QUIET_ENDS_SOON)
        heard = History()
        with servers.site(address, folder, redis=redis, planted=plan.planted) as site:
            with at_work(app, county, site, heard, chance) as duels:
                strike_down(site, plan.kills, chance)
            site.wait_until_up()
            took = history.drained(DRAINED)
        return Outcome(heard, history.judge(heard), site.kills, len(duels), took)


def strike_down(site: Site, kills: int, chance: random.Random) -> None:
    """SIGKILL one process after the other, whatever it is doing."""
    for _turn in range(kills):
        time.sleep(chance.uniform(*BETWEEN))
        site.strike(chance.choice(site.names))


@pytest.mark.timeout(240)
@pytest.mark.soak("R1", minutes=20)
def test_processes_that_are_killed_lose_nothing_and_do_nothing_twice(
    server, worker, redis_url, tmp_path, size, chance, figures
):
    plan = Plan(kills=size(40, 500), cases=size(150, 1600), overdue=size(12, 120))
    redis = "" if server == "sqlite" else redis_url

    found = campaign(server, f"weathervane_{worker}_kill", tmp_path, plan, chance, redis)

    heard, counts = found.history, found.verdict.counts
    figures("processes killed", found.kills, exactly=size(40, 500))
    figures("completions acknowledged", heard.count(history.ACKNOWLEDGED), at_least=size(40, 3000))
    figures("requests cut off", heard.cut, at_least=1)
    figures("duels over one task", found.duels, at_least=size(3, 100))
    figures("refused (somebody else was faster)", heard.statuses[409], at_least=1)
    figures("timers fired", counts["firings"], at_least=size(40, 1000))
    figures("escalations opened", counts["escalations"], at_least=size(4, 100))
    figures("reminders sent", counts["messages"], at_least=size(4, 100))
    figures("answers 500", heard.broken, exactly=0)
    figures("answers nobody ever heard", heard.count(history.UNKNOWN), exactly=0)
    figures("cases whose engine and tables agree", counts["cases"])
    figures("backlog empty after the last kill", found.drained, unit="s", at_most=DRAINED)
    figures("lost, doubled, disagreeing, broken chains", len(found.verdict.problems), exactly=0)
    found.verdict.require()

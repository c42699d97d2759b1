"""R1: web and worker processes are killed all the time, and nothing is lost or done twice."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests import stories
from tests.faults.harness import drills, history, pace, servers
from tests.faults.harness.desks import LONG_AGO, at_work
from tests.faults.harness.history import ACKNOWLEDGED, History, Verdict
from tests.faults.harness.servers import Site

BETWEEN = (0.25, 0.7)  # seconds from one kill to the next
EARLY, UNTIL_DAY = "2026-08-24 08:21", 9  # minutes of quiet: reminders wait, then go at once
DRAINED = 120.0  # seconds in which the backlog must be empty after the last kill


@dataclass(frozen=True)
class Plan:
    """How long and how much."""

    kills: int
    cases: int
    overdue: int
    duels: int = 0
    acts: int = 0
    seconds: float = 120  # that the killing may go on until so much was done
    workers: int = 2
    planted: str = ""
    kind: str = ""  # which processes are killed: all, or those whose name begins so


@dataclass
class Outcome:
    """What a campaign came to."""

    history: History
    verdict: Verdict
    kills: int
    restarts: int
    duels: int
    drained: float


def campaign(
    server: str, name: str, folder: Path, plan: Plan, chance: random.Random, redis: str = ""
) -> Outcome:
    """Clerks work while processes die; then everything has time to come to rest."""
    with drills.county_at(server, name, folder, LONG_AGO) as (app, address, county):
        drills.open_cases(county, plan.overdue)
        stories.set_clock(EARLY)
        drills.open_cases(county, plan.cases)
        heard = History()
        built = {"workers": plan.workers, "planted": plan.planted}
        with servers.site(address, folder, redis=redis, **built) as site:
            with at_work(app, county, site, heard, chance) as duels:
                strike_down(site, plan.kills // 2, plan.kind, chance)
                drills.pass_time(minutes=UNTIL_DAY)
                strike_down(site, plan.kills - plan.kills // 2, plan.kind, chance)

                def enough() -> bool:
                    strike_down(site, min(plan.kills, 1), plan.kind, chance)
                    return len(duels) >= plan.duels and heard.count(ACKNOWLEDGED) >= plan.acts

                pace.until(enough, plan.seconds, "enough done between the kills")
            site.wait_until_up()
            took = history.drained(DRAINED)
        verdict = history.judge(heard)
        return Outcome(heard, verdict, site.kills, site.restarts, len(duels), took)


def strike_down(site: Site, kills: int, kind: str, chance: random.Random) -> None:
    """SIGKILL one process after the other, whatever it is doing; all were up before."""
    names = [name for name in site.names if name.startswith(kind)]
    for _turn in range(kills):
        pace.pause(chance.uniform(*BETWEEN))
        site.wait_until_up()
        site.strike(chance.choice(names))


@pytest.mark.timeout(240)
@pytest.mark.soak("R1", minutes=20)
def test_processes_that_are_killed_lose_nothing_and_do_nothing_twice(
    server, worker, redis_url, tmp_path, size, chance, figures
):
    plan = Plan(
        kills=size(40, 500),
        cases=size(150, 1600),
        overdue=size(12, 120),
        duels=size(5, 100),
        acts=size(10, 3000),
        seconds=size(120, 600),
    )
    redis = "" if server == "sqlite" else redis_url

    found = campaign(server, f"weathervane_{worker}_kill", tmp_path, plan, chance, redis)

    heard, counts = found.history, found.verdict.counts
    figures("processes killed", found.kills, at_least=plan.kills)
    figures("processes that ended by themselves", found.restarts, exactly=0)
    figures("completions acknowledged", heard.count(ACKNOWLEDGED), at_least=plan.acts)
    figures("requests cut off", heard.cut, at_least=1)
    figures("duels over one task", found.duels, at_least=plan.duels)
    figures("refused (somebody else was faster)", heard.statuses[409], at_least=1)
    figures("timers fired", counts["firings"], at_least=size(10, 1000))
    figures("escalations opened", counts["escalations"], at_least=size(1, 100))
    figures("reminders sent", counts["messages"], at_least=size(1, 100))
    figures("of them after the quiet hours", counts["work"], at_least=1)
    figures("answers 500", heard.broken, exactly=0)
    figures("answers nobody ever heard", heard.count(history.UNKNOWN), exactly=0)
    figures("cases whose engine and tables agree", counts["cases"])
    figures("backlog empty after the last kill", found.drained, unit="s", at_most=DRAINED)
    figures("lost, doubled, disagreeing, broken chains", len(found.verdict.problems), exactly=0)
    found.verdict.require()


BROKEN = {
    "nolock": Plan(0, cases=90, overdue=0, duels=15, workers=0),
    "sendfirst": Plan(24, cases=8, overdue=24, kind="worker"),
    "outbox_after_commit": Plan(40, cases=8, overdue=40, kind="worker"),
}
SIGNS = {
    "nolock": ("completions of assignment", "times in the journal", "differ"),
    "sendfirst": ("fired 2 times", "fired 3 times"),
    "outbox_after_commit": ("never arrived",),
}


def found_broken(server: str, name: str, folder: Path, chance: random.Random, planted: str) -> bool:
    """Whether the campaign sees what is wrong with that build."""
    plan = replace(BROKEN[planted], planted=planted)
    found = campaign(server, name, folder, plan, chance)
    print(f"{planted}: {len(found.verdict.problems)} problems, {found.history.broken} × 500")
    print("\n".join(found.verdict.problems[:5]))
    return any(sign in said for said in found.verdict.problems for sign in SIGNS[planted])


@pytest.mark.timeout(240)
@pytest.mark.soak("R1")
def test_the_campaign_notices_a_build_without_locks(server, worker, tmp_path, chance, figures):
    name = f"weathervane_{worker}_kill_nolock"
    found = found_broken(server, name, tmp_path, chance, "nolock")
    figures("planted fault noticed: nolock", found, exactly=True)


@pytest.mark.soak("R1", only=True)
@pytest.mark.parametrize("planted", ["sendfirst", "outbox_after_commit"])
def test_the_campaign_notices_broken_builds(server, worker, tmp_path, chance, figures, planted):
    name = f"weathervane_{worker}_kill_{planted}"
    found = found_broken(server, name, tmp_path, chance, planted)
    figures(f"planted fault noticed: {planted}", found, exactly=True)

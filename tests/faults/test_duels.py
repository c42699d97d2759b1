"""R3: two people want the same task in the same moment; one gets it, the other hears who did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from app.commands import supervising, timers
from app.commands.completion import complete_task
from app.jobs import handlers
from app.jobs.performing import perform
from tests import people, stories, supervision
from tests.faults.harness import drills, servers
from tests.faults.harness.clerks import Clerk
from tests.faults.harness.desks import LONG_AGO, TODAY
from tests.faults.harness.history import ACKNOWLEDGED, Act, History, judge
from tests.faults.together import tally, together
from tests.people import County
from tests.work import ask

Pair = tuple[Clerk, Clerk]
FEW = 20  # timers fired against one completion
A_THIRD = 3  # of the tasks of a drill that two handlers of a unit may both want


@dataclass
class Duelled:
    """What became of a task two people wanted."""

    first: Act
    second: Act
    told: bool


@contextmanager
def pairs_at(server: str, name: str, folder: Path, cases: int) -> Iterator[Any]:
    """A county full of drills, its site, and two signed-in handlers of every unit."""
    with drills.county_at(server, name, folder, TODAY) as (_app, address, county):
        drills.open_cases(county, cases)
        with servers.site(address, folder, workers=0) as site:
            heard, ports = History(), list(site.ports.values())
            pairs = {county.unit(code): _pair(ports, code, heard) for code in people.DEPARTMENTS}
            try:
                yield pairs, heard
            finally:
                for clerk in (each for pair in pairs.values() for each in pair):
                    clerk.hang_up()


def _pair(ports: list[int], code: str, heard: History) -> Pair:
    login = people.login_of(code, "unit_handler")
    first, second = Clerk(ports, login, heard), Clerk(ports[::-1], f"{login}_2", heard)
    for clerk in (first, second):
        clerk.sign_in()
    return first, second


def duel(threads: ThreadPoolExecutor, pair: Pair, task: tuple[int, str, int]) -> Duelled:
    """Both send the task's form in the same moment."""
    assignment, node, version = task
    start = Barrier(2, timeout=30)

    def complete(clerk: Clerk) -> Act:
        start.wait()
        return clerk.complete(assignment, drills.ANSWERS[node], version=version)

    first, second = threads.map(complete, pair)
    return Duelled(first, second, _told(pair, first, second))


def _told(pair: Pair, *acts: Act) -> bool:
    """Whether the slower one reads who was faster, and has every word still before them."""
    winner = next((act for act in acts if act.state == ACKNOWLEDGED), None)
    loser, page = next(
        (act, clerk.page) for act, clerk in zip(acts, pair, strict=True) if act is not winner
    )
    return winner is not None and f"演示-{winner.login}" in page and loser.key in page


@pytest.mark.timeout(180)
@pytest.mark.soak("R3", minutes=12)
def test_of_two_who_complete_a_task_over_http_one_wins_and_the_other_hears_who(
    server, worker, tmp_path, size, figures
):
    wanted, fought = size(30, 1000), []
    name = f"weathervane_{worker}_duels"
    with (
        pairs_at(server, name, tmp_path, wanted // A_THIRD + 4) as (pairs, heard),
        ThreadPoolExecutor(2) as threads,
    ):
        while len(fought) < wanted:
            for unit, pair in pairs.items():
                tasks = drills.open_work(unit, "unit_handler")
                fought += [duel(threads, pair, task) for task in tasks]
        verdict = judge(heard)

    ends = Counter(tuple(sorted((each.first.status, each.second.status))) for each in fought)
    figures("duels over HTTP", len(fought), at_least=wanted)
    figures("of them one done (303) and one refused (409)", ends[303, 409], exactly=len(fought))
    figures("losers who read who was faster and kept their words",
            sum(each.told for each in fought), exactly=len(fought))  # fmt: skip
    figures("answers 500 or 503", heard.broken + heard.statuses[503], exactly=0)
    figures("what the records say otherwise", len(verdict.problems), exactly=0)
    verdict.require()


@pytest.fixture(scope="module")
def drilling(at_work, busy_county: County) -> County:
    """A county that also knows the drill."""
    drills.publish(drills.KEY, drills.diagram())
    return busy_county


@pytest.mark.soak("R3")
def test_of_two_workers_who_take_the_same_work_one_does_it(
    at_work, drilling, size, figures, monkeypatch
):
    monkeypatch.setitem(handlers.HANDLERS, "note", lambda *_reference, **_actor: None)
    turns, done = size(15, 300), Counter()
    for _turn in range(turns):
        work = ask("note")
        done[sum(map(bool, together(at_work, *[partial(perform, work)] * 2)))] += 1

    figures("claims of the same work by two workers", turns, at_least=turns)
    figures("of them done by one alone", done[1], exactly=turns)


@pytest.mark.soak("R3")
def test_a_completion_and_the_timers_of_its_task_settle_it_between_them(
    at_work, drilling, size, figures
):
    turns, met = size(8, 150), Counter()
    stories.set_clock(LONG_AGO)
    overdue = drills.open_cases(drilling, turns)
    stories.set_clock(TODAY)
    for case_id in overdue:
        task, node, unit = drills.open_in(case_id)[0]
        act = partial(complete_task, task, {"opinion": "无", **drills.ANSWERS[node]},
                      actor=drilling.actor("unit_handler", drilling.code(unit)))  # fmt: skip
        met += tally(together(at_work, act, partial(timers.fire_due, FEW)))
    while timers.fire_due():
        """What is left."""

    verdict = judge(History(), at_rest=False)
    figures("completions against firing timers", turns, at_least=turns)
    figures("of them done, and none refused", met["done"], exactly=2 * turns)
    figures("timers fired", verdict.counts["firings"], at_least=turns)
    figures("what the records say otherwise (timers)", len(verdict.problems), exactly=0)
    verdict.require()


@pytest.mark.soak("R3")
def test_a_completion_and_the_offices_waiver_settle_it_between_them(
    at_work, drilling, size, figures
):
    turns, met = size(3, 60), Counter()
    office, liaison = drilling.post("supervising_office"), drilling.actor("unit_liaison", "SJG")
    stories.set_clock(TODAY)
    for turn in range(turns):
        item = supervision.open_item(drilling, matter=f"免予协办{turn}")
        supervision.dispatched(drilling, item)
        task = stories.task(item, "co_sign_for").id
        sign = partial(complete_task, task, {"decision": "sign"}, actor=liaison)
        waive = partial(supervising.waive_co, item, {"unit": "SJG", "reason": "无需协办"},
                        actor=office)  # fmt: skip
        met += tally(together(at_work, sign, waive))

    verdict = judge(History(), at_rest=False)
    figures("completions against waivers", turns, at_least=turns)
    figures("answered: done, or refused in words", met["done"] + met["Stale"] + met["Invalid"],
            exactly=2 * turns)  # fmt: skip
    figures("what the records say otherwise (waivers)", len(verdict.problems), exactly=0)
    verdict.require()

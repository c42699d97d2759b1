"""R12: cases that are sent back for ever, have hundreds of participants, or hold megabytes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from app.actor import SYSTEM, Actor
from app.advance.loading import units_of
from app.commands.completion import complete_task
from app.commands.units import add_unit
from app.db import session
from app.model import Event, Person, RoleHolding, Unit
from app.queries.people import actor_by_login
from tests import stories
from tests.faults.harness import drills
from tests.faults.together import require_agreement, require_whole
from tests.people import County

WINDOW = 100  # completions a figure is taken from
SLOWEST = 20.0  # ms per completion, 95 of 100 (the figure)
LONG_TEXT = "办理情况如实记录。" * 440  # 4,000 characters are the most an answer may have: 12 kB
RETURN = {"decision": "return", "opinion": "请补充。"}


@pytest.fixture(scope="module")
def drilling(at_work, busy_county: County) -> County:
    """A county that also knows the drill."""
    drills.publish(drills.KEY, drills.diagram())
    return busy_county


def waiting_for_signature(county: County) -> int:
    """A drill whose two co-handlers and lead unit are done: it can be signed or sent back."""
    (case_id,) = drills.open_cases(county, 1)
    for task, node, unit in drills.open_in(case_id):
        handler = county.actor("unit_handler", county.code(unit))
        complete_task(task, {"opinion": "无", **drills.ANSWERS[node]}, actor=handler)
    assert stories.open_nodes(case_id) == ["sign"]
    return case_id


def rounds(
    county: County, case_id: int, sending_back: dict[str, Any], redoing: dict[str, Any]
) -> Iterator[tuple[float, float]]:
    """Send the case back and do it again, for ever; how many ms each of the two took."""
    lead = county.code(units_of(case_id)["lead"][0])
    leader, handler = (county.actor(post, lead) for post in ("unit_leader", "unit_handler"))
    while True:
        yield (
            _timed(case_id, "sign", sending_back, leader, then="redo"),
            _timed(case_id, "redo", redoing, handler, then="sign"),
        )


def _timed(case_id: int, node: str, answers: dict[str, Any], actor: Actor, *, then: str) -> float:
    """Complete a task, and see that the case is open where it should be."""
    task = stories.task(case_id, node)
    session().rollback()
    began = time.perf_counter()
    done = complete_task(task.id, answers, actor=actor, version=task.version)
    took = (time.perf_counter() - began) * 1000
    assert not done["finished"], "shown as finished"
    assert [each["node"] for each in done["opened"]] == [then]
    assert stories.case(case_id).status == "open"
    return took


def p95(times: Sequence[float]) -> float:
    """95 of 100 took at most that long."""
    return round(statistics.quantiles(times, n=20)[-1], 1)


@pytest.mark.soak("R12", minutes=15, alone=True)
def test_a_case_sent_back_thousands_of_times_is_as_fast_as_at_first(drilling, size, figures):
    case_id = waiting_for_signature(drilling)
    total, early = size(60, 2000), size(20, 500)
    old = rounds(drilling, case_id, RETURN, drills.ANSWERS["read"])
    times = [one for _turn in range(total) for one in next(old)]
    new = rounds(drilling, waiting_for_signature(drilling), RETURN, drills.ANSWERS["read"])
    compared = [(next(old), next(new)) for _turn in range(WINDOW // 2)]
    late, fresh = (statistics.median(sum(each, ())) for each in zip(*compared, strict=True))

    middle = times[2 * early - WINDOW // 2 :][:WINDOW]  # around the 1,000th completion
    figures("send-backs in one case", total, at_least=size(60, 2000))
    bar: dict[str, float] = size({}, {"at_most": SLOWEST})
    figures("a completion after 1,000 steps, 95 of 100", p95(middle), unit="ms", **bar)
    figures("a completion after all of them, median", round(late, 1), unit="ms")
    figures("one in a new case in between, median", round(fresh, 1), unit="ms")
    figures("the old case compared with the new", round(late / fresh, 2), unit="×", at_most=2.0)
    require_agreement(case_id)
    require_whole()


@pytest.mark.soak("R12", minutes=10, alone=True)
def test_a_ticket_of_hundreds_of_participants_waits_for_the_last(drilling, size, figures):
    people = participants(size(60, 500))
    office = drilling.post("supervising_office")
    units = {unit: login for unit, login, _code in people}
    codes = [code for _unit, _login, code in people]
    drilling.units.update({code: unit for unit, _login, code in people})
    case_id = stories.start_case(
        drilling, drills.KEY, by=office, units={"lead": ["ZJJ"], "co": codes}, title="多方参与"
    )
    tasks = [(task, unit) for task, node, unit in drills.open_in(case_id) if node == "file"]
    answers = {"opinion": "无", **drills.ANSWERS["file"]}
    times, decided = [], []
    for task, unit in tasks:
        actor = actor_by_login(units[unit])
        session().rollback()
        began = time.perf_counter()
        done = complete_task(task, answers, actor=actor, version=1)
        times.append((time.perf_counter() - began) * 1000)
        decided.append(done["decided"])
        assert not done["finished"], "shown as finished"

    figures("participants of one task", len(tasks), exactly=size(60, 500))
    figures("decided before the last of them", sum(decided[:-1]), exactly=0)
    assert decided[-1]
    bar: dict[str, float] = size({}, {"at_most": SLOWEST})
    figures("a completion among them, 95 of 100", p95(times), unit="ms", **bar)
    require_agreement(case_id)
    require_whole()


def participants(count: int) -> list[tuple[int, str, str]]:
    """So many further units with a handler each: unit, login, code."""
    logins = [f"zx{number}_handler" for number in range(count)]
    session().execute(
        insert(Unit),
        [{"code": f"ZX{n}", "name": f"演示单位{n}", "kind": "dept"} for n in range(count)],
    )
    session().execute(insert(Person), [{"login": each, "name": f"演示-{each}"} for each in logins])
    units = dict(session().execute(select(Unit.code, Unit.id)).all())
    persons = dict(session().execute(select(Person.login, Person.id)).all())
    session().execute(
        insert(RoleHolding),
        [
            {"person_id": persons[login], "unit_id": units[f"ZX{n}"], "role": "unit_handler"}
            for n, login in enumerate(logins)
        ],
    )
    session().commit()
    add_unit("ZX", "演示单位", "dept", actor=SYSTEM)  # what is written down, others read again
    return [(units[f"ZX{n}"], login, f"ZX{n}") for n, login in enumerate(logins)]


@pytest.mark.soak("R12", minutes=10, alone=True)
def test_a_case_of_megabytes_goes_on_as_before(drilling, size, figures):
    case_id = waiting_for_signature(drilling)
    told = {"handling": "follow_up", "opinion": LONG_TEXT}
    go = rounds(drilling, case_id, {**RETURN, "opinion": LONG_TEXT}, told)
    times, wanted = [], size(0.6, 5.0)
    while megabytes(case_id) < wanted:
        times += [one for _turn in range(10) for one in next(go)]

    figures("answers in one case", megabytes(case_id), unit="MB", at_least=wanted)
    bar: dict[str, float] = size({}, {"at_most": SLOWEST})
    figures("a completion with 12 kB in it, 95 of 100", p95(times[-WINDOW:]), unit="ms", **bar)
    require_agreement(case_id)
    require_whole()


def megabytes(case_id: int) -> float:
    """How much the case's journal holds (a Chinese character is three bytes)."""
    session().rollback()
    characters = select(func.sum(func.length(Event.body))).where(Event.case_id == case_id)
    return round((session().scalar(characters) or 0) * 3 / 1_000_000, 2)

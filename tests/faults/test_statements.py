"""What one completed task costs over HTTP: few statements, one commit, and it must not grow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.actor import SYSTEM
from app.commands.units import add_unit
from app.db import dialect, session
from app.model import Person, RoleHolding, Unit
from tests import loop, stories, supervision
from tests.access.browsers import give_passwords
from tests.faults import walks
from tests.faults.counting import Counter
from tests.faults.together import require_agreement, require_whole
from tests.people import County

ROUNDS = {"sqlite": 100, "postgresql": 60}  # age costs the same everywhere, time does not
UNITS = 50
MOST = {"sqlite": 12, "postgresql": 9}
MORE = {  # what moves more than its own case has bounds of its own: on SQLite, on PostgreSQL
    "assessment_round.import_readings": (24, 18),  # grades every indicator of the round
    "assessment_round.draft_report": (16, 13),  # sets the round's figures beside others
    "assessment_round.issue_notices": (41, 32),  # opens a case per indicator with a notice
    "escalation.verify": (15, 13),  # locks the item, sends a reminder under it
    "escalation.bulletin": (14, 12),  # gathers what the unit is late with
    "escalation.notify": (13, 10),  # looks which papers carry the number of their case already
    "extension_request.sign_extension": (13, 10),  # the same
    "supervision_item.approve_dispatch": (13, 10),  # the same
    "escalation.sign_record": (20, 17),  # orders the rectification: a case, and a record
    "rectification.report": (13, 10),  # reads the files its question holds
    "supervision_item.complete_item": (13, 10),  # the same
    "rectification.plan": (14, 11),  # measures, and a paper issued at once
    "joint_meeting.convene": (19, 16),  # packs what the meeting is about out of every open case
    "joint_meeting.minutes": (22, 18),  # keeps the meeting's levels and resolutions
    "joint_meeting.sign_minutes": (17, 15),  # changes levels in the rounds' own journals
    "supervision_item.sign_completion": (13, 10),  # looks who reported the completion (four eyes)
    "supervision_item.strike_off": (13, 10),  # looks who reviewed it
    "extension_request.decide": (20, 17),  # locks the item and moves its dates and timers
}


def most(name: str = "") -> int:
    """How many statements a task may take on the database of this run."""
    sqlite, postgresql = MORE.get(name, (MOST["sqlite"], MOST["postgresql"]))
    return sqlite if dialect() == "sqlite" else postgresql


@pytest.fixture(scope="module")
def counter(at_work: Flask, busy_county: County) -> Iterator[Counter]:
    """Everybody signs in with a browser; the verbs of the stories go over HTTP from now on."""
    give_passwords()
    counting = Counter(at_work)
    with pytest.MonkeyPatch.context() as patch:
        for verbs in (stories, loop, supervision, walks):
            patch.setattr(verbs, "complete", counting.complete)
        yield counting


@pytest.fixture(scope="module")
def notices(busy_county: County, counter: Counter) -> dict[str, int]:
    """A round's notices by indicator."""
    found: dict[str, int] = loop.round_with_notices(busy_county)["notices"]
    return found


@pytest.mark.timeout(180)
def test_every_task_takes_a_dozen_statements_and_one_commit(busy_county, counter, notices):
    walks.notice(busy_county, notices["I10"], "ZJJ")
    walks.meeting(busy_county)
    walks.item(busy_county, "甲事项")
    walks.escalation(busy_county, supervision.in_hand(busy_county, matter="乙事项"))

    dear = {
        name: [str(cost) for cost in costs]
        for name, costs in counter.costs.items()
        if any(len(each.statements) > most(name) or each.commits != 1 for each in costs)
    }
    for name, costs in sorted(counter.costs.items()):
        print(f"{name:36} {' '.join(str(len(each.statements)) for each in costs)}")
    assert dear == {}
    assert len(counter.costs) >= 30
    require_whole()


def test_starting_a_case_takes_few_statements(busy_county, counter):
    office = busy_county.post("supervising_office")
    given = {"title": "专报", "profile": busy_county.profile.key}
    costs = [counter.start("brief", given, by=office) for _turn in range(2)]

    print(f"one start: {costs[1]}")
    assert len(costs[1].statements) <= {"sqlite": 12, "postgresql": 7}[dialect()]
    assert costs[1].commits == 1


@pytest.mark.timeout(180)
def test_approving_costs_the_same_after_many_rework_rounds(busy_county, counter, notices):
    notice = notices["I06"]
    drafter, president = (busy_county.post(p) for p in ("drafting_office", "issuing_leader"))
    back, costs = {"decision": "return", "opinion": "请补充分析"}, []
    rounds = ROUNDS[dialect()]
    for turn in range(rounds):
        walks.quietly(notice, "draft_notice", loop.draft(busy_county), by=drafter)
        if turn in (1, rounds - 1):
            task = stories.task(notice, "approve_notice").id
            costs.append(counter.send(task, back, by=president))
        else:
            walks.quietly(notice, "approve_notice", back, by=president)

    early, late = costs
    print(f"one approval: {early}; after {rounds} rounds {late}")
    assert len(early.statements) == len(late.statements) <= most()
    assert early.commits == late.commits == 1
    require_agreement(notice)


def test_dispatching_costs_the_same_for_fifty_co_handlers(busy_county, counter):
    helpers, costs = more_units(busy_county, UNITS), []
    for co in (helpers[:1], helpers[1:2], helpers):  # the first one fills the caches
        item = supervision.open_item(busy_county, matter=f"{len(co)}家协办{co[0]}", co=co)
        walks.quietly(
            item,
            "register",
            supervision.registration(busy_county, item),
            by=busy_county.post("supervising_office"),
        )
        task = stories.task(item, "approve_dispatch").id
        director = busy_county.post("supervising_director")
        costs.append(counter.send(task, {"decision": "approve"}, by=director))
        require_agreement(item)

    _first, one, many = costs
    print(f"one dispatch with 1 co-handler: {one}; with {UNITS} {many}")
    assert len(one.statements) == len(many.statements) <= most("supervision_item.approve_dispatch")
    assert one.commits == many.commits == 1


def more_units(county: County, count: int) -> list[str]:
    """Further units, each with somebody who signs for it; their codes."""
    codes = [f"XZ{n:02}" for n in range(count)]
    session().add_all(Unit(code=code, name=f"示例乡镇{code}", kind="dept") for code in codes)
    session().add_all(Person(login=f"{code.lower()}_unit_liaison", name=code) for code in codes)
    session().flush()
    units = dict(session().execute(select(Unit.code, Unit.id)).all())
    logins = dict(session().execute(select(Person.login, Person.id)).all())
    session().execute(
        insert(RoleHolding),
        [
            {
                "person_id": logins[f"{code.lower()}_unit_liaison"],
                "unit_id": units[code],
                "role": "unit_liaison",
            }
            for code in codes
        ],
    )
    session().commit()
    add_unit("XZ", "示例乡镇", "dept", actor=SYSTEM)  # what is written down, others read again
    county.units.update(units)
    return codes

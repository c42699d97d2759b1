"""R2: a process dies at every single point of an act, and the act is sent again each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from app.commands import clock, installation, items, supervising, timers, undoing
from app.commands.cases import start_item
from app.commands.completion import complete_task
from app.db import session
from app.jobs.performing import perform
from app.model import Event, Work
from tests import going_back, stories, supervision
from tests.engine.diagrams import Diagram
from tests.faults.harness import drills
from tests.faults.harness.history import History, judge
from tests.faults.harness.points import dies_at, fingerprint
from tests.faults.together import acts_of, require_agreement
from tests.people import County

MONDAY, LATE, NIGHT, MORNING = (
    "2026-07-06 09:00", "2026-09-30 16:00", "2026-09-30 22:00", "2026-10-08 09:00",
)  # fmt: skip
RETURN = {"decision": "return", "opinion": "请补充办理依据。"}
Act = Callable[[], Any]


@dataclass(frozen=True)
class Trial:
    """An act that is struck at every point, on the case it is about, and what it does once."""

    act: Act
    case: int | None
    kind: str


def start(county: County) -> Trial:
    """An item is registered by hand."""
    office, profile = county.post("supervising_office"), county.profile.key
    act = partial(start_item.once, "start", profile, "断点立项", "ZJJ", actor=office)
    return Trial(act, None, "item.entered")


def complete(county: County) -> Trial:
    """The dispatch is approved: a number, a paper, deliveries, the units' tasks and timers."""
    item = supervision.open_item(county, matter="断点发文")
    supervision.complete(item, "register", supervision.registration(county, item),
                         by=county.post("supervising_office"))  # fmt: skip
    director = county.post("supervising_director")
    return completion(item, "approve_dispatch", supervision.APPROVE, director, "item.dispatched")


def send_back(county: County) -> Trial:
    """A leader returns what the handler reported as done."""
    item, leader = reported(county, "断点退回"), county.actor("unit_leader", "ZJJ")
    return completion(item, "sign_completion", RETURN, leader, None)


def transfer(county: County) -> Trial:
    """The unit's leader hands the matter to its handler."""
    item = supervision.dispatched(county, supervision.open_item(county, matter="断点转办"))
    liaison, leader = (county.actor(post, "ZJJ") for post in ("unit_liaison", "unit_leader"))
    supervision.complete(item, "sign_for", {"decision": "sign"}, by=liaison)
    return completion(item, "appoint_handler", supervision.plan(county), leader, None)


def completion(
    item: int, node: str, answers: dict[str, Any], actor: Any, kind: str | None
) -> Trial:
    """A task of an item is completed."""
    task = stories.task(item, node)
    act = partial(complete_task.once, f"{node}-{item}", task.id, answers, actor=actor,
                  version=task.version)  # fmt: skip
    return Trial(act, item, kind or "task.completed")


def urge(county: County) -> Trial:
    """The office urges a unit: a paper and its delivery."""
    item = supervision.in_hand(county, matter="断点催办", co=[])
    office = county.post("supervising_office")
    return Trial(partial(supervising.urge.once, "urge", item, {}, actor=office), item,
                 "assignment.urged")  # fmt: skip


def report(county: County) -> Trial:
    """The handler asks for more time: a child case opens."""
    item = supervision.in_hand(county, matter="断点延期", co=[])
    answers = {"reason": "涉及部门多", "progress": "完成八成", "new_date": "2026-09-21"}
    handler = county.actor("unit_handler", "ZJJ")
    act = partial(items.request_extension.once, "extension", item, answers, actor=handler)
    return Trial(act, item, "case.branched")


def suspend(county: County) -> Trial:
    """The office stops a case's clock."""
    item = supervision.in_hand(county, matter="断点中止", co=[])
    office = county.post("supervising_office")
    act = partial(clock.suspend.once, "suspend", item, {"reason": "等待裁判结果"}, actor=office)
    return Trial(act, item, "case.suspended")


def withdraw(county: County) -> Trial:
    """The handler takes back what was reported as done; the case is run again without it."""
    item, handler = reported(county, "断点撤回"), county.actor("unit_handler", "ZJJ")
    act = partial(undoing.withdraw.once, "withdraw", item, {}, actor=handler)
    return Trial(act, item, "task.withdrawn")


def go_back(county: County) -> Trial:
    """The second of three people sends a case back to the first."""
    shape = going_back.line()
    drills.publish(shape.kind, shape.diagram.xml)
    case, leader = going_back.begun(county, shape.kind, "a"), county.actor("unit_leader", "ZJJ")
    answers = {"task": "previous", "follow": "stepwise", "reason": RETURN["opinion"]}
    act = partial(undoing.send_back.once, "go back", case, answers, actor=leader)
    return Trial(act, case, "task.returned")


def reported(county: County, matter: str) -> int:
    """An item whose handler has just said that it is done."""
    item = supervision.in_hand(county, matter=matter, co=[])
    handler = county.actor("unit_handler", "ZJJ")
    supervision.complete(item, "complete_item", supervision.COMPLETION, by=handler)
    return item


ONE_TRANSACTION = {
    each.__name__: each
    for each in (start, complete, send_back, transfer, urge, report, suspend, withdraw, go_back)
}  # fmt: skip


def points(act: Act) -> Iterator[int]:
    """Every point of the act in turn, each in a process that has just died there."""
    for point in count(1):
        if not dies_at(point, act):
            return
        yield point


@pytest.mark.soak("R2")
@pytest.mark.parametrize("name", ONE_TRANSACTION)
def test_a_process_that_dies_anywhere_leaves_nothing_or_everything(busy_county, figures, name):
    stories.set_clock(MONDAY)
    trial = ONE_TRANSACTION[name](busy_county)
    done = partial(acts_done, trial)
    before, already = fingerprint(), done()
    died = kept = 0
    for _point in points(trial.act):
        died += 1
        if done() == already:
            assert fingerprint() == before, "half an act"
        else:
            kept += 1
            break  # the commit is through: from here on a repeat gets the first answer
    after = fingerprint()
    answer = trial.act()

    figures(f"{name}: processes died at as many points", died, at_least=8)
    figures(f"{name}: acts after all deaths and repeats", done() - already, exactly=1)
    figures(f"{name}: rows changed by a repeat", int(fingerprint() != after), exactly=0)
    assert kept == 1
    assert answer
    require_sound(trial)


def acts_done(trial: Trial) -> int:
    """How often the journal says that the act was done."""
    if trial.case is not None:
        return acts_of(trial.case, trial.kind)
    session().rollback()
    return session().scalar(select(func.count()).where(Event.kind == trial.kind)) or 0


def require_sound(trial: Trial) -> None:
    """Chains whole, engine and tables agree, nothing twice."""
    if trial.case is not None:
        require_agreement(trial.case)
    judge(History(), at_rest=False).require()


@pytest.mark.soak("R2")
def test_timers_that_fire_while_processes_die_fire_once(busy_county, figures):
    stories.set_clock(MONDAY)
    supervision.in_hand(busy_county, matter="断点到期", co=[])
    stories.set_clock(LATE)
    died = 0
    for _point in points(partial(timers.fire_due, 1)):
        died += 1
        judge(History(), at_rest=False).require()
    while timers.fire_due():
        """What is left."""
    verdict = judge(History(), at_rest=False)

    figures("fire: processes died at as many points", died, at_least=8)
    figures("fire: timers fired", verdict.counts["firings"], at_least=4)
    figures("fire: fired twice, sent twice, half done", len(verdict.problems), exactly=0)


@pytest.mark.soak("R2")
def test_work_whose_processes_die_is_done_once(busy_county, figures):
    stories.set_clock(MONDAY)
    item = supervision.in_hand(busy_county, matter="断点送达", co=[])
    stories.set_clock(NIGHT)
    supervising.urge(item, {}, actor=busy_county.post("supervising_office"))
    work = session().scalars(select(Work).where(Work.state == "pending")).all()
    stories.set_clock(MORNING)
    before, died = acts_of(item, "document.delivered"), 0
    for _point in points(partial(perform, work[-1].id)):
        died += 1
        judge(History(), at_rest=False).require()
        drills.pass_time(minutes=16)  # longer than any work may take: whoever had it is gone
    for each in work:
        perform(each.id)

    figures("deliver: processes died at as many points", died, at_least=8)
    delivered = acts_of(item, "document.delivered") - before
    figures("deliver: deliveries after all deaths", delivered, exactly=1)
    judge(History(), at_rest=False).require()


@pytest.mark.soak("R2")
def test_a_release_whose_installation_dies_is_installed_once(
    busy_county, figures, tmp_path, monkeypatch
):
    drawn = Diagram("installed", **{"wv:title": "新流程", "wv:titleEn": "New"})
    file = tmp_path / "installed.bpmn"
    file.write_bytes(drawn.start().user("first", form="approval").end().xml)
    monkeypatch.setattr(installation, "DEFINITIONS", tmp_path)
    before, died = fingerprint(), 0
    for _point in points(installation.install):
        died += 1
        if fingerprint() != before:
            break
    installation.install()

    figures("deploy: processes died at as many points", died, at_least=4)
    versions = len(stories.acts("definition:installed"))
    figures("deploy: versions published after all deaths", versions, exactly=1)
    judge(History(), at_rest=False).require()

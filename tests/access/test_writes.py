"""Every command: the one who may does it, the colleague hears why not, the stranger nothing."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from app import commands
from app.commands import clock, items, starts
from app.commands.command import Command
from app.commands.operations import ON_CASES, ON_TASKS
from app.errors import Invalid, NotAllowed, NotFound
from tests import stories, supervision
from tests.access.act import STRANGER
from tests.access.acts import ACTS
from tests.access.cast import actor
from tests.access.offers import OPERATIONS, STARTS, TASK_OPERATIONS
from tests.access.walker import written

OF_THE_SYSTEM = {
    "answered": "the worker's own",
    "choices": "how one is told oneself; tests/web/test_me.py tries what others may not",
    "demonstration": "fills demonstrations from the command line",
    "following": "one's own marks; tests/commands/test_following.py tries the stranger",
    "indexing": "the worker's own",
    "installation": "run by whoever installs",
    "letters": "the relay's own",
    "news": "one's own news; tests/telling/test_news.py tries the stranger",
    "outbox": "the relay's own",
    "sessions": "one's own browsers; tests/web/test_me.py tries the stranger",
    "signin": "about one's own session and password alone",
    "staging": "reads a file somebody uploaded",
    "telling": "the relay's own",
    "timers": "the sweeper's own",
    "views": "one's own views; tests/commands/test_views.py tries colleague and stranger",
    "workers": "about the background processes themselves",
}
BY_THE_SYSTEM = {
    "deliver_reminder",
    "forget_drafts",
    "propose_resume",
    "_settle",
    "end_lapsed_posts",
}


def reachable() -> set[Command]:
    """Every command that acts for a person."""
    found = set()
    for module in pkgutil.iter_modules(commands.__path__):
        if module.name not in OF_THE_SYSTEM:
            content = importlib.import_module(f"{commands.__name__}.{module.name}")
            found |= {
                each for each in vars(content).values()
                if isinstance(each, Command) and each.name not in BY_THE_SYSTEM
            }  # fmt: skip
    return found


def test_every_command_has_its_line():
    missing = sorted(f"{each.do.__module__}.{each.name}" for each in reachable() - set(ACTS))

    assert missing == [], "say in tests/access/acts.py who may do these and who hears why not"


def test_the_operations_and_starts_are_those_of_the_tables():
    assert {each.name for each in ON_CASES.rows} == set(OPERATIONS)
    assert {each.name for each in ON_TASKS.rows} == set(TASK_OPERATIONS)
    assert {each.act for each in (*ON_CASES.rows, *ON_TASKS.rows)} <= set(ACTS)
    assert {each.name for each in starts.TABLE} == set(STARTS)


@pytest.mark.parametrize("command", ACTS, ids=lambda each: each.name)
def test_the_one_who_may_does_it(town, command):
    act = ACTS[command]
    who = actor(town.county, act.may)

    if act.now:
        act.do(town, who)
    else:
        with pytest.raises(Invalid):
            act.do(town, who)


@pytest.mark.parametrize("command", ACTS, ids=lambda each: each.name)
def test_a_colleague_hears_why_not(town, command):
    act = ACTS[command]

    with written() as tables, pytest.raises(NotAllowed) as refusal:
        act.do(town, actor(town.county, act.colleague))

    assert str(refusal.value.text).endswith(".")
    assert tables == []


@pytest.mark.parametrize("command", ACTS, ids=lambda each: each.name)
def test_a_stranger_learns_nothing(town, command):
    act = ACTS[command]

    with written() as tables, pytest.raises(NotFound if act.hidden else NotAllowed):
        act.do(town, actor(town.county, STRANGER))

    assert tables == []


def test_a_command_that_asks_nobody_is_noticed(town, monkeypatch):
    act = ACTS[items.report_progress]
    monkeypatch.setattr(items.sight, "staff", lambda _loaded, who, *_roles, **_why: who.holdings[0])

    with pytest.raises(pytest.fail.Exception):
        test_a_colleague_hears_why_not(town, items.report_progress)
    assert act.colleague


def test_the_office_is_the_one_the_countys_mechanism_names(county):
    """Everybody who supervises sees every matter; only the named office may stop its clock."""
    item, reason = supervision.in_hand(county), {"reason": "等待法院裁判结果"}
    office = county.post("supervising_office")
    other = {"PAB": "FY-PZB", "FY-PZB": "PAB"}[office.holdings[0].unit_code]

    with pytest.raises(NotAllowed):
        clock.suspend(item, reason, actor=county.actor("supervision_clerk", other))
    clock.suspend(item, reason, actor=office)

    assert stories.case(item).status == "suspended"

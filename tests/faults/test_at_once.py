"""Several people do something in the same moment: each act once, nobody's act lost."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from flask import Flask

from app import advance
from app.advance.loading import Loaded
from app.commands import faster
from app.commands.completion import complete_task
from app.db import session
from app.model import Assignment, Ticket
from tests import loop, stories, supervision
from tests.access.browsers import give_passwords, hidden_fields, signed_in
from tests.faults.together import acts_of, require_agreement, require_whole, tally, together
from tests.people import County

PAIRS = 100
UNITS = ("SJG", "CZJ", "FGW", "RSJ", "ZGH")
BACK = {"decision": "return", "opinion": "请补充分析"}


@pytest.fixture(scope="module")
def notice(busy_county: County) -> int:
    """A notice that is drafted, sent back, drafted again, as often as a test wants."""
    return loop.round_with_notices(busy_county)["notices"]["I10"]


def duels(app: Flask, county: County, notice: int, log: pytest.LogCaptureFixture) -> Counter[str]:
    """Two threads complete the same task at once, again and again; one wins, one hears so.

    The lock alone must see to that: the indexes behind it never have to say no.
    """
    before, found = acts_of(notice, "task.completed"), Counter()
    for turn in range(PAIRS):
        (node,) = stories.open_nodes(notice)
        post, answers = {
            "draft_notice": ("drafting_office", loop.draft(county)),
            "approve_notice": ("issuing_leader", BACK),
        }[node]
        task, actor = stories.task(notice, node), county.post(post)
        seen = task.version if turn % 4 < 2 else None
        act = partial(complete_task, task.id, answers, actor=actor, version=seen)
        answers = together(app, act, act)
        assert sorted(tally(answers)) == ["Stale", "done"], answers
        found += tally(answers)
    assert acts_of(notice, "task.completed") - before == found["done"] == PAIRS
    assert [each for each in log.records if each.message == "taken"] == []
    require_agreement(notice)
    return found


def test_of_two_who_complete_the_same_task_one_wins(at_work, busy_county, notice, caplog):
    found = duels(at_work, busy_county, notice, caplog)

    print(f"{PAIRS} duels: {dict(found)}")
    require_whole()


def test_the_campaign_notices_when_nobody_looks_whether_the_task_is_open(
    at_work, busy_county, notice, monkeypatch, caplog
):
    monkeypatch.setattr(faster, "require_open", lambda *_seen: None)

    with pytest.raises(AssertionError):
        duels(at_work, busy_county, notice, caplog)
    monkeypatch.undo()
    require_agreement(notice)
    require_whole()


@pytest.mark.only("postgresql")
def test_the_campaign_notices_when_nobody_locks_the_case(
    at_work, busy_county, notice, monkeypatch, caplog
):
    monkeypatch.setattr(advance, "load_by_assignment", load_without_lock)

    with pytest.raises(AssertionError):
        duels(at_work, busy_county, notice, caplog)
    monkeypatch.undo()
    require_agreement(notice)
    require_whole()


def load_without_lock(assignment_id: int) -> tuple[Loaded, Ticket, Assignment]:
    """What loading would be without the first beat: read, and hope."""
    assignment = session().get_one(Assignment, assignment_id, populate_existing=True)
    ticket = session().get_one(Ticket, assignment.ticket_id, populate_existing=True)
    return advance.loading._read(assignment.case_id), ticket, assignment  # noqa: SLF001 - the fault


def test_five_units_sign_for_the_same_item_in_the_same_moment(at_work, busy_county):
    found: Counter[str] = Counter()
    for turn in range(4):
        item = supervision.dispatched(
            busy_county,
            supervision.open_item(busy_county, matter=f"五家同时签收{turn}", co=list(UNITS)),
        )
        answers = together(
            at_work,
            *(
                partial(
                    complete_task,
                    stories.task(item, "co_sign_for", busy_county.unit(unit)).id,
                    {"decision": "sign"},
                    actor=busy_county.actor("unit_liaison", unit),
                )
                for unit in UNITS
            ),
        )
        found += tally(answers)
        assert [each["decided"] for each in answers].count(True) == 1, "one of them was the last"
        require_agreement(item)

    print(f"5 units at once, 4 times: {dict(found)}")
    assert found == {"done": 20}
    require_whole()


def test_over_http_one_of_two_is_taken_and_the_other_keeps_every_word(at_work, busy_county, notice):
    give_passwords()
    found: Counter[int] = Counter()
    for _turn in range(5):
        if stories.open_nodes(notice) == ["draft_notice"]:
            draft = loop.draft(busy_county)
            loop.complete(notice, "draft_notice", draft, by=busy_county.post("drafting_office"))
        task, president = stories.task(notice, "approve_notice"), busy_county.post("issuing_leader")
        browsers = [signed_in(at_work, president) for _ in range(2)]
        words = [f"第{n}位的意见，请补充" for n in range(2)]
        posts = [
            partial(browser.post, f"/tasks/{task.id}/completion", {
                **hidden_fields(browser.get(f"/tasks/{task.id}").text),
                "decision": "return", "opinion": opinion,
            })
            for browser, opinion in zip(browsers, words, strict=True)
        ]  # fmt: skip

        answers = together(at_work, *posts)

        found += Counter(answer.status_code for answer in answers)
        late = next(n for n, answer in enumerate(answers) if answer.status_code == 409)
        assert words[late] in answers[late].text
        assert president.name in answers[late].text
        require_agreement(notice)
    print(f"5 duels over HTTP: {dict(found)}")
    assert found == {303: 5, 409: 5}

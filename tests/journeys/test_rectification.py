"""Rectification from its order to its acceptance (整改, TX-14b, TH-19)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app import clock
from app.commands.timers import fire_due
from app.db import session
from app.errors import NotAllowed
from app.model import Measure
from tests import stories, supervision
from tests.stories import complete, open_nodes, task
from tests.supervision import DONE, PLAN


@pytest.fixture
def case_id(tanghe):
    """What an interview ordered on 24 August, to be done by 14 September."""
    escalation = supervision.interviewed(tanghe, supervision.in_hand(tanghe))
    return stories.children(escalation, "rectification")[0].id


def test_it_is_planned_reported_and_accepted(tanghe, case_id):
    supervision.rectified(tanghe, stories.case(case_id).parent_id)

    case = stories.case(case_id)
    assert (case.status, case.outcome) == ("closed", "rectified")
    assert [(p.kind, p.state) for p in stories.papers(case_id)] == [
        ("rectification_plan", "issued"),
        ("rectification_report", "issued"),
    ]
    assert supervision.record_of(tanghe, "ZJJ") == ["interview", "rectification"]


def test_the_report_is_due_on_the_day_the_interview_set(tanghe, case_id):
    complete(case_id, "plan", PLAN, by=tanghe.actor("unit_leader", "ZJJ"))

    assert clock.local_day(task(case_id, "report").due_at) == date(2026, 9, 14)


def test_the_measures_of_the_plan_are_kept_for_the_evaluation(tanghe, case_id):
    complete(case_id, "plan", PLAN, by=tanghe.actor("unit_leader", "ZJJ"))

    (kept,) = session().scalars(select(Measure).where(Measure.case_id == case_id))
    assert (kept.text, kept.indicator_id, kept.due_on) == (
        "成立专班",
        tanghe.indicators["I10"],
        date(2026, 9, 4),
    )


def test_what_is_not_accepted_is_done_again(tanghe, case_id):
    complete(case_id, "plan", PLAN, by=tanghe.actor("unit_leader", "ZJJ"))
    complete(case_id, "report", DONE, by=tanghe.actor("unit_handler", "ZJJ"))

    complete(
        case_id,
        "review",
        {"decision": "redo", "opinion": "台账不实"},
        by=tanghe.post("supervising_office"),
    )

    assert open_nodes(case_id) == ["report"]
    assert supervision.record_of(tanghe, "ZJJ") == ["interview"]
    complete(case_id, "report", DONE, by=tanghe.actor("unit_handler", "ZJJ"))
    assert [p.state for p in stories.papers(case_id, "rectification_report")] == ["issued"] * 2


def test_a_late_rectification_climbs_the_ladder_too(tanghe, case_id):
    complete(case_id, "plan", PLAN, by=tanghe.actor("unit_leader", "ZJJ"))
    stories.set_clock("2026-09-21 10:00")

    fire_due()

    assert len(stories.children(case_id, "escalation")) == 1


def test_the_unit_does_not_accept_its_own_work(tanghe, case_id):
    complete(case_id, "plan", PLAN, by=tanghe.actor("unit_leader", "ZJJ"))
    complete(case_id, "report", DONE, by=tanghe.actor("unit_handler", "ZJJ"))

    with pytest.raises(NotAllowed):
        complete(case_id, "review", {"decision": "pass"}, by=tanghe.actor("unit_leader", "ZJJ"))

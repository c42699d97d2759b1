"""Playing a county: the clock only goes on, tasks have to wait, refusals leave no trace."""

from __future__ import annotations

from datetime import date

import pytest

from app import clock
from app.commands import timers
from app.demo import founding, verbs
from app.demo.diary import Diary
from app.demo.playing import Broken, Play
from app.errors import Invalid
from app.i18n import _


@pytest.fixture
def play(database, settings):
    founding.found(clock.from_local(date(2026, 7, 1), hour=8), settings=settings)
    return Play("tanghe", Diary())


def test_the_clock_goes_to_the_moment_and_never_back(play):
    play.at("2026-07-03 09:30")

    assert clock.local(clock.now()).strftime("%m-%d %H:%M") == "07-03 09:30"
    with pytest.raises(Broken, match="already"):
        play.at("2026-07-02 09:00")


def test_every_act_is_written_down_with_who_is_next(play):
    case_id = verbs.open_round(play, "2026H1")

    (step,) = play.diary.steps
    assert (step.who, step.number) == ("审管办·数据分析员", play.see.page(case_id).number)
    assert [(each.task, each.light) for each in step.waiting] == [("导入指标数据", "green")]
    assert play.see.nodes(case_id) == ["import_readings"]


def test_a_task_that_does_not_wait_breaks_the_story_off(play):
    case_id = verbs.open_round(play, "2026H1")

    with pytest.raises(Broken, match=r"“draft_report” does not wait .*import_readings"):
        play.do(case_id, "draft_report", by=play.post("analysis_office"))


def test_what_is_tried_is_told_by_what_the_journal_says(play):
    def refuse():
        raise Invalid(_("Please fill this in."))

    assert play.attempt(refuse) == "refused"
    assert play.diary.steps == []
    assert play.attempt(lambda: verbs.open_round(play, "2026H1")) == "done"
    case_id = play.cases["2026H1"]
    analyst = play.post("analysis_office")
    assert play.try_to(case_id, "import_readings", {"complete": True}, by=analyst) == "refused"


def test_a_timer_that_does_not_fire_breaks_the_story_off(play, monkeypatch):
    verbs.open_round(play, "2026H1")
    verbs.bring_in(play, "2026H1")
    case_id, analyst = play.cases["2026H1"], play.post("analysis_office")
    play.do(case_id, "import_readings", {"complete": True}, by=analyst)
    play.do(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    verbs.report(play, case_id, ["I10"], ["XW"])
    notice = verbs.open_notices(play, case_id, {"scope": "all"})["I10"]
    verbs.draft_and_approve(play, notice, "I10")
    verbs.issue(play, notice)
    monkeypatch.setattr(timers, "fire_due", lambda: 0)

    with pytest.raises(Broken, match="does not fire"):
        play.at("2026-07-31 09:00")

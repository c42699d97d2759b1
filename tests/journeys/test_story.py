"""The acceptance story under both mechanisms, and that it notices when a rule is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timezone

import pytest

from app import journal
from app.config import ROOT, Settings
from app.demo import story
from app.demo.report import as_json
from app.effects import items, papers
from app.queries.words import SENTENCES
from app.rules import deadlines, grading, ladder, lights, outcomes, workdays
from ops import messages

pytestmark = pytest.mark.timeout(300)
SETTINGS = Settings(env="test")
CATALOGUE = ROOT / "app" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
FOUR = {"resolved", "eased", "unchanged", "worsened"}


@pytest.mark.parametrize("profile", ["tanghe", "tongxu"])
def test_every_checkpoint_of_the_story_holds(database, profile):
    told = story.tell(profile, settings=SETTINGS)

    assert [str(each.sentence) for each in told.diary.failed] == []
    assert told.held
    assert len(told.diary.checkpoints) >= 60
    assert {each.outcome for each in told.outcomes} == FOUR
    assert {each.rule for each in told.diary.checkpoints} - {""} == set(BREAKS)
    assert_said_in_both_languages(told)
    assert json.loads(as_json(told))["held"]


def assert_said_in_both_languages(told: story.Told) -> None:
    """Every act of the story has words of its own, and they are translated."""
    steps = told.diary.steps
    assert {kind for step in steps for kind in step.kinds} <= set(SENTENCES)
    catalogue = messages.read(CATALOGUE)
    for text in {text.msgid for step in steps for text in step.did}:
        found = catalogue.get(text)
        assert found is not None, text
        assert found.string, text


Break = Callable[[pytest.MonkeyPatch], None]


def forget_festivals(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(workdays.Calendar, "is_workday", lambda _calendar, day: day.weekday() < 5)


def see_nothing_coming(patch: pytest.MonkeyPatch) -> None:
    fits = lights._fits  # noqa: SLF001 - the rule that is broken
    patch.setattr(lights, "_fits", lambda row, now: row.when != "within" and fits(row, now))


def send_no_copies(patch: pytest.MonkeyPatch) -> None:
    roles = papers._roles  # noqa: SLF001 - the rule that is broken
    patch.setattr(papers, "_roles", lambda to, _cc, _upward: roles(to, (), ()))


def let_the_lead_help_itself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(items, "require_parties", lambda _lead, _co: None)


def forget_the_row_before(patch: pytest.MonkeyPatch) -> None:
    chained = journal.chain_hash
    patch.setattr(
        journal,
        "chain_hash",
        lambda format_, stream, seq, _before, body: chained(format_, stream, seq, "", body),
    )


def fire_a_day_late(patch: pytest.MonkeyPatch) -> None:
    moment = ladder._moment  # noqa: SLF001 - the rule that is broken

    def later(step, rungs, due_at, calendar):
        return moment(ladder.Step(step.no, step.kind, step.workdays + 1), rungs, due_at, calendar)

    patch.setattr(ladder, "_moment", later)


def approve_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(papers, "approve", lambda *_about, **_who: None)


def grade_mildly(patch: pytest.MonkeyPatch) -> None:
    grade = grading.grade
    patch.setattr(
        grading, "grade", lambda table, *, value, **known: grade(table, value=value + 4, **known)
    )


def live_in_greenwich(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deadlines, "local", lambda moment: moment.astimezone(timezone.utc))


def forgive_lateness(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outcomes, "_late", lambda _handling, _now: ())


BREAKS: dict[str, tuple[Break, str, str]] = {
    "calendar": (forget_festivals, "tanghe", "handling"),
    "light": (see_nothing_coming, "tongxu", "suggestions"),
    "copy": (send_no_copies, "tongxu", "suggestions"),
    "lead": (let_the_lead_help_itself, "tongxu", "dispatching"),
    "chain": (forget_the_row_before, "tongxu", "beginning"),
    "timer": (fire_a_day_late, "tongxu", "answers"),
    "approval": (approve_nothing, "tanghe", "notices"),
    "grading": (grade_mildly, "tanghe", "july_round"),
    "clock": (live_in_greenwich, "tongxu", "suggestions"),
    "deduction": (forgive_lateness, "tongxu", "evaluation"),
}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_noticed_by_its_name(database, monkeypatch, rule):
    break_it, profile, until = BREAKS[rule]
    break_it(monkeypatch)

    told = story.tell(profile, settings=SETTINGS, until=until)

    assert not told.held
    assert rule in {each.rule for each in told.diary.failed}


@pytest.mark.only("sqlite")
def test_the_same_chapters_hold_when_nothing_is_broken(database):
    told = story.tell("tongxu", settings=SETTINGS, until="answers")

    assert told.held


@pytest.mark.only("sqlite")
def test_a_chapter_that_breaks_off_is_a_checkpoint_that_did_not_hold(database, monkeypatch):
    def nobody(*_about, **_who):
        raise RuntimeError("nobody is there")

    monkeypatch.setattr(story.CHAPTERS["tanghe"][1], "play", nobody)

    told = story.tell("tanghe", settings=SETTINGS)

    assert [each.found for each in told.diary.failed] == ["RuntimeError: nobody is there"]
    assert told.diary.chapter == 2

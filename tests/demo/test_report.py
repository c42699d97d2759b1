"""What the story prints: steps with who is next, checkpoints, the before/after table, the count."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from app.demo.diary import Chapter, Checkpoint, Diary, Step, Waiting
from app.demo.report import Report, as_json
from app.demo.story import Told
from app.i18n import Text
from app.queries.audit import Break, Verdict
from app.queries.evaluation import OutcomeLine

ENGLISH, CHINESE = Report(str, english=True), Report(str, english=False)
SIGN = Waiting(
    "县住建局", "Housing Bureau", "签收", "Sign for", date(2026, 7, 14), Text("due today"), "yellow"
)
STEP = Step(
    chapter=1,
    at=datetime(2026, 7, 9, 23, 30, tzinfo=timezone.utc),
    who="法院·院长",
    unit="县人民法院",
    number="示风险〔2026〕1号",
    title="…",
    stage="warning",
    did=(Text("approved"), Text("issued")),
    kinds=("document.approved", "document.issued"),
    waiting=(SIGN,),
)
OUTCOME = OutcomeLine(
    "I10",
    "物业指数",
    "Property index",
    "2026H1",
    "2026A",
    Decimal("61.7"),
    Decimal("88.3"),
    "high",
    "low",
    "resolved",
    "",
    ("制定标准",),
)


def point(expected: object, found: object, rule: str = "light") -> Checkpoint:
    return Checkpoint(7, 1, rule, Text("It is yellow."), expected, found)


def test_a_chapter_is_a_heading():
    assert list(ENGLISH.lines(Chapter(3, Text("Notices")))) == ["\n## 3. Notices"]


def test_a_step_says_who_for_which_unit_when_what_and_who_is_next():
    assert list(ENGLISH.lines(STEP)) == [
        "  2026-07-10 07:30  法院·院长 (县人民法院)  [示风险〔2026〕1号 · Warning]",
        "      approved; issued",
        "      → Housing Bureau: Sign for (2026-07-14, due today, Urgent)",
    ]
    assert "县住建局: 签收" in "\n".join(CHINESE.lines(STEP))


def test_what_the_system_did_has_nobody_and_may_have_no_date():
    undated = Waiting("县住建局", "Housing Bureau", "签收", "Sign for", None, None, "green")
    by_itself = Step(1, STEP.at, "", "", "", "", "", (Text("reminded"),), ("x.y",), (undated,))

    assert list(ENGLISH.lines(by_itself)) == [
        "  2026-07-10 07:30  the system",
        "      reminded",
        "      → Housing Bureau: Sign for (On track)",
    ]


def test_a_checkpoint_that_holds_shows_what_was_read_back():
    assert list(ENGLISH.lines(point("yellow", "yellow"))) == [
        "  ✓   7  [light] It is yellow.",
        "         = Urgent",
    ]
    long = ENGLISH.lines(point("x" * 500, "x" * 500, rule=""))
    assert [len(line) for line in long][1] == len("         = ") + 160


def test_one_that_does_not_shows_both():
    assert list(ENGLISH.lines(point("yellow", "green"))) == [
        "  ✗   7  [light] It is yellow.",
        "         expected: Urgent",
        "         read back: On track",
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "-"),
        ("", "-"),
        ([], "nothing"),
        ({}, "nothing"),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (("a", ["b"]), "a, b"),
        ({"b", "a"}, "a, b"),
        ({"I10": "resolved"}, "I10: Resolved"),
    ],
)
def test_values_as_people_read_them(value, said):
    assert ENGLISH.shown(value) == said


def told(verdict: Verdict, *points: tuple[object, object]) -> Told:
    diary = Diary()
    diary.open_chapter(Text("Notices"))
    diary.write(STEP)
    for expected, found in points:
        diary.check(Text("It holds."), expected, found, rule="clock")
    return Told("tanghe", diary, (OUTCOME,), verdict)


WHOLE = Verdict(streams=2, rows=9, states=1, facts=1, breaks=())
BROKEN = Verdict(streams=2, rows=9, states=1, facts=1, breaks=(Break("case:1", 3, Text("gone")),))


def test_it_ends_with_the_table_the_audit_and_the_count():
    lines = list(ENGLISH.ending(told(WHOLE, (1, 1), (1, 2))))

    assert lines[1:4] == [
        "  I10 Property index",
        "      2026H1 61.7 High risk → 2026A 88.3 Low risk: Resolved",
        "      · 制定标准",
    ]
    assert "Audit: 9 rows in 2 streams, 1 states: whole." in lines[4]
    assert lines[5] == "1 of 2 checkpoints held."
    assert lines[6].startswith("  ✗   2")
    assert "物业指数" in "\n".join(CHINESE.ending(told(WHOLE)))


def test_only_what_holds_under_a_whole_journal_is_good():
    assert told(WHOLE, (1, 1)).held
    assert not told(WHOLE, (1, 2)).held
    assert not told(WHOLE).held
    assert not told(BROKEN, (1, 1)).held
    assert "ALTERED" in "\n".join(ENGLISH.ending(told(BROKEN, (1, 1))))


def test_machines_get_all_of_it():
    found = json.loads(as_json(told(BROKEN, ({"b", "a"}, (1, None)))))

    assert found["held"] is False
    assert found["steps"][0]["waiting"][0]["due"] == "2026-07-14"
    assert found["steps"][0]["did"] == ["approved", "issued"]
    assert found["checkpoints"][0]["expected"] == ["a", "b"]
    assert found["outcomes"][0]["before"] == "61.7"
    assert found["audit"]["breaks"] == ["gone"]

"""`make soak` tells the truth: missed bars, failed campaigns and trials that did not run show."""

from __future__ import annotations

import json
import os
import sys

import pytest

from ops import soak
from tests.soaking import Figures


@pytest.fixture
def measured(tmp_path):
    """A file of figures as two campaigns on two databases leave it."""
    file = tmp_path / "figures.jsonl"
    for database, seconds in (("sqlite", 71.5), ("postgresql", 130.0)):
        found = Figures("R1", "test_kill", database, 1)
        found("processes killed", 500, exactly=500)
        found("backlog empty after", seconds, unit="s", at_most=120)
        found("requests cut off", 1234)
        with file.open("a") as output:
            output.writelines(json.dumps(vars(each)) + "\n" for each in found.lines)
    return soak.read(file)


def test_a_missed_bar_is_shown_where_it_was_missed(measured):
    said = soak.page(["- seed 1"], measured, [])

    assert "### R1 Killed processes" in said
    assert "| processes killed | = 500 | 500 | 500 |" in said
    assert "| backlog empty after | ≤ 120 s | 71.5 s | **130.0 s: missed** |" in said
    assert "| requests cut off | – | 1,234 | 1,234 |" in said


def test_a_trial_that_left_no_figure_did_not_run(measured):
    missing = soak.absent(measured)

    assert "R1" not in missing
    assert len(missing) == len(soak.TRIALS) - 1
    assert "### R2 Death at every point of an act\n\nNot run." in soak.page([], measured, ["R2"])
    assert soak.faults(["test_x on sqlite"], ["R2"]) == [
        "- **failed:** test_x on sqlite",
        "- **not run:** R2 (Death at every point of an act)",
    ]


def test_a_run_that_ends_badly_without_saying_why_is_no_success(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "REPORTS", tmp_path)
    lane = soak.Lane("sqlite", "sqlite", ["pytest"], {}, alone=True)

    assert lane.broken(0) == ["the whole run on sqlite"]
    (tmp_path / "sqlite-alone.xml").write_text("<testsuite><testcase name='test_a'/></testsuite>")
    assert lane.broken(0) == lane.broken(soak.NOTHING_TO_DO) == []
    assert lane.broken(2) == ["the run on sqlite ended with 2"]
    (tmp_path / "sqlite-alone.xml").write_text(
        "<testsuite><testcase name='test_a'><failure/></testcase></testsuite>"
    )
    assert lane.broken(1) == ["test_a on sqlite"]


def test_lanes_run_beside_each_other_and_say_what_failed(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "REPORTS", tmp_path)
    told = f"import sys; open({str(tmp_path / 'seen')!r}, 'a').write(' '.join(sys.argv[1:]))"
    lanes = [
        soak.Lane(name, name, [sys.executable, "-c", told], dict(os.environ), alone=False)
        for name in ("sqlite", "postgresql")
    ]

    assert soak.at_once(*lanes) == ["the whole run on sqlite", "the whole run on postgresql"]
    assert (tmp_path / "seen").read_text().count("--alone=no") == 2


def test_the_page_keeps_what_people_wrote(tmp_path, monkeypatch):
    page = tmp_path / "reliability.md"
    page.write_text(f"# Before\n\n{soak.BEGIN}\n\nold\n\n{soak.END}\nafter\n")
    monkeypatch.setattr(soak, "PAGE", page)

    soak.write("new")
    soak.write("newer")

    assert page.read_text() == f"# Before\n\n{soak.BEGIN}\n\nnewer\n\n{soak.END}\nafter\n"


@pytest.mark.parametrize(
    ("value", "bar", "held"),
    [
        (3, {"exactly": 3}, True),
        (2, {"exactly": 3}, False),
        (3, {"at_least": 3}, True),
        (2, {"at_least": 3}, False),
        (3, {"at_most": 3}, True),
        (4, {"at_most": 3}, False),
        (4, {}, True),
    ],
)
def test_a_bar_is_cleared_or_missed(value, bar, held):
    found = Figures("R1", "test", "sqlite", 1)

    found("kills", value, **bar)

    assert [line.held for line in found.lines] == [held]
    assert bool(found.missed()) is not held

"""The bench's own arithmetic: what holds a bar, what a table says, what a process costs."""

from __future__ import annotations

import os

import pytest

from bench import __main__ as command
from bench import cpu, report
from bench.figures import Figure, Table, milliseconds, written
from bench.parts import PARTS


@pytest.mark.parametrize(
    ("samples", "better", "held"),
    [([1, 8, 90], "least", True), ([1, 9, 9], "least", False), ([7, 8, 9], "most", True),
     ([1, 7, 90], "most", False)],
)  # fmt: skip
def test_the_median_is_held_against_the_bar(samples, better, held):
    assert Figure("a figure", samples, "ms", 8, better).held is held


def test_a_figure_without_a_bar_breaks_nothing_and_a_missing_peer_does():
    fine = Figure("a figure", [1, 2, 3], "ms")

    assert Table("A part", "", [fine]).held
    assert not Table("A part", "", [fine], ["the peer (no network)"]).held


def test_what_is_missing_is_said_loudly_on_both_papers():
    table = Table("A part", "How.", [Figure("a figure", [1, 2, 300], "ms", 1)], ["the peer (gone)"])

    assert "NOT MEASURED: the peer (gone)" in table.markdown()
    assert "NOT MEASURED: the peer (gone)" in table.text()
    assert "| a figure [ms] | 1.00 | 2.00 | 300 | ≤ 1 | NOT HELD |" in table.markdown()


def test_numbers_have_as_many_places_as_say_something():
    assert [written(each) for each in (0.123, 12.34, 1234.5)] == ["0.12", "12.3", "1,234"]
    assert milliseconds([0.5]) == [500]


def test_the_page_is_rewritten_between_its_marks_alone(tmp_path, monkeypatch):
    page = tmp_path / "performance.md"
    page.write_text(f"before\n\n{report.BEGIN}\nold\n{report.END}\n\nafter\n")
    monkeypatch.setattr(report, "PAGE", page)
    server = {"server_version": "18", "fsync": "on", "synchronous_commit": "on"}

    report.write([Table("A part", "How.", [Figure("a figure", [1], "")])], server)

    said = page.read_text()
    assert said.startswith("before\n\n")
    assert said.endswith("\n\nafter\n")
    assert "old" not in said
    assert "`fsync = on`" in said
    assert "### A part" in said


def test_the_page_in_the_project_has_its_marks():
    said = report.PAGE.read_text()

    assert said.index(report.BEGIN) < said.index(report.END)


def test_what_this_process_costs_is_read():
    assert cpu.seconds(os.getpid()) > 0
    assert cpu.memory(os.getpid()) > 1_000_000
    assert cpu.parent(os.getpid()) == os.getppid()
    assert os.getpid() in cpu.tree(os.getppid())


def test_every_figure_of_the_issue_has_its_part():
    assert list(PARTS) == [
        "completion", "engine", "cases", "processes", "starts", "timers", "inbox", "memory",
    ]  # fmt: skip


@pytest.mark.parametrize("named", [[], ["completion", "memory"]])
def test_no_part_named_means_every_part(monkeypatch, named):
    monkeypatch.setattr("sys.argv", ["bench", *named])

    assert command.parsed().only == named


def test_a_part_there_is_not_is_refused_with_those_there_are(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bench", "speed"])

    with pytest.raises(SystemExit):
        command.parsed()

    assert "completion" in capsys.readouterr().err

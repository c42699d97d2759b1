"""The guides say what the code does: their tables, their example files, their program."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine, forms, journal
from app.actor import SYSTEM
from app.db import transaction
from app.effects import EFFECTS
from app.engine.language.values import FUNCTIONS
from app.forms.soundness import TYPES
from app.model import Event
from app.queries.words import SENTENCES
from app.rules.profiles import available
from tests import drawn
from tests.house import text

COLUMNS = ("format", "stream", "seq", "previous", "hash", "body")
NAME = re.compile(r"`([a-z][a-zA-Z_.:]*)`")


def section(guide: str, title: str) -> str:
    """What stands below a heading, up to the next one of its rank or above."""
    rank = title.split(maxsplit=1)[0]
    _before, found, after = text(guide).partition(f"\n{title}\n")
    assert found, f"{guide} has no {title}"
    return re.split(rf"\n#{{1,{len(rank)}}} ", after)[0]


def rows(of: str) -> list[list[str]]:
    """The cells of every row of the tables in a piece of Markdown, without heads and rulers."""
    lines = [line.strip("|").split("|") for line in of.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines if not set(cells[0]) <= {"-", " "}]


def first_names(of: str) -> list[str]:
    """The names in backticks that open the rows."""
    return [name for row in rows(of) for name in NAME.findall(row[0])]


def test_every_attribute_stands_in_the_designers_guide():
    written = first_names(section("docs/designers.md", "## Our attributes"))

    assert written == [f"wv:{each.name}" for each in engine.EXTENSIONS]


def test_the_values_of_attributes_are_all_named():
    guide = section("docs/designers.md", "## Our attributes")
    values = {part for each in engine.EXTENSIONS for v in each.values for part in v.split("/")}

    assert {value for value in values if f"`{value}`" not in guide} == set()


def test_every_effect_stands_in_the_designers_guide_with_its_form():
    written = {row[0].strip("`"): NAME.findall(row[1])
               for row in rows(section("docs/designers.md", "## Effects"))[1:]}  # fmt: skip
    drawn_with: dict[str, set[str]] = {name: set() for name in EFFECTS}
    for key in drawn.KEYS:
        for task in drawn.tasks(key):
            effect = task.get("{urn:weathervane:bpmn:1}effect")
            if effect:
                drawn_with[effect].add(task.get("{urn:weathervane:bpmn:1}form"))

    assert {name: set(found) for name, found in written.items()} == drawn_with


def test_every_function_and_field_type_stands_in_the_designers_guide():
    conditions = section("docs/designers.md", "## Conditions")
    types = first_names(section("docs/designers.md", "## Forms"))

    assert [name for name in FUNCTIONS if f"`{name}(" not in conditions] == []
    assert set(types) == set(TYPES)


def test_the_example_form_is_a_form():
    example = re.search(r"```json\n(.*?)```", section("docs/designers.md", "## Forms"), re.DOTALL)
    assert example is not None

    form = forms.read(example[1].encode())

    assert [field.name for field in form.fields] == ["decision", "opinion"]


def test_the_example_conditions_are_allowed():
    found = re.search(
        r"```\n(.*?)```", section("docs/designers.md", "## Conditions"), re.DOTALL
    )  # fmt: skip
    assert found is not None
    facts = {"decision": "grant", "needs_leader": False, "percent": 10}

    assert [engine.evaluate(line, facts) for line in found[1].splitlines()] == [False, True, False]


def test_every_kind_of_act_stands_in_the_auditors_guide():
    listed = section("docs/auditors.md", "## Kinds of acts")

    assert sorted(name for row in rows(listed)[1:] for name in NAME.findall(row[1])) == sorted(
        SENTENCES
    )


def test_every_part_of_a_profile_stands_in_the_profiles_guide():
    table, *_parts = section("docs/profiles.md", "## Every setting").split("\n### ")
    written = first_names(table)
    shipped = available()

    assert {key for profile in shipped.values() for key in profile} == set(written)


def test_every_time_limit_stands_in_the_profiles_guide_with_its_sample_value():
    written = {
        row[0].strip("`"): row[2].strip("`")
        for row in rows(section("docs/profiles.md", "### Time limits"))[1:]
    }

    for profile in available().values():
        assert {name: each["length"] for name, each in profile["deadlines"].items()} == written


@pytest.fixture
def export(database: Session, tmp_path: Path) -> Callable[..., Path]:
    """A small journal, and a way to write it into a file as the guide says."""
    with transaction():
        for number in range(9):
            journal.record(
                "unit.renamed", stream=("organisation", "calendar", "case:7")[number % 3],
                actor=SYSTEM, data={"before": "旧名，“引号”", "after": f'line\n"{number}"'},
            )  # fmt: skip
        journal.flush()
    found = [dict(row) for row in database.execute(
        select(*(getattr(Event, name) for name in COLUMNS)).order_by(Event.id.desc())
    ).mappings()]  # fmt: skip

    def write(change: Callable[[list[dict[str, str]]], object] = lambda _rows: None) -> Path:
        kept = [{name: str(value) for name, value in row.items()} for row in found]
        change(kept)
        path = tmp_path / "journal.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(kept)
        return path

    return write


def test_the_auditors_program_finds_what_it_says_it_finds(export, tmp_path):
    program, heads = tmp_path / "verify.py", tmp_path / "heads"
    blocks = re.findall(r"```python\n(.*?)```", text("docs/auditors.md"), re.DOTALL)
    program.write_text(blocks[-1], encoding="utf-8")

    def run(path: Path, *more: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-X", "utf8", str(program), str(path), *map(str, more)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    whole = run(export())
    heads.write_text(whole.stdout, encoding="utf-8")
    assert (whole.returncode, whole.stderr, len(whole.stdout.splitlines())) == (0, "", 3)
    assert run(export(), heads).returncode == 0

    changed = run(export(lambda rows: rows[4].update(body=rows[4]["body"] + " ")))
    assert (changed.returncode, changed.stderr.count("\n")) == (1, 1)
    removed = run(export(lambda rows: rows.pop(4)))
    assert removed.returncode == 1
    assert "does not follow row 1" in removed.stderr

    cut = export(lambda rows: rows.pop(0))
    assert run(cut).returncode == 0  # as the guide says: a cut shows only beside kept heads
    assert "is not the row it was" in run(cut, heads).stderr

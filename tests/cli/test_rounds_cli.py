"""`flask rounds …`: a published file is imported, once, or refused with the lines in the way."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.commands.imports import upload
from app.db import session
from app.model import ImportBatch, Indicator, Reading, Round
from tests import stories
from tests.bringing import CONSTRUCTION, HEADER, PUBLISHED, number_of, opened


@pytest.fixture
def figures(tmp_path):
    """A way to write a file of readings."""

    def write(rows, name="readings.csv"):
        path = tmp_path / name
        path.write_text(HEADER + rows, encoding="utf-8")
        return path

    return write


def test_the_published_file_opens_its_round_and_comes_in_once(tanghe, typed):
    first = typed("rounds", "import", PUBLISHED, "--round", "2022Q3", "--create-unknown")

    assert first.exit_code == 0, first.output
    assert "2022Q3: round opened under tanghe." in first.output
    assert "6 readings added (2 indicators and 3 areas created)" in first.output
    assert number_of(Reading) == 6
    [act] = stories.acts(f"round:{session().scalar(select(Round.id))}", "reading.imported")
    assert act["person"] is None

    second = typed("rounds", "import", PUBLISHED, "--round", "2022Q3", "--create-unknown")

    assert (second.exit_code, second.output.strip()) == (
        0, "2022Q3: this file was imported before; nothing changed.",
    )  # fmt: skip
    assert (number_of(Reading), number_of(Round), number_of(ImportBatch)) == (6, 1, 1)


def test_the_same_figures_in_another_file_change_nothing(tanghe, typed, tmp_path):
    typed("rounds", "import", PUBLISHED, "--round", "2022Q3", "--create-unknown")
    other = tmp_path / "gb.csv"
    other.write_bytes(PUBLISHED.read_text(encoding="utf-8").encode("gb18030"))

    answer = typed("rounds", "import", other, "--round", "2022Q3")

    assert answer.exit_code == 0
    assert "all 6 readings were there already; nothing changed." in answer.output


def test_unknown_names_are_refused_with_the_lines_and_the_cure(tanghe, typed):
    answer = typed("rounds", "import", PUBLISHED, "--round", "2022Q3")

    assert answer.exit_code == 1
    assert "line 3: unknown indicator 商事活动纠纷风险防控指数" in answer.output
    assert "line 3: unknown area county/新野" in answer.output
    assert "--create-unknown" in answer.output
    assert "Nothing was imported." in answer.output
    assert number_of(Reading) == 0


def test_contradictions_are_refused_with_their_arithmetic_before_anything_is_written(
    tanghe, typed, figures
):
    file = figures(
        f"{CONSTRUCTION},2022Q3,county,新野,92.94,94.49,1.55,\n" + "x,2022Q3,county,新野,140,,,\n"
    )

    answer = typed("rounds", "import", file, "--round", "2022Q3", "--create-unknown")

    assert answer.exit_code == 1
    assert "line 2: 92.94 − 94.49 = -1.55, but the file says 1.55." in answer.output
    assert "line 3: 140 does not lie between 0 and 100." in answer.output
    assert number_of(Round) == 0


def test_many_problems_are_not_all_printed(tanghe, typed, figures):
    file = figures("".join(f"x,2022Q3,county,县{n},140,,,\n" for n in range(30)))

    answer = typed("rounds", "import", file, "--round", "2022Q3")

    assert answer.exit_code == 1
    assert "… and 10 more" in answer.output


def test_a_figure_that_differs_from_the_stored_one_is_refused(tanghe, typed, figures):
    row = f"{CONSTRUCTION},2022Q3,county,新野,%s,,,\n"
    typed("rounds", "import", figures(row % 92), "--round", "2022Q3", "--create-unknown")

    answer = typed("rounds", "import", figures(row % 93, "b.csv"), "--round", "2022Q3")

    assert answer.exit_code == 1
    assert "line 2: The round already holds 92 as value; the file says 93." in answer.output


@pytest.mark.parametrize(
    ("rows", "why"), [('"lone,2022Q3\n', "Line 2 cannot be read as CSV"), ("", "no rows")]
)
def test_a_file_that_cannot_be_read_is_refused(tanghe, typed, figures, rows, why):
    answer = typed("rounds", "import", figures(rows), "--round", "2022Q3")

    assert answer.exit_code == 1
    assert why in answer.output


@pytest.mark.parametrize(
    ("options", "why"),
    [(["--round", "soon"], "is not a period"),
     (["--round", "2022Q3", "--profile", "nowhere"], "nowhere"),
     (["--round", "2022Q3", "--create-unknown", "--aspect", "XX"], "no aspect with the code XX"),
     (["--round", "2022Q3", "--as", "nobody"], "does not exist")],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_sentence(tanghe, typed, options, why):
    answer = typed("rounds", "import", PUBLISHED, *options)

    assert answer.exit_code == 1
    assert why in answer.output
    assert number_of(Reading) == 0


def test_a_person_may_be_named_as_the_one_who_imports(tanghe, typed):
    analyst = tanghe.actor("court_analyst")
    answer = typed(
        "rounds", "import", PUBLISHED, "--round", "2022Q3", "--create-unknown",
        "--profile", "tanghe", "--as", analyst.login,
    )  # fmt: skip

    assert answer.exit_code == 0, answer.output
    assert session().scalar(select(ImportBatch.confirmed_by)) == analyst.person_id
    stranger = typed(
        "rounds", "import", PUBLISHED, "--round", "2022Q3", "--as", tanghe.stranger.login
    )
    assert stranger.exit_code == 1


def test_a_preview_somebody_works_on_is_left_alone(tanghe, typed):
    analyst = tanghe.actor("court_analyst")
    round_id = opened("2022Q3", analyst)
    batch = upload(round_id, "a.csv", PUBLISHED.read_bytes(), actor=analyst)["batch"]

    answer = typed("rounds", "import", PUBLISHED, "--round", "2022Q3", "--create-unknown")

    assert answer.exit_code == 1
    assert f"/imports/{batch}" in answer.output
    assert session().get(ImportBatch, batch).state == "uploaded"


def test_new_indicators_may_be_put_under_an_aspect(tanghe, typed):
    from app.commands.indicators import add_aspect

    aspect = add_aspect("JJ", "经济社会", actor=tanghe.actor("court_analyst"))["aspect"]

    typed("rounds", "import", PUBLISHED, "--round", "2022Q3", "--create-unknown", "--aspect", "JJ")

    aspects = session().scalars(select(Indicator.aspect_id).where(Indicator.code == "N001")).all()
    assert aspects == [aspect]


def test_the_rounds_are_listed(tanghe, typed):
    assert typed("rounds", "list").output == "-\n"
    typed("rounds", "import", PUBLISHED, "--round", "2022Q3", "--create-unknown")

    assert "2022Q3" in typed("rounds", "list").output
    [line] = json.loads(typed("rounds", "list", "--json").output)
    assert (line["round"], line["readings"], line["graded"]) == ("2022Q3", 6, None)

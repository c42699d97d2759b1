"""The preview says of each row whether it is new, known, unknown or contradicts, and why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands.imports import (
    confirm,
    create_all_unknown,
    leave_out,
    map_unknown,
    take_back_in,
)
from app.db import session
from app.errors import Invalid, NotFound
from app.model import ImportRow, Reading
from tests import stories
from tests.bringing import (
    CONSTRUCTION,
    PUBLISHED,
    number_of,
    previewed,
    taken_in,
)


def findings(batch_id, line):
    """Verdict and codes of the findings of one line."""
    row = (
        session()
        .execute(
            select(ImportRow.verdict, ImportRow.findings).where(
                ImportRow.batch_id == batch_id, ImportRow.line == line
            )
        )
        .one()
    )
    return row.verdict, [each["code"] for each in row.findings]


def test_the_same_figures_in_another_file_are_grey_and_nothing_is_confirmed(round_id, analyst):
    taken_in(round_id, PUBLISHED.read_bytes(), analyst)
    text = PUBLISHED.read_text(encoding="utf-8")

    batch, counts = previewed(round_id, text.encode("gb18030"), analyst)

    assert counts == {"same": 6}
    with pytest.raises(Invalid, match="Nothing in this file is new"):
        confirm(batch, actor=analyst)


def test_a_figure_written_with_other_zeros_is_the_same(round_id, analyst):
    taken_in(round_id, f"{CONSTRUCTION},2022Q3,county,新野,92.5,,,\n", analyst)

    _batch, counts = previewed(round_id, f"{CONSTRUCTION},2022Q3,county,新野,92.500,,,\n", analyst)

    assert counts == {"same": 1}


def test_a_change_that_does_not_add_up_is_shown_with_its_arithmetic(round_id, analyst):
    batch, counts = previewed(
        round_id, f"{CONSTRUCTION},2022Q3,county,新野,92.94,94.49,1.55,755\n", analyst
    )

    assert counts == {"contradiction": 1}
    [row] = session().scalars(select(ImportRow).where(ImportRow.batch_id == batch)).all()
    assert row.findings[0]["text"]["values"] == {
        "value": "92.94",
        "before": "94.49",
        "difference": "-1.55",
        "change": "1.55",
    }


def test_a_stored_reading_is_never_overwritten(round_id, analyst):
    taken_in(round_id, f"{CONSTRUCTION},2022Q3,county,新野,92.94,,,\n", analyst)

    batch, counts = previewed(round_id, f"{CONSTRUCTION},2022Q3,county,新野,92.95,,,\n", analyst)

    assert counts == {"contradiction": 1}
    assert findings(batch, 2) == ("contradiction", ["differs_from_stored"])
    with pytest.raises(Invalid) as refused:
        confirm(batch, actor=analyst)
    assert "2" in str(refused.value.fields["contradiction"])
    assert number_of(Reading) == 1


def test_a_doubtful_row_may_be_left_out_and_taken_back(round_id, analyst):
    batch, _counts = previewed(
        round_id,
        f"{CONSTRUCTION},2022Q3,county,新野,92.94,,,\n{CONSTRUCTION},2022Q3,county,内乡,140,,,\n",
        analyst,
    )
    create_all_unknown(batch, actor=analyst)

    assert leave_out(batch, 3, actor=analyst) == {"new": 1, "excluded": 1}
    assert take_back_in(batch, 3, actor=analyst) == {"new": 1, "contradiction": 1}
    leave_out(batch, 3, actor=analyst)
    assert confirm(batch, actor=analyst)["excluded"] == 1

    [act] = stories.acts(f"round:{round_id}", "reading.imported")
    assert act["data"]["left_out"] == [3]


def test_only_doubtful_rows_can_be_left_out(round_id, analyst):
    batch, _counts = previewed(round_id, f"{CONSTRUCTION},2022Q3,county,新野,92.94,,,\n", analyst)
    create_all_unknown(batch, actor=analyst)

    with pytest.raises(Invalid, match="can be taken in"):
        leave_out(batch, 2, actor=analyst)
    with pytest.raises(Invalid, match="was not left out"):
        take_back_in(batch, 2, actor=analyst)
    with pytest.raises(NotFound):
        leave_out(batch, 77, actor=analyst)


def test_names_are_mapped_to_what_exists(tanghe, round_id, analyst):
    batch, _counts = previewed(round_id, "工程指数,2022Q3,county,新野,92.94,,,\n", analyst)

    counts = map_unknown(
        batch,
        {
            "indicator": {"工程指数": {"to": tanghe.indicators["I02"]}},
            "area": {"county/新野": {"create": True}},
        },
        actor=analyst,
    )

    assert counts == {"new": 1}
    confirm(batch, actor=analyst)
    assert session().scalar(select(Reading.indicator_id)) == tanghe.indicators["I02"]


def test_an_indicator_is_known_by_its_code_too(round_id, analyst):
    batch, _counts = previewed(round_id, "I02,2022Q3,county,新野,92.94,,,\n", analyst)

    assert create_all_unknown(batch, actor=analyst) == {"new": 1}
    assert confirm(batch, actor=analyst)["indicators"] == 0


def test_two_names_mapped_to_one_indicator_contradict_each_other(tanghe, round_id, analyst):
    batch, _counts = previewed(
        round_id,
        f"工程指数,2022Q3,county,新野,92.94,,,\n{CONSTRUCTION},2022Q3,county,新野,92.94,,,\n",
        analyst,
    )
    create_all_unknown(batch, actor=analyst)
    confirmable = map_unknown(batch, {"indicator": {"工程指数": {}}}, actor=analyst)

    counts = map_unknown(
        batch, {"indicator": {"工程指数": {"to": tanghe.indicators["I02"]}}}, actor=analyst
    )

    assert confirmable == {"unknown": 1, "new": 1}
    assert counts == {"new": 1, "contradiction": 1}
    assert findings(batch, 3) == ("contradiction", ["same_after_mapping"])


def test_taking_a_mapping_back_makes_the_name_unknown_again(tanghe, round_id, analyst):
    batch, _counts = previewed(round_id, "工程指数,2022Q3,county,新野,92.94,,,\n", analyst)
    create_all_unknown(batch, actor=analyst)

    assert map_unknown(batch, {"indicator": {"工程指数": {}}}, actor=analyst) == {"unknown": 1}


@pytest.mark.parametrize(
    "mapping",
    [
        {"indicator": {"工程指数": {"to": 4711}}},
        {"indicator": {"工程指数": {"create": True, "aspect": "none"}}},
        {"indicator": {"工程指数": {"colour": "red"}}},
        {"unit": {"住建局": {"create": True}}},
    ],
)
def test_a_mapping_to_what_does_not_exist_is_refused(round_id, analyst, mapping):
    batch, _counts = previewed(round_id, "工程指数,2022Q3,county,新野,92.94,,,\n", analyst)

    with pytest.raises(Invalid):
        map_unknown(batch, mapping, actor=analyst)

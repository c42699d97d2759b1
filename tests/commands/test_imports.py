"""A file of readings is confirmed whole, once, and only when everything in it is clear."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app.commands.imports import (
    confirm,
    create_all_unknown,
    discard,
    upload,
)
from app.db import session
from app.errors import Invalid, Stale
from app.model import Area, Case, ImportBatch, ImportRow, Indicator, Reading
from app.queries.audit import verify
from tests import stories
from tests.bringing import (
    COMMERCIAL,
    CONSTRUCTION,
    PUBLISHED,
    batch_row,
    number_of,
    previewed,
    taken_in,
)


def test_a_published_file_is_previewed_cleared_up_and_confirmed(round_id, analyst):
    batch, counts = previewed(round_id, PUBLISHED.read_bytes(), analyst, "xinye_2022Q3.csv")

    assert counts == {"unknown": 6}
    assert number_of(Reading) == 0

    assert create_all_unknown(batch, actor=analyst) == {"new": 6}
    assert session().scalar(select(Indicator.id).where(Indicator.name == COMMERCIAL)) is None

    assert confirm(batch, actor=analyst) == {
        "new": 6,
        "same": 0,
        "excluded": 0,
        "indicators": 2,
        "areas": 3,
    }
    reading = (
        session()
        .scalars(
            select(Reading)
            .join(Indicator, Indicator.id == Reading.indicator_id)
            .join(Area, Area.id == Reading.area_id)
            .where(Indicator.name == COMMERCIAL, Area.name == "新野")
        )
        .one()
    )
    assert (reading.value, reading.year_before, reading.change, reading.case_count) == (
        Decimal("92.94"),
        Decimal("94.49"),
        Decimal("-1.55"),
        755,
    )
    kept = batch_row(batch)
    assert (kept.state, kept.confirmed_by) == ("confirmed", analyst.person_id)
    assert kept.provenance.startswith("新野县人民法院")
    assert number_of(ImportRow) == 0


def test_the_only_county_created_becomes_our_own_area(round_id, analyst):
    taken_in(round_id, PUBLISHED.read_bytes(), analyst)

    own = session().scalars(select(Area).where(Area.own)).one()

    assert (own.level, own.name) == ("county", "新野")


def test_the_import_is_journalled_with_hashes_counts_and_a_digest(round_id, analyst):
    batch, _numbers = taken_in(round_id, PUBLISHED.read_bytes(), analyst)

    [act] = stories.acts(f"round:{round_id}", "reading.imported")
    data = act["data"]

    assert data["import_batch"] == batch
    assert data["file_sha256"] == batch_row(batch).sha256
    assert data["counts"]["new"] == 6
    assert len(data["sha256"]) == 64
    [added] = stories.acts("settings", "indicator.added")
    assert [each["code"] for each in added["data"]["indicators"]] == ["N001", "N002"]


def test_the_same_file_again_changes_nothing(round_id, analyst):
    batch, _numbers = taken_in(round_id, PUBLISHED.read_bytes(), analyst)
    acts = len(stories.acts(f"round:{round_id}"))

    again = upload(round_id, "renamed.csv", PUBLISHED.read_bytes(), actor=analyst)

    assert again == {"batch": batch, "already": True, "waiting": False, "small": False}
    assert number_of(ImportBatch) == 1
    assert len(stories.acts(f"round:{round_id}")) == acts


def test_nothing_is_taken_in_while_one_row_is_unclear(round_id, analyst):
    batch, counts = previewed(
        round_id,
        f"{CONSTRUCTION},2022Q3,county,新野,92.94,,,\n{CONSTRUCTION},2022Q3,county,内乡,140,,,\n",
        analyst,
    )
    assert counts == {"unknown": 1, "contradiction": 1}
    create_all_unknown(batch, actor=analyst)

    with pytest.raises(Invalid):
        confirm(batch, actor=analyst)

    assert number_of(Reading) == 0
    assert number_of(Area) == 0


def test_a_fault_in_the_middle_leaves_nothing_behind(round_id, analyst, monkeypatch):
    batch, _counts = previewed(round_id, PUBLISHED.read_bytes(), analyst)
    create_all_unknown(batch, actor=analyst)

    def fault(batch_id):
        assert number_of(Reading) == 6
        raise ZeroDivisionError

    monkeypatch.setattr("app.effects.intake.digest", fault)
    with pytest.raises(ZeroDivisionError):
        confirm(batch, actor=analyst)

    assert (number_of(Reading), number_of(Area)) == (0, 0)
    assert batch_row(batch).state == "previewed"
    assert stories.acts(f"round:{round_id}", "reading.imported") == []


def test_a_discarded_file_leaves_no_rows_and_may_come_again(round_id, analyst):
    batch, _counts = previewed(round_id, PUBLISHED.read_bytes(), analyst)

    discard(batch, actor=analyst)

    assert number_of(ImportRow) == 0
    with pytest.raises(Stale):
        confirm(batch, actor=analyst)
    with pytest.raises(Stale):
        discard(batch, actor=analyst)
    assert previewed(round_id, PUBLISHED.read_bytes(), analyst)[1] == {"unknown": 6}


def test_a_file_being_looked_at_is_not_uploaded_twice(round_id, analyst):
    batch, _counts = previewed(round_id, PUBLISHED.read_bytes(), analyst)

    assert upload(round_id, "b.csv", PUBLISHED.read_bytes(), actor=analyst) == {
        "batch": batch,
        "already": False,
        "waiting": True,
        "small": False,
    }


def test_a_closed_round_takes_nothing_more(round_id, analyst):
    batch, _counts = previewed(round_id, PUBLISHED.read_bytes(), analyst)
    create_all_unknown(batch, actor=analyst)
    case = session().scalars(select(Case)).one()
    case.status = "closed"
    session().commit()

    with pytest.raises(Invalid, match="closed"):
        confirm(batch, actor=analyst)
    with pytest.raises(Invalid, match="closed"):
        upload(round_id, "b.csv", PUBLISHED.read_bytes() + b"\n", actor=analyst)


def test_a_reading_changed_behind_the_journals_back_is_found(round_id, analyst):
    batch, _numbers = taken_in(round_id, PUBLISHED.read_bytes(), analyst)
    before = [each for each in verify().breaks if each.stream.startswith("round:")]

    session().execute(
        update(Reading)
        .where(Reading.batch_id == batch, Reading.value == Decimal("92.94"))
        .values(value=Decimal("72.94"))
    )
    session().commit()

    after = [each for each in verify().breaks if each.stream.startswith("round:")]
    assert before == []
    assert [str(each.problem) for each in after] == [
        f"The content of import_batch {batch} is not what the journal vouches for."
    ]

"""Reading a file into its preview: encodings, interruptions, and files that are not right."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands import staging
from app.commands.imports import (
    discard,
    upload,
)
from app.commands.staging import stage
from app.db import session
from app.errors import Invalid
from app.model import ImportBatch, ImportRow, Work
from tests.bringing import (
    CONSTRUCTION,
    HEADER,
    PUBLISHED,
    batch_row,
    number_of,
    previewed,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_encoding_is_kept_with_the_file(round_id, analyst, encoding):
    content = PUBLISHED.read_text(encoding="utf-8").encode(encoding)

    batch, counts = previewed(round_id, content, analyst)

    assert counts == {"unknown": 6}
    assert batch_row(batch).encoding == encoding


def test_uploading_asks_for_background_work(round_id, analyst):
    batch = upload(round_id, "a.csv", PUBLISHED.read_bytes(), actor=analyst)["batch"]

    [work] = session().scalars(select(Work)).all()

    assert (work.kind, work.reference, work.state) == ("import_preview", batch, "pending")


def test_an_interrupted_reading_starts_over(round_id, analyst, monkeypatch):
    monkeypatch.setattr("app.commands.staging.PIECE", 2)
    batch = upload(round_id, "a.csv", PUBLISHED.read_bytes(), actor=analyst)["batch"]
    with monkeypatch.context() as broken:
        broken.setattr("app.effects.previews.match", lambda _batch: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stage(batch, actor=analyst)
    assert (batch_row(batch).state, batch_row(batch).rows_read) == ("reading", 6)

    assert stage(batch, actor=analyst) == {"unknown": 6}
    assert stage(batch, actor=analyst) is None
    assert number_of(ImportRow) == 6


def test_a_reading_that_was_overtaken_stops(round_id, analyst, monkeypatch):
    monkeypatch.setattr("app.commands.staging.PIECE", 2)
    batch = upload(round_id, "a.csv", PUBLISHED.read_bytes(), actor=analyst)["batch"]
    discard(batch, actor=analyst)
    row = batch_row(batch)
    row.state = "uploaded"
    session().commit()
    real = staging._add  # noqa: SLF001 - the moment between two pieces

    def add_after_somebody_else_began(*args):
        monkeypatch.setattr("app.commands.staging._add", real)
        assert stage(batch, actor=analyst) == {"unknown": 6}
        return real(*args)

    monkeypatch.setattr("app.commands.staging._add", add_after_somebody_else_began)

    assert stage(batch, actor=analyst) is None
    assert (batch_row(batch).state, number_of(ImportRow)) == ("previewed", 6)


def test_a_file_that_breaks_off_is_refused_with_the_line(round_id, analyst):
    content = HEADER + f"{CONSTRUCTION},2022Q3,county,新野,92.94,,,\n" + '"lone,2022Q3,county\n'

    batch, counts = previewed(round_id, content.encode(), analyst)

    assert counts is None
    assert batch_row(batch).state == "failed"
    assert "Line %(line)s" in batch_row(batch).problem
    assert number_of(ImportRow) == 0


def test_a_file_without_rows_fails(round_id, analyst):
    batch, counts = previewed(round_id, HEADER.encode(), analyst)

    assert (counts, batch_row(batch).state) == (None, "failed")


def test_a_file_full_of_unknown_names_is_the_wrong_file(round_id, analyst, monkeypatch):
    monkeypatch.setattr("app.commands.staging.MOST_UNKNOWN", 3)

    batch, counts = previewed(round_id, PUBLISHED.read_bytes(), analyst)

    assert (counts, batch_row(batch).state) == (None, "failed")


def test_a_file_without_the_columns_is_refused_at_once(round_id, analyst):
    with pytest.raises(Invalid, match="lacks the columns"):
        upload(round_id, "a.csv", b"a,b\n1,2\n", actor=analyst)

    assert number_of(ImportBatch) == 0

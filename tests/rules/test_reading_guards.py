"""Hostile and broken files: each is refused with a sentence, none with a traceback."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.rules.readings import COLUMNS, MOST_BYTES, read, sniff, template_csv, template_xlsx

# openpyxl warns about what it leaves out of a damaged workbook, and that is right
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

HEADER = ",".join(COLUMNS)
XLSX = template_xlsx()


def gone_through(data):
    return list(read(data).rows)


def repacked(*, extra=(), change=lambda _name, content: content):
    """The template with members changed or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(XLSX)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in extra:
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"# only a comment\n", "empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 20 MB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "save it as .xlsx or CSV"),
        (HEADER.encode("utf-16"), "not readable text"),
        (b"a\x00b", "not readable text"),
        (b"\xff\xff\xff\xff", "not readable text"),
        (b"\xef\xbb\xbf\xff\xff", "not readable text"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (f'{HEADER}\n"lone quote,2022Q3\n'.encode(), "Line 2 cannot be read as CSV"),
        (f'{HEADER}\n"a"b,2022Q3\n'.encode(), "Line 2 cannot be read as CSV"),
        ((f"{HEADER}\n" + "x" * 140_000).encode(), "cannot be read as CSV"),
        (b"%PDF-1.7\n", "lacks the columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data, sentence):
    with pytest.raises(Invalid, match=sentence):
        gone_through(data)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("指标".encode(), "utf-8"),
        ("指标".encode("utf-8-sig"), "utf-8-sig"),
        ("指标".encode("gb18030"), "gb18030"),
        ("㐀𠀀".encode("gb18030"), "gb18030"),
        (b"indicator", "utf-8"),
    ],
)
def test_encodings_are_told_apart(data, encoding):
    assert sniff(data) == encoding


def test_an_archive_that_unpacks_to_far_more_than_it_is():
    bomb = repacked(extra=[("xl/media/zeros.bin", b"\0" * 5_000_000)])

    with pytest.raises(Invalid, match="unpacks to too much"):
        gone_through(bomb)


def test_an_archive_with_too_many_members():
    crowd = repacked(extra=[(f"xl/media/{n}.txt", b"") for n in range(200)])

    with pytest.raises(Invalid, match="unpacks to too much"):
        gone_through(crowd)


@pytest.mark.parametrize("doctype", [b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!doctype x>"])
def test_a_document_type_is_refused(doctype):
    def with_doctype(name, content):
        return doctype + content if name == "xl/worksheets/sheet1.xml" else content

    with pytest.raises(Invalid, match="what no table needs"):
        gone_through(repacked(change=with_doctype))


def test_a_sheet_that_claims_a_million_rows_and_sixteen_thousand_columns():
    def boasting(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"<sheetData", b'<dimension ref="A1:XFD1048576"/><sheetData', 1)

    assert len(gone_through(repacked(change=boasting))) == 1


def test_empty_rows_of_a_workbook_are_passed_over():
    book = openpyxl.Workbook()
    for row in (COLUMNS, (), ("甲", "2025", "县", "县", 70)):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)

    assert [row.line for row in gone_through(out.getvalue())] == [3]


def test_a_zip_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.txt", "hello")

    with pytest.raises(Invalid, match="damaged or not an Excel file"):
        gone_through(out.getvalue())


def test_a_formula_counts_as_what_it_last_showed():
    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS))
    book.active.append(["甲", "2025", "县", "县", "=1+1"])
    out = io.BytesIO()
    book.save(out)

    [row] = gone_through(out.getvalue())

    assert row.value is None
    assert [finding.code for finding in row.findings] == ["missing"]


def test_a_month_that_excel_took_for_a_date_and_a_year_it_took_for_a_number():
    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS))
    for period in (openpyxl.utils.datetime.from_excel(46204), 2025):
        book.active.append(["甲", period, "县", "县", 70.10000000000001])
    out = io.BytesIO()
    book.save(out)

    found = gone_through(out.getvalue())

    assert [(row.period, str(row.value)) for row in found] == [
        ("2026-07", "70.1"),
        ("2025A", "70.1"),
    ]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(XLSX) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused_but_never_breaks(at, noise):
    _read_or_refused(XLSX[:at] + noise + XLSX[at + len(noise) :])


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(template_csv()) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_csv_is_read_or_refused_but_never_breaks(at, noise):
    data = template_csv()
    _read_or_refused(data[:at] + noise + data[at + len(noise) :])


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"]),
    st.integers(0, 600),
    st.binary(min_size=1, max_size=6),
)
def test_a_workbook_with_damaged_insides_is_read_or_refused(member, at, noise):
    def damaged(name, content):
        if name != member:
            return content
        place = at % len(content)
        return content[:place] + noise + content[place + len(noise) :]

    _read_or_refused(repacked(change=damaged))


def _read_or_refused(data):
    with suppress(Invalid):
        assert len(gone_through(data)) < 10

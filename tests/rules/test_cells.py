"""Spreadsheets: whatever people wrote, no cell is a formula when the file is read again."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from tempfile import TemporaryFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.cells import FORMULA_STARTS, csv_bytes, csv_text, write_csv, write_xlsx, xlsx_bytes

DANGEROUS = [
    "=1+1",
    '=HYPERLINK("http://example.invalid")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "　=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "#N/A",
]
TEXTS = st.one_of(
    st.sampled_from(DANGEROUS),
    st.text(max_size=20),
    st.builds("{}{}".format, st.sampled_from(sorted(FORMULA_STARTS)), st.text(max_size=10)),
)
NUMBERS = st.one_of(st.integers(-(10**9), 10**9), st.decimals(-100, 100, places=2))


def csv_rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def xlsx_cells(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [list(row) for row in sheet.iter_rows()]


@pytest.mark.parametrize("text", DANGEROUS[:-1])
def test_a_text_that_looks_like_a_formula_is_disarmed_in_csv(text):
    assert csv_rows(csv_bytes([[text, "x"]])) == [["'" + text, "x"]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_and_stays_a_text_in_xlsx(text):
    [[cell]] = xlsx_cells(xlsx_bytes("台账", [[text]]))

    assert cell.data_type in ("s", "inlineStr")


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_csv_has_no_formula_whatever_people_write(texts):
    [row] = csv_rows(csv_bytes([[*texts, "end"]]))

    assert len(row) == len(texts) + 1
    assert not any(
        cell[:1] in FORMULA_STARTS or cell.lstrip()[:1] in FORMULA_STARTS for cell in row if cell
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.one_of(TEXTS, NUMBERS), min_size=1, max_size=4), max_size=4))
def test_xlsx_has_no_formula_whatever_people_write(rows):
    cells = [cell for row in xlsx_cells(xlsx_bytes("x", rows)) for cell in row]

    assert not [cell for cell in cells if cell.data_type in ("f", "e")]


def test_numbers_stay_numbers():
    row = [-1, Decimal("-1.55"), 755, Decimal("92.94")]

    assert csv_bytes([row]) == b"\xef\xbb\xbf-1,-1.55,755,92.94\r\n"
    assert [cell.value for cell in xlsx_cells(xlsx_bytes("x", [row]))[0]] == [
        -1,
        -1.55,
        755,
        92.94,
    ]


def test_days_and_moments():
    row = [date(2026, 9, 14), datetime(2026, 9, 14, 15, 59, tzinfo=UTC), None, True]

    assert csv_rows(csv_bytes([row])) == [["2026-09-14", "2026-09-14 23:59", "", "True"]]
    found = [cell.value for cell in xlsx_cells(xlsx_bytes("x", [row]))[0]]
    assert found == [datetime(2026, 9, 14), "2026-09-14 23:59", None, "True"]  # noqa: DTZ001 - openpyxl gives days so


def test_what_no_file_can_hold_is_left_out():
    assert csv_rows(csv_bytes([["a\x00b\ud800c", Decimal("NaN")]])) == [["abc", "NaN"]]
    [[cell]] = xlsx_cells(xlsx_bytes("a/b:c\x01", [["x" * 40_000 + "\x0b"]]))
    assert len(cell.value) == 32_767


def test_a_file_opens_in_chinese_and_comes_in_pieces():
    pieces = list(csv_text([["编号", "事项"], ["1", "物业"]]))

    assert pieces[0] == '\ufeff"编号","事项"\r\n'
    assert pieces[1] == '"1","物业"\r\n'


@pytest.mark.parametrize("write", [write_csv, partial(write_xlsx, title="台账")])
def test_a_file_of_any_length_is_written_in_the_memory_of_a_few_rows(write):
    def most(rows: int) -> int:
        with TemporaryFile() as file:
            tracemalloc.start()
            write(file, rows=((n, f"第{n}号事项", "=SUM(A1)" + "长" * 200) for n in range(rows)))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    most(10)
    assert most(4_000) < most(400) * 1.5 < 3 * 1024**2


def test_the_header_is_bold_and_stays_in_sight():
    data = xlsx_bytes("台账", [["编号"], ["1"]], widths=[24])

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet.title == "台账"
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == 24

"""Files of readings: a real county's figures, three encodings, two formats, and every doubt."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.rules import readings
from app.rules.cells import csv_bytes, xlsx_bytes
from app.rules.readings import COLUMNS, read, rows, template_csv, template_xlsx

HEADER = list(COLUMNS)
GOOD = ["甲指数", "2022Q3", "county", "新野", "92.94", "94.49", "-1.55", "755"]
# The figures a county court published for the third quarter of 2022 (domain.md 1.4).
PUBLISHED = """\
# 新野县人民法院《2022年第三季度经济社会运行情况评估报告》, 2022-10-20
indicator,period,area_level,area,value,value_year_before,change,case_count
商事活动纠纷风险防控指数,2022Q3,county,新野,92.94,94.49,-1.55,755
商事活动纠纷风险防控指数,2022Q3,intermediate_court_mean,南阳均值,92.47,93.11,-0.64,
商事活动纠纷风险防控指数,2022Q3,high_court_mean,河南均值,93.54,94.33,-0.79,
中小投资者权益保护指数,2022Q3,county,新野,100,97.63,2.37,0
中小投资者权益保护指数,2022Q3,intermediate_court_mean,南阳均值,94.96,,,
中小投资者权益保护指数,2022Q3,high_court_mean,河南均值,95.36,,,
"""


def as_csv(*lines):
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_published_figures_in_each_encoding(encoding):
    file = read(PUBLISHED.encode(encoding))
    found = list(file.rows)

    assert file.encoding == encoding
    assert file.comments == ["新野县人民法院《2022年第三季度经济社会运行情况评估报告》, 2022-10-20"]
    assert file.findings == ()
    assert [row.line for row in found] == [3, 4, 5, 6, 7, 8]
    assert not any(row.findings for row in found)
    assert all(row.usable for row in found)
    first, last = found[0], found[-1]
    assert (first.indicator, first.period, first.area_level, first.area) == (
        "商事活动纠纷风险防控指数",
        "2022Q3",
        "county",
        "新野",
    )
    assert (first.value, first.value_year_before, first.change, first.case_count) == (
        Decimal("92.94"),
        Decimal("94.49"),
        Decimal("-1.55"),
        755,
    )
    assert (last.value, last.value_year_before, last.change, last.case_count) == (
        Decimal("95.36"),
        None,
        None,
        None,
    )


def test_the_same_figures_as_an_excel_file():
    table = list(csv.reader(io.StringIO(PUBLISHED)))
    book = openpyxl.Workbook()
    for row in table:
        book.active.append([float(cell) if _is_number(cell) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)

    file = read(out.getvalue())

    assert list(file.rows) == list(rows(PUBLISHED.encode()))
    assert file.encoding == "xlsx"
    assert len(file.comments) == 1


def _is_number(cell):
    return cell.replace(".", "").replace("-", "").isdigit() and not cell.startswith("2022")


@pytest.mark.parametrize(
    "header",
    [
        ["指标", "期间", "地区层级", "地区", "数值", "上年同期值", "同比变化", "案件数"],
        ["指数名称", "评估期", "层级", "区域", "指数值", "去年同期", "同比", "收案数"],
        [
            "Indicator",
            " PERIOD ",
            "Area level",
            "area",
            "Value",
            "Value Year Before",
            "change",
            "case count",
        ],
    ],
)
def test_headers_in_both_languages(header):
    [row] = rows(as_csv(header, GOOD))

    assert (row.indicator, row.change, row.case_count) == ("甲指数", Decimal("-1.55"), 755)


def test_columns_may_come_in_any_order_and_the_optional_ones_may_be_missing():
    [row] = rows(
        as_csv(
            ["数值", "地区", "地区层级", "期间", "指标"],
            ["61.7", "示例县", "本县", "2026年上半年", "物业"],
        )
    )

    assert (row.indicator, row.period, row.area_level, row.value, row.change) == (
        "物业",
        "2026H1",
        "county",
        Decimal("61.7"),
        None,
    )
    assert row.findings == ()


def test_an_unknown_column_is_named_and_left_out():
    file = read(as_csv([*HEADER, "备注"], [*GOOD, "x"]))

    [finding] = file.findings
    assert (finding.code, finding.severity, finding.column) == ("unknown_column", "notice", "备注")
    assert len(list(file.rows)) == 1


def test_a_missing_column_refuses_the_file_and_a_double_one_too():
    with pytest.raises(Invalid, match="lacks the columns value") as refusal:
        read(as_csv([name for name in HEADER if name != "value"], GOOD))
    assert list(refusal.value.fields) == ["value"]
    with pytest.raises(Invalid, match="occurs twice"):
        read(as_csv([*HEADER, "指标"], GOOD))


def test_empty_lines_and_comments_between_rows_keep_the_line_numbers():
    text = "# one\n\n" + ",".join(HEADER) + "\n,,,\n# two\n" + ",".join(GOOD) + "\n"
    file = read(text.encode())

    assert [row.line for row in file.rows] == [6]
    assert file.comments == ["one", "two"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separators(separator):
    text = "\n".join(separator.join(line) for line in (["# 来源：甲,乙"], HEADER, GOOD))

    assert [row.indicator for row in rows(text.encode())] == ["甲指数"]


def test_short_lines_lack_what_they_lack():
    data = (",".join(HEADER) + "\n甲指数,2022Q3\n").encode()

    [row] = rows(data)
    assert [finding.column for finding in row.findings] == ["area_level", "area", "value"]


@pytest.mark.parametrize("chinese", [True, False])
@pytest.mark.parametrize("template", [template_csv, template_xlsx])
def test_the_templates_can_be_read_and_are_without_fault(template, chinese):
    file = read(template(chinese=chinese))
    [row] = file.rows

    assert (row.value, row.change, row.case_count) == (Decimal("92.94"), Decimal("-1.55"), 755)
    assert (row.period, row.area_level) == ("2026H1", "county")
    assert row.findings == file.findings == ()
    assert len(file.comments) == 1


def test_a_hundred_thousand_rows_are_read_one_at_a_time():
    lines = (",".join([f"指标{n}", *GOOD[1:]]) for n in range(100_000))
    found = rows("\n".join([",".join(HEADER), *lines]).encode())

    assert next(found).indicator == "指标0"
    assert sum(row.usable for row in found) == 99_999


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("app.rules.readings.checks.MOST_ROWS", 2)
    found = rows(as_csv(HEADER, GOOD, GOOD, GOOD))

    with pytest.raises(Invalid, match="more than 2 rows"):
        list(found)


@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(codec="gb18030", exclude_categories=["C", "Z"]),
                min_size=1,
                max_size=9,
            ),
            st.decimals(0, 100, places=2),
            st.decimals(0, 100, places=2),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["csv", "gb18030", "xlsx"]),
)
def test_what_is_written_is_read_back_exactly(figures, form):
    table = [
        ["甲" + name, "2025A", "county", "县", value, before, value - before, n]
        for n, (name, value, before) in enumerate(figures)
    ]
    if form == "xlsx":
        data = xlsx_bytes("x", [HEADER, *table])
    else:
        data = csv_bytes([HEADER, *table])
        if form == "gb18030":
            data = data.decode("utf-8-sig").encode("gb18030")

    found = [
        [r.indicator, r.period, r.area_level, r.area, r.value, r.value_year_before, r.change]
        for r in rows(data)
    ]

    assert found == [row[:-1] for row in table]


def test_the_limits_are_those_people_are_told():
    assert (readings.MOST_BYTES, readings.MOST_ROWS) == (20_000_000, 200_000)

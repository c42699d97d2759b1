"""Files of units and people as they come: headings, encodings, limits, hostile ones."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from app import forms
from app.errors import Invalid
from app.rules import rosters
from app.rules.readings import folded
from app.rules.rosters.shape import choices, titles

TEXT = "单位代码,单位名称,类别,上级单位代码,备注\n# 说明\nＳＬＪ,县水利局,部门,XZF,x\n"


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 5_000_000)
    return out.getvalue()


def book(*lines):
    made = openpyxl.Workbook()
    for line in lines:
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_utf_8_and_gb18030(encoding):
    file = rosters.read("units", TEXT.encode(encoding))

    (row,) = file.rows
    assert (row["code"], row["name"], row["line"]) == ("SLJ", "县水利局", 3)
    assert ["备注" in str(each) for each in file.notices] == [True]


@pytest.mark.parametrize("what", ["units", "people"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("chinese", [True, False])
def test_a_template_is_read_back_with_its_example_and_every_choice(what, kind, chinese):
    file = rosters.read(what, rosters.template(what, kind, chinese=chinese))

    (row,) = file.rows
    assert set(row) == {"line", *(column.name for column in rosters.COLUMNS[what])}
    assert not file.notices
    known = {
        "XZF": rosters.KnownUnit(1, "县政府", None, "government", None, active=True),
    }  # fmt: skip
    units = rosters.compare_units([row], known) if what == "units" else []
    people = rosters.compare_people([row], {}, {"SLJ": True}) if what == "people" else []
    assert [one.verdict for one in (*units, *people)] == ["new"]


@pytest.mark.parametrize(("form", "field"), [("unit_add", "kind"), ("post_grant", "role")])
def test_no_two_choices_are_called_the_same_in_a_file(form, field):
    options = forms.load(form).field(field).options

    said = [
        folded(text)
        for option in options
        for text in {option.value, option.label.zh, option.label.en}
    ]
    assert {choices(form, field)[folded(o.label.zh)] for o in options} == {o.value for o in options}
    assert len({choices(form, field)[each] for each in said}) == len(options)
    assert all(
        choices(form, field)[folded(o.label.en)] == o.value
        and choices(form, field)[folded(o.label.zh)] == o.value
        for o in options
    )


@pytest.mark.parametrize("what", ["units", "people"])
def test_no_heading_means_two_columns(what):
    columns = rosters.COLUMNS[what]
    said = [folded(t) for c in columns for t in {c.name, c.chinese, c.label.msgid, *c.also}]

    assert len(titles(what)) == len(set(said))
    assert all(titles(what)[folded(c.chinese)] == c.name for c in columns)
    assert all(titles(what)[folded(c.label.msgid)] == c.name for c in columns)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"x" * (rosters.MOST_BYTES + 1), "larger than 5 MB"),
        (b"code,name\n", "no rows"),
        (b"name,kind\na,dept\n", "lacks the columns code"),
        ("单位代码,代码,单位名称\nA1,A2,x\n".encode(), "occurs twice"),
        (b"code,name\n" + b"A1,x\n" * (rosters.MOST_ROWS + 1), "more than 10000 rows"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (bomb(), "unpacks to too much"),
        (b"a\x00b", "not readable text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "save it as .xlsx or CSV"),
    ],
)
def test_what_is_no_such_table_is_refused_in_a_sentence(data, words):
    with pytest.raises(Invalid) as refusal:
        rosters.read("units", data)

    assert words in str(refusal.value.text)


def test_a_formula_in_a_workbook_is_never_worked_out():
    file = rosters.read("units", book(["code", "name", "kind"], ["A1", '=CONCAT("a","b")', "dept"]))

    (one,) = rosters.compare_units(file.rows, {})
    assert [(each.column, str(each.text)) for each in one.problems] == [
        ("name", "This is missing.")
    ]


def test_a_text_that_looks_like_a_formula_is_refused():
    made = openpyxl.Workbook()
    made.active.append(["code", "name", "kind"])
    made.active.append(["A1", "x", "dept"])
    made.active["B2"].value, made.active["B2"].data_type = "=1+1", "s"
    out = io.BytesIO()
    made.save(out)

    (one,) = rosters.compare_units(rosters.read("units", out.getvalue()).rows, {})

    assert [each.column for each in one.problems] == ["name"]
    assert "formula" in str(one.problems[0].text)


def test_a_chain_of_ten_thousand_units_and_a_ring_of_them_are_followed():
    rows = [
        {"line": n, "code": f"U{n}", "name": "x", "kind": "dept", "parent": f"U{n + 1}"}
        for n in range(1, 10_000)
    ]
    top = {"line": 10_000, "code": "U10000", "name": "x", "kind": "dept", "parent": ""}

    chain = rosters.compare_units([*rows, top], {})
    ring = rosters.compare_units([*rows, {**top, "parent": "U1"}], {})

    assert {one.verdict for one in chain} == {"new"}
    assert {one.verdict for one in ring} == {"refused"}
    assert str(ring[0].problems[0].text).count("→") == 6

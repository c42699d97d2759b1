"""Files of units: compared, confirmed all or nothing, refused with column and cure."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.actor import SYSTEM
from app.commands.rosters import confirm, upload
from app.commands.units import move_unit, rename_unit, retire_unit
from app.db import session
from app.errors import Invalid, Stale
from app.model import Event, Roster, Unit
from app.queries.audit import verify
from app.queries.history import place
from app.queries.rosters import roster_page
from tests import stories
from tests.rosters import brought, refused, rows, unit

ORGANISATION = "organisation"
UNITS = (
    "单位代码,单位名称,英文名称,类别,上级单位代码\n"
    "SLJ-1,水利局工程科,,部门,SLJ\n"
    "SLJ,县水利局,Water Bureau,dept,XZF\n"
    "ZJJ,县住建局,,,\n"
    "FGW,县发展和改革委员会,,Department,XZF\n"
)


def number_of(kind):
    return session().scalar(select(func.count()).select_from(kind))


def test_units_are_shown_as_a_difference_and_nothing_is_written(tanghe, system):
    before = number_of(Unit)

    found = rows(brought("units", UNITS, system), system)

    assert {key: one.verdict for key, one in found.items()} == {
        "SLJ-1": "new", "SLJ": "new", "ZJJ": "changed", "FGW": "same",
    }  # fmt: skip
    (change,) = found["ZJJ"].changes
    assert (change.column, change.before, change.after) == (
        "name", "县住房和城乡建设局", "县住建局",
    )  # fmt: skip
    assert number_of(Unit) == before


def test_units_come_in_with_parents_further_down_and_say_so_in_the_journal(tanghe, system):
    roster = brought("units", UNITS, system)

    done = confirm(roster, actor=system, seen=place(ORGANISATION))

    assert done == {"new": 2, "changed": 1, "same": 1, "proposed": 0}
    assert unit("SLJ-1").parent_id == unit("SLJ").id
    assert unit("SLJ").parent_id == tanghe.unit("XZF")
    assert (unit("SLJ").name_en, unit("SLJ").kind, unit("SLJ").active) == (
        "Water Bureau", "dept", True,
    )  # fmt: skip
    assert (unit("ZJJ").name, unit("ZJJ").parent_id) == ("县住建局", tanghe.unit("XZF"))
    kinds = [act["kind"] for act in stories.acts(ORGANISATION)]
    assert kinds[-5:] == [
        "roster.uploaded", "unit.added", "unit.added", "unit.renamed", "roster.confirmed",
    ]  # fmt: skip
    assert stories.acts(ORGANISATION, "unit.renamed")[-1]["data"]["before"]["name"] == (
        "县住房和城乡建设局"
    )
    assert session().get_one(Roster, roster, populate_existing=True).rows == []
    assert not [each for each in verify().breaks if each.stream == ORGANISATION]


def test_a_second_confirmation_and_the_same_file_again_change_nothing(tanghe, system):
    roster = brought("units", UNITS, system)
    key = "k" * 20
    first = confirm.once(key, roster, actor=system)
    assert confirm.once(key, roster, actor=system) == first
    with pytest.raises(Stale) as stale:
        confirm(roster, actor=system)
    assert stale.value.details["what"] == "roster.confirmed"
    events = number_of(Event)

    again = brought("units", UNITS, system)

    assert {one.verdict for one in rows(again, system).values()} == {"same"}
    with pytest.raises(Invalid, match="Nothing in this file is new"):
        confirm(again, actor=system)
    assert number_of(Event) == events + 1  # the upload alone


def test_a_file_that_waits_is_not_taken_twice(tanghe, system):
    first = upload("units", "a.csv", UNITS.encode(), actor=system)
    second = upload("units", "b.csv", UNITS.encode(), actor=system)

    assert (first["waiting"], second) == (False, {"roster": first["roster"], "waiting": True})


def test_units_move_and_existing_ones_may_swap_places(tanghe, system):
    lines = "code,name,parent\nXW,县委,PAB\nPAB,县平安建设领导小组办公室,XZF\n"
    roster = brought("units", lines, system)

    confirm(roster, actor=system)

    assert unit("PAB").parent_id == tanghe.unit("XZF")
    assert unit("XW").parent_id == unit("PAB").id
    moved = stories.acts(ORGANISATION, "unit.moved")
    assert [act["data"]["after"]["code"] for act in moved] == ["XW", "PAB"]


@pytest.mark.parametrize(
    ("lines", "column", "words"),
    [
        ("slj,县水利局,dept,\n", "code", "capital letters"),
        (",县水利局,dept,\n", "code", "missing"),
        ("SLJ,,dept,\n", "name", "missing"),
        ("SLJ,县水利局,,\n", "kind", "missing"),
        ("SLJ,县水利局,海军,\n", "kind", "no kind of unit"),
        ("FGW,县发改委,court,\n", "kind", "stays Department"),
        ("SLJ,县水利局,dept,NIX\n", "parent", "none in this file"),
        ("SLJ,县水利局,dept,SLJ\n", "parent", "SLJ → SLJ"),
        ("XW,县委,,PAB\n", "parent", "XW → PAB → ZFW → XW"),
        ("SLJ,=1+1,dept,\n", "name", "formula"),
        ("SLJ,＝HYPERLINK,dept,\n", "name", "formula"),
        ('SLJ,"县\n水利局",dept,\n', "name", "cannot be shown"),
        (f"SLJ,{'水' * 300},dept,\n", "name", "longer than 200"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_column_and_cure(
    tanghe, system, lines, column, words
):
    found = refused("units", lines, system)

    assert words in found[max(found)].get(column, ""), found


def test_a_circle_among_new_units_and_a_code_that_comes_twice_are_refused(tanghe, system):
    lines = "A1,甲,dept,B1\nB1,乙,dept,C1\nC1,丙,dept,A1\nD1,丁,dept,A1\nD1,又,dept,\n"

    found = refused("units", lines, system)

    assert {line: set(columns) for line, columns in found.items()} == {
        2: {"parent"}, 3: {"parent"}, 4: {"parent"}, 6: {"code"},
    }  # fmt: skip
    assert "Line 5 has this code already" in found[6]["code"]


def test_units_out_of_use_are_neither_changed_nor_stood_below(tanghe, system):
    retired = brought("units", "code,name,kind\nWSJ,卫生局,dept\n", system)
    confirm(retired, actor=system)
    retire_unit(unit("WSJ").id, actor=system)

    found = refused("units", "WSJ,卫生健康局,,\nSLJ,水利局,dept,WSJ\n", system)

    assert "out of use" in found[2]["code"]
    assert "out of use" in found[3]["parent"]


def test_what_changed_since_the_preview_refuses_it_and_names_who(tanghe, system):
    roster = brought("units", UNITS, system)
    seen = roster_page(system, roster).seen
    rename_unit(tanghe.unit("CZJ"), {"name": "财政局"}, actor=system)  # not in the file
    rename_unit(tanghe.unit("ZJJ"), {"name": "建设局"}, actor=SYSTEM)

    with pytest.raises(Stale) as stale:
        confirm(roster, actor=system, seen=seen)

    assert stale.value.details["what"] == "unit.renamed"
    assert unit("ZJJ").name == "建设局"
    again = roster_page(system, roster)
    assert again.rows[2].changes[0].before == "建设局"
    confirm(roster, actor=system, seen=again.seen)
    assert unit("ZJJ").name == "县住建局"


def test_what_became_wrong_since_is_refused_though_no_row_of_the_file_changed(tanghe, system):
    roster = brought("units", "code,name,parent\nXW,县委,CZJ\n", system)
    seen = roster_page(system, roster).seen
    move_unit(tanghe.unit("XZF"), {"parent": "XW"}, actor=SYSTEM)

    with pytest.raises(Invalid, match="rows are refused"):
        confirm(roster, actor=system, seen=seen)


def test_an_empty_cell_or_a_missing_column_changes_nothing(tanghe, system):
    confirm(brought("units", UNITS, system), actor=system)

    found = rows(brought("units", "code,name,name_en,parent\nSLJ,,,\n", system), system)

    assert found["SLJ"].verdict == "same"

"""Files of units and people through the pages: uploaded, looked at, confirmed, posts granted."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from sqlalchemy import select

from app.actor import SYSTEM
from app.commands.units import rename_unit
from app.db import session
from app.model import Person, Unit
from app.queries.people import actor_by_login
from tests.rosters import PEOPLE, UNITS
from tests.web.visiting import visiting

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def system(app, tanghe):
    return visiting(app, tanghe.actor("sys_admin"))


@pytest.fixture
def security(app, tanghe):
    return visiting(app, tanghe.actor("sec_admin"))


def sent(browser, what, content, name="people.csv"):
    """Upload a file through the page."""
    fields = {"what": what, "file": (io.BytesIO(content), name)}
    return browser.post("/people/imports/", fields, content_type="multipart/form-data")


def words(answer):
    """A page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def english(browser, address):
    return words(browser.get(address, headers=ENGLISH))


def test_units_go_through_the_pages(system, tanghe):
    assert "/people/imports/" in system.get("/people/").text
    assert "/people/imports/" in system.get("/units/").text
    page = sent(system, "units", UNITS.encode("gb18030"), "units.csv").location

    shown = english(system, page)
    assert "Name: 司法大数据研究院 → 司法大数据研究中心" in shown
    assert "Court department" not in shown
    assert "Code of the unit above: SLJ" in shown
    assert "Add 2, change 1" in shown
    assert system.get(page).text.count("diff-new") == 2

    answer = system.post(f"{page}/confirmation")

    assert (answer.status_code, answer.location) == (303, page)
    assert "2 added, 1 changed, 1 there already." in english(system, page)
    assert "县水利局" in system.get("/units/").text
    assert system.post(f"{page}/confirmation").status_code == 409


def test_an_excel_file_does_as_well_and_the_template_is_one(system):
    answer = system.get("/people/imports/units-template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book.active[1]] == [
        "单位代码", "单位名称", "英文名称", "类别", "上级单位代码",
    ]  # fmt: skip

    page = sent(system, "units", answer.data, "units.xlsx").location

    assert system.get(page).text.count("diff-new") == 1
    english_csv = system.get("/people/imports/people-template.csv", headers=ENGLISH).text
    assert "Sign-in name" in english_csv
    assert system.get("/people/imports/people-template.exe").status_code == 404
    assert system.get("/people/imports/cases-template.csv").status_code == 404


def test_posts_are_another_administrators_part(system, security, tanghe):
    page = sent(system, "people", PEOPLE.encode()).location
    assert "proposed: Liaison, Handler · RD" in english(system, page)
    assert "/confirmation" not in security.get(page).text
    assert security.post(f"{page}/confirmation").status_code == 404
    assert system.post(f"{page}/confirmation").status_code == 303
    assert "/people/?state=waiting" not in system.get(page).text
    assert f"{page}/posts" not in system.get(page).text
    assert system.post(f"{page}/posts").status_code == 404
    assert actor_by_login("rd_liaison").holdings == ()

    assert f'action="{page}/posts"' in security.get(page).text
    answer = security.post(f"{page}/posts")

    assert answer.status_code == 303
    assert len(actor_by_login("rd_liaison").holdings) == 2
    assert "state=waiting" in system.get(page).text
    assert "rd_liaison" in system.get("/people/?state=waiting").text


def test_posts_may_be_declined(system, security, tanghe):
    page = sent(system, "people", PEOPLE.encode()).location
    system.post(f"{page}/confirmation")

    assert security.post(f"{page}/posts/refusal").status_code == 303

    assert actor_by_login("rd_liaison").holdings == ()
    assert "岗位未授予" in system.get("/people/imports/").text


def test_a_refused_row_says_why_and_nothing_can_be_confirmed(system, tanghe):
    rows = "code,name,kind,parent\nxx,县水利局,海军,NIX\n"
    page = sent(system, "units", rows.encode(), "units.csv").location

    shown = english(system, page)
    assert "Unit code: Use 2 to 20 capital letters, digits and -." in shown
    assert "write one of Party body, Government, Court" in shown
    assert "none in this file" in shown
    assert re.search(r"<button[^>]*disabled[^>]*why-not", system.get(page).text)
    answer = system.post(f"{page}/confirmation")
    assert answer.status_code == 422
    assert "第2行" in answer.text
    chinese = words(system.get(page))
    assert "党委、政府、法院" in chinese


def test_what_is_no_table_comes_back_with_the_reason(system):
    for content, why in (
        (b"", "文件是空的"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "xlsx"),
        (b"name\nx\n", "code"), (b"PK\x03\x04", "Excel"),
    ):  # fmt: skip
        answer = sent(system, "units", content)
        assert answer.status_code == 422
        assert why in words(answer), words(answer)
    assert system.post("/people/imports/", {"what": "units"}).status_code == 422
    assert sent(system, "cases", UNITS.encode()).status_code == 422


def test_a_preview_that_is_too_old_says_who_was_faster(system, tanghe):
    page = sent(system, "units", UNITS.encode()).location
    seen = re.search(r'name="version" value="(\d+)"', system.get(page).text)[1]
    rename_unit(tanghe.unit("YJY"), {"name": "研究院"}, actor=SYSTEM)

    answer = system.post(f"{page}/confirmation", {"version": seen})

    assert answer.status_code == 409
    assert "研究院" in words(answer)
    assert session().scalars(select(Unit.name).where(Unit.code == "YJY")).one() == "研究院"


def test_the_same_file_leads_to_the_one_that_waits(system):
    first = sent(system, "people", PEOPLE.encode()).location

    assert sent(system, "people", PEOPLE.encode()).location == first
    assert system.post(f"{first}/discard").status_code == 303
    assert sent(system, "people", PEOPLE.encode()).location != first


def test_long_previews_come_in_pages_and_by_verdict(system):
    rows = "".join(f"person_{n},演示-{n}\n" for n in range(250))
    page = sent(system, "people", f"login,name\n{rows}X,演示\n".encode()).location

    assert system.get(page).text.count('id="line-') == 100
    assert 'id="line-252"' in system.get(f"{page}?page=3").text
    assert 'id="line-252"' in system.get(f"{page}?page=99").text
    assert system.get(f"{page}?verdict=refused").text.count('id="line-') == 1
    assert system.get(f"{page}?page=x&verdict=y").status_code == 200


def test_names_of_people_in_a_file_are_never_taken_for_markup(system):
    page = sent(system, "people", b"login,name\nwater,<script>x</script>\n").location

    assert "<script>x" not in system.get(page).text
    system.post(f"{page}/confirmation")
    assert session().scalars(select(Person.name).where(Person.login == "water")).one()


@pytest.mark.parametrize("who", ["audit_admin", "sec_admin", "business_auditor"])
def test_the_wrong_role_brings_nothing_in(app, tanghe, who):
    browser = visiting(app, tanghe.actor(who))

    answer = sent(browser, "people", PEOPLE.encode())

    assert answer.status_code in (403, 404)
    assert session().scalars(select(Person).where(Person.login == "rd_liaison")).all() == []
    assert ("multipart/form-data" in browser.get("/people/imports/").text) is False

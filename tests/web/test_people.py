"""The pages of people and units: who sees what of whom, forms with their problems, deputies."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands.organisation import add_person
from app.db import session
from app.model import Deputyship, Person, Unit
from app.queries.history import place
from tests import stories, supervision
from tests.web.visiting import visiting

PASSWORD = "a lamp beside the river"


@pytest.fixture
def system(app, tanghe):
    return visiting(app, tanghe.actor("sys_admin"))


@pytest.fixture
def security(app, tanghe):
    return visiting(app, tanghe.actor("sec_admin"))


@pytest.fixture
def leader(app, tanghe):
    return visiting(app, tanghe.actor("unit_leader", "ZJJ"))


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "ZJJ")


@pytest.fixture
def matter(tanghe):
    return supervision.in_hand(tanghe)


def home(person):
    return f"/people/{person.person_id}"


def operation(person, name):
    return f"{home(person)}/operations/{name}"


def period():
    today = clock.today()
    return {"first_day": f"{today}", "last_day": f"{today + timedelta(days=3)}"}


def offered(page):
    return set(re.findall(r"/operations/(\w+)", page.text))


def test_a_person_is_added_and_waits_for_posts(system):
    form = system.get("/people/new").text
    made_up = re.search(r'name="password"[^>]*value="([^"]+)"', form)[1]
    fields = {"login": "new_clerk", "name": "演示-新人", "password": made_up}
    answer = system.post("/people/new", fields)

    assert answer.status_code == 303
    page = system.get(answer.location).text
    assert "演示-新人" in page
    again = system.post("/people/new", {**fields, "name": "又"})
    assert (again.status_code, "已有" in again.text or "already" in again.text) == (422, True)


def test_people_are_found_page_by_page_and_by_what_is_asked(system, tanghe):
    for number in range(60):
        add_person(f"extra_{number:02}", f"演示-补充{number}", PASSWORD, actor=SYSTEM)
    first = system.get("/people/?text=extra").text
    further = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")

    rows = [set(re.findall(r">(extra_\d\d)<", page)) for page in (first, system.get(further).text)]
    assert (len(rows[0]), len(rows[1]), rows[0] & rows[1]) == (50, 10, set())
    unit = system.get(f"/people/?unit={tanghe.unit('ZJJ')}").text
    assert "zjj_unit_handler" in unit
    assert "sjg_unit_handler" not in unit
    assert "extra_00" not in system.get("/people/?state=closed").text


def test_each_administrator_and_leader_is_offered_their_own_acts(
    app, tanghe, system, security, leader, handler, matter
):
    audit = visiting(app, tanghe.actor("audit_admin"))
    page = home(handler)

    assert offered(system.get(page)) == {"rename", "password", "close"}
    assert offered(security.get(page)) == {"grant", "end_post", "deputy"}
    assert offered(leader.get(page)) == {"hand_over", "deputy"}
    assert offered(audit.get(page)) == set()
    assert offered(visiting(app, handler).get(page)) == {"deputy"}
    for stranger in (tanghe.stranger, tanghe.actor("unit_liaison", "ZJJ"), tanghe.post("convener")):
        assert visiting(app, stranger).get(page).status_code == 404


def test_who_keeps_accounts_sees_how_much_is_open_and_the_leader_what(
    system, security, leader, handler, matter
):
    title = stories.case(matter).title

    assert title in leader.get(home(handler)).text
    for administrator in (system, security):
        page = administrator.get(home(handler)).text
        assert title not in page
        assert "<strong" in page
    assert title not in system.get(operation(handler, "close")).text


def test_a_leader_hands_over_and_the_task_is_the_colleagues(tanghe, leader, handler, matter):
    form = leader.get(operation(handler, "hand_over")).text
    fields = set(re.findall(r'name="(to_\d+_\w+)"', form))
    answers = dict.fromkeys(fields, "zjj_unit_liaison")
    answer = leader.post(operation(handler, "hand_over"), answers)

    assert answer.status_code == 303
    task = stories.task(matter, "complete_item")
    assert task.person_id == tanghe.actor("unit_liaison", "ZJJ").person_id
    assert stories.case(matter).title not in leader.get(home(handler)).text
    nothing = leader.get(operation(handler, "hand_over")).text
    assert "没有" in nothing or "Nothing" in nothing


def test_a_form_that_was_overtaken_says_who_was_faster(system, handler):
    seen = place("organisation")
    fields = {"name": "演示-改", "version": seen}
    assert system.post(operation(handler, "rename"), fields).status_code == 303

    answer = system.post(operation(handler, "rename"), {"name": "演示-再改", "version": seen})
    assert answer.status_code == 409
    assert "演示-再改" in answer.text


def test_the_account_is_closed_and_opened(system, security, handler, matter):
    assert system.post(operation(handler, "close"), {}).status_code == 303
    assert session().get_one(Person, handler.person_id, populate_existing=True).active is False
    assert offered(system.get(home(handler))) == {"rename", "open"}
    assert system.post(operation(handler, "open"), {}).status_code == 303
    assert offered(system.get(home(handler))) == {"rename", "password", "close"}
    post = {"unit": "ZJJ", "role": "unit_handler"}
    assert security.post(operation(handler, "grant"), post).status_code == 303
    ended = {
        "post": re.search(
            r'value="(\d+:unit_handler)"', security.get(operation(handler, "end_post")).text
        )[1]
    }
    assert security.post(operation(handler, "end_post"), ended).status_code == 303


def test_closing_says_how_much_went_to_whom(system, tanghe, handler, matter):
    unit = tanghe.unit("ZJJ")
    heirs = {
        f"to_{unit}_unit_handler": "zjj_unit_liaison",
        f"to_{unit}_handler": "zjj_unit_liaison",
    }
    asked = system.get(operation(handler, "close")).text
    assert all(f'name="{each}"' in asked for each in heirs)

    answer = system.post(operation(handler, "close"), heirs)

    shown = re.sub(r"<[^>]+>", "", system.get(answer.location).text)
    assert "经办人任务：1项移交演示-zjj_unit_liaison" in shown
    assert "移交2项，退回岗位0项" in shown


def test_one_names_a_deputy_on_the_own_page_and_reads_what_speaks_against_it(app, tanghe, handler):
    browser = visiting(app, handler)
    assert operation(handler, "deputy") in browser.get("/me/").text
    assert 'name="despite"' not in browser.get(operation(handler, "deputy")).text
    said = {"deputy": "zjj_unit_liaison", "post": "all", **period()}
    assert browser.post(operation(handler, "deputy"), said).status_code == 303

    twice = browser.post(operation(handler, "deputy"), {**said, "deputy": "zjj_co_handler"})
    assert (twice.status_code, 'name="despite"' in twice.text) == (422, True)
    made = session().scalars(select(Deputyship.id)).one()
    own = browser.get("/me/").text
    assert f"/people/deputies/{made}/end" in own
    deputy = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    assert f"/people/deputies/{made}/end" in deputy.get("/me/").text
    answer = deputy.post(f"/people/deputies/{made}/end", {"next": "https://elsewhere.example/"})
    assert (answer.status_code, answer.location) == (303, "/me/")
    assert f"/people/deputies/{made}/end" not in browser.get("/me/").text


def test_units_are_added_renamed_moved_closed_and_opened(system, security, tanghe):
    fields = {"code": "SLJ", "name": "县水利局", "kind": "dept", "parent": "XZF"}
    answer = system.post("/units/new", fields)
    assert answer.status_code == 303
    unit = answer.location
    acts = (("rename", {"name": "县水务局"}), ("move", {"parent": ""}), ("close", {}), ("open", {}))
    for name, said in acts:
        assert system.post(f"{unit}/operations/{name}", said).status_code == 303, name
    found = session().scalars(select(Unit).where(Unit.code == "SLJ")).one()
    assert (found.name, found.parent_id, found.active) == ("县水务局", None, True)
    assert "县水务局" in security.get("/units/").text
    assert security.post(f"{unit}/operations/rename", {"name": "局"}).status_code == 403
    refused = system.post(f"/units/{tanghe.unit('ZJJ')}/operations/close", {})
    assert refused.status_code == 422


def test_the_deputys_work_shows_under_its_own_filter(app, tanghe, handler, matter):
    said = {"deputy": "zjj_unit_liaison", "post": "all", **period()}
    visiting(app, handler).post(operation(handler, "deputy"), said)
    deputy = visiting(app, tanghe.actor("unit_liaison", "ZJJ"))
    title = stories.case(matter).title

    assert title in deputy.get("/inbox/?whose=deputy").text
    task = stories.task(matter, "complete_item")
    page = deputy.get(f"/tasks/{task.id}").text
    assert f"/tasks/{task.id}/operations/transfer" not in page

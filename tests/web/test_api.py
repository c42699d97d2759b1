"""The acts of the pages for programs: the same people, the same refusals, in JSON."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select, update

from app.commands.operations import ON_CASES, ON_TASKS
from app.db import session
from app.model import Event, Person
from app.web.api.asking import LARGEST
from tests import stories, supervision
from tests.web import api_page
from tests.web.program import PROBLEM, Program


@pytest.fixture
def item(tanghe):
    return supervision.dispatched(tanghe, supervision.open_item(tanghe))


@pytest.fixture
def sign(item):
    return stories.task(item, "sign_for").id


@pytest.fixture
def liaison(app, tanghe, sign):
    return Program(app, tanghe.actor("unit_liaison", "ZJJ"))


def events():
    session().rollback()
    return len(session().scalars(select(Event.id)).all())


def test_a_task_is_found_read_and_completed(liaison, item, sign):
    (line,) = liaison.get("tasks").json["tasks"]
    assert (line["id"], line["case"], line["receipt"]) == (sign, item, True)
    assert line["due"]["light_words"]

    page = liaison.get(f"tasks/{sign}")
    asked = {field["name"]: field for field in page.json["form"]["fields"]}
    assert [option["value"] for option in asked["decision"]["options"]] == ["sign", "refuse"]
    assert asked["reason"]["required_if"] == {"field": "decision", "in": ["refuse"]}
    assert page.headers["ETag"] == f'"{page.json["version"]}"'

    done = liaison.post(
        f"tasks/{sign}/completion", {"decision": "sign"}, If_Match=page.headers["ETag"]
    )
    assert done.status_code == 200
    assert done.json["result"]["case"] == item
    assert "签收" in done.json["done"]
    assert liaison.get("tasks").json["total"] == 0


def test_operations_tell_what_they_ask_and_to_whom_a_task_may_go(liaison, tanghe, sign):
    told = liaison.get(f"tasks/{sign}/operations").json
    offered = {each["name"]: each for each in told["operations"]}
    (person, _reason) = offered["transfer"]["form"]["fields"]
    leader = tanghe.actor("unit_leader", "ZJJ").login
    assert leader in [option["value"] for option in person["options"]]

    done = liaison.post(f"tasks/{sign}/operations/transfer", {"person": leader})
    assert (done.status_code, done.json["done"]) == (200, "已转给您的同事办理。")


def test_an_act_under_one_key_is_done_once_and_answered_alike(liaison, item, sign):
    for address, answers in (
        (f"tasks/{sign}/operations/claim", {}),
        (f"tasks/{sign}/completion", {"decision": "sign"}),
    ):
        key = {"Idempotency_Key": f"a-program-{address}"}
        first = liaison.post(address, answers, **key)
        rows = events()
        second = liaison.post(address, answers, **key)

        assert (first.status_code, first.json) == (second.status_code, second.json)
        assert first.status_code == 200
        assert events() == rows


def test_a_case_operation_under_one_key_is_done_once(app, tanghe, item):
    office = Program(app, tanghe.post("supervising_office"))
    offered = office.get(f"cases/{item}/operations")
    assert "urge" in [each["name"] for each in offered.json["operations"]]
    key = {"Idempotency_Key": "urge-1", "If_Match": offered.headers["ETag"]}
    urge = f"cases/{item}/operations/urge"
    first = office.post(urge, {"text": "请抓紧"}, **key)
    assert first.json == office.post(urge, {"text": "请抓紧"}, **key).json
    assert stories.case(item).urge_count == 1

    too_often = office.post(urge)
    assert (too_often.status_code, too_often.json["code"]) == (429, "too_often")


def test_who_comes_second_hears_who_was_faster(liaison, sign):
    seen = liaison.get(f"tasks/{sign}").headers["ETag"]
    assert liaison.post(f"tasks/{sign}/operations/claim").status_code == 200

    late = liaison.post(f"tasks/{sign}/completion", {"decision": "sign"}, If_Match=seen)

    assert (late.status_code, late.mimetype, late.json["code"]) == (409, PROBLEM, "stale")
    assert late.json["details"]["by"]
    assert late.json["details"]["what"]


def test_what_is_wrong_is_said_by_field_in_the_language_asked_for(liaison, sign):
    address = f"tasks/{sign}/completion"
    for language, words in (("zh-CN", "请"), ("en-GB", "Please")):
        wrong = liaison.post(address, {"decision": "refuse"}, Accept_Language=language)
        assert wrong.status_code == 422
        assert set(wrong.json["fields"]) == {"reason"}
        assert wrong.json["message"].startswith(words)
    unknown = liaison.post(address, {"decision": "sign", "nothing": 1})
    assert set(unknown.json["fields"]) == {"nothing"}


@pytest.mark.parametrize(
    ("sent", "headers", "status", "field"),
    [
        ({"data": b"{", "content_type": "application/json"}, {}, 400, None),
        ({"data": b"[" * 5000, "content_type": "application/json"}, {}, 400, None),
        ({"data": b'{"answers": NaN}', "content_type": "application/json"}, {}, 400, None),
        ({"data": {"decision": "sign"}}, {}, 415, None),
        ({"data": b"{}", "content_type": "text/plain"}, {}, 415, None),
        ({"data": b" " * (LARGEST + 1), "content_type": "application/json"}, {}, 413, None),
        ({"json": []}, {}, 422, "_schema"),
        ({"json": {"answers": []}}, {}, 422, "answers"),
        ({"json": {"version": "1"}}, {}, 422, "version"),
        ({"json": {"version": True}}, {}, 422, "version"),
        ({"json": {"other": 1}}, {}, 422, "other"),
        ({"json": {}}, {"If-Match": "*"}, 422, "If-Match"),
        ({"json": {}}, {"If-Match": '"9999"'}, 409, None),
        ({"json": {}}, {"Idempotency-Key": "k" * 81}, 422, "Idempotency-Key"),
        ({"json": {}}, {"X-CSRFToken": ""}, 400, None),
        ({"json": {}}, {"Origin": "https://elsewhere.example"}, 403, None),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_and_changes_nothing(
    liaison, sign, sent, headers, status, field
):
    rows = events()
    answer = liaison.browser.client.post(
        f"/api/tasks/{sign}/operations/claim", **sent,
        headers={"X-CSRFToken": liaison.token, **headers},
    )  # fmt: skip

    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert field is None or field in answer.json["fields"]
    assert answer.json["message"]
    assert events() == rows


def test_strangers_and_nobody_learn_nothing(app, tanghe, item, sign):
    stranger = Program(app, tanghe.stranger)
    for address in (f"tasks/{sign}", f"tasks/{sign}/operations", f"cases/{item}/operations"):
        hidden, nothing = stranger.get(address), stranger.get(address.replace(str(sign), "99999"))
        assert (hidden.status_code, hidden.json["code"]) == (404, "not_found")
        assert nothing.status_code == 404 or "cases" in address
    nobody = app.test_client().get("/api/tasks")
    assert (nobody.status_code, nobody.mimetype) == (401, PROBLEM)
    assert app.test_client().get("/api/nothing").mimetype == PROBLEM


def test_a_given_password_is_to_be_changed_in_a_browser_first(app, tanghe, liaison, sign):
    login = tanghe.actor("unit_liaison", "ZJJ").login
    session().execute(update(Person).where(Person.login == login).values(must_change_password=True))
    session().commit()
    answer = liaison.get("tasks")
    assert (answer.status_code, answer.json["code"]) == (403, "password_change")


def test_the_list_goes_on_from_its_place_in_its_order(app, tanghe):
    for matter in "甲乙丙":
        supervision.dispatched(tanghe, supervision.open_item(tanghe, matter=matter))
    program = Program(app, tanghe.actor("unit_liaison", "ZJJ"))
    whole = [row["id"] for row in program.get("tasks?sort=-opened").json["tasks"]]
    pages, after = [], ""
    while after is not None:
        page = program.get(f"tasks?sort=-opened&limit=1&after={after}").json
        pages += [row["id"] for row in page["tasks"]]
        after = page["after"]

    assert pages == whole == sorted(whole, reverse=True)
    assert len(whole) == 3
    assert program.get("tasks?sort=due&after=1.2.3").status_code == 422
    assert program.get("tasks?limit=0").status_code == 422
    assert program.get("tasks?light=red").json["tasks"] == []


def test_the_document_knows_every_operation_with_its_questions(liaison):
    told = liaison.get("openapi.json").json
    for table, address in ((ON_TASKS, "/api/tasks"), (ON_CASES, "/api/cases")):
        for row in table.rows:
            post = told["paths"][f"{address}/{{id}}/operations/{row.name}"]["post"]
            body = post["requestBody"]["content"]["application/json"]["schema"]
            assert body["allOf"][1]["properties"]["answers"]["type"] == "object"
            assert set(post["responses"]) >= {"200", "403", "409", "422", "429", "503"}
    text = json.dumps(told)
    for address, ways in told["paths"].items():
        for way in ways.values():
            named = {each["name"] for each in way["parameters"] if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", address))
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(told["components"]["schemas"])


def test_the_page_about_it_is_what_the_document_says(app):
    written = api_page.PAGE.read_text(encoding="utf-8")

    assert written == api_page.text(app), "write it anew: python -m tests.web.api_page"

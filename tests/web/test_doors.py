"""What is no operation of a table, for programs: threads, files, drafts, copies, lists, starts."""

from __future__ import annotations

import io
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from app.db import session
from app.model import Comment, Event
from tests import stories, supervision
from tests.files.samples import PDF
from tests.web.program import PROBLEM, Program


@pytest.fixture
def item(tanghe):
    return supervision.in_hand(tanghe)


@pytest.fixture
def task(item):
    return stories.task(item, "complete_item").id


@pytest.fixture
def handler(app, tanghe, item):
    return Program(app, tanghe.actor("unit_handler", "ZJJ"))


@pytest.fixture
def office(app, tanghe, item):
    return Program(app, tanghe.post("supervising_office"))


def events():
    session().rollback()
    return session().scalar(select(func.count()).select_from(Event))


def test_a_comment_addresses_somebody_once_and_is_withdrawn(handler, office, tanghe, item):
    clerk = tanghe.post("supervising_office").login
    thread = f"cases/{item}/comments"
    assert clerk in handler.get(thread).json["people"]
    answers, key = {"text": f"@{clerk} 请看第二项。"}, {"Idempotency_Key": "comment-1"}
    first = handler.post(thread, answers, **key)
    assert first.json == handler.post(thread, answers, **key).json

    (said,) = office.get(thread).json["comments"]
    assert (said["to"], said["may_withdraw"]) == ([tanghe.post("supervising_office").name], False)
    assert session().scalar(select(func.count()).select_from(Comment)) == 1
    theirs = office.post(f"comments/{said['id']}/withdrawal")
    assert (theirs.status_code, theirs.mimetype) == (403, PROBLEM)
    own = handler.post(f"comments/{said['id']}/withdrawal")
    assert own.json["result"] == {"case": item}
    (gone,) = office.get(thread).json["comments"]
    assert (gone["withdrawn"], gone["text"], gone["to"]) == (True, "", [])
    assert set(handler.post(thread, {"text": ""}).json["fields"]) == {"text"}


def test_a_file_is_added_listed_fetched_and_withdrawn(handler, office, item, task):
    added = handler.files(f"tasks/{task}/attachments", files=(io.BytesIO(PDF), "通知.pdf"))
    (number,) = added.json["result"]["attachments"]
    again = handler.files(f"tasks/{task}/attachments", files=(io.BytesIO(PDF), "通知.pdf"))
    assert again.json == added.json

    listed = office.get(f"cases/{item}/attachments").json["files"]
    told = next(each for each in listed if each["id"] == number)
    assert (told["name"], told["task"], told["field"]) == ("通知.pdf", task, "files")
    assert told["sha256"] == sha256(PDF).hexdigest()
    assert office.get(f"attachments/{number}/content").data == PDF
    assert office.get(f"attachments/{number}").json["mine"] is False
    assert office.post(f"attachments/{number}/withdrawal").status_code == 403
    assert handler.post(f"attachments/{number}/withdrawal").status_code == 200
    assert office.get(f"attachments/{number}/content").status_code == 404


@pytest.mark.parametrize(
    ("part", "name", "content", "status", "field"),
    [
        ("files", "通知.exe", b"MZ", 422, None),
        ("files", "通知.pdf", b"no pdf", 422, None),
        ("nothing", "通知.pdf", PDF, 404, None),
        ("files", "", b"", 422, "file"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    handler, task, part, name, content, status, field
):
    rows = events()
    answer = handler.files(f"tasks/{task}/attachments", **{part: (io.BytesIO(content), name)})

    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert field is None or field in answer.json["fields"]
    assert events() == rows


def test_files_come_from_those_who_work_on_it(app, tanghe, office, item, task):
    file = (io.BytesIO(PDF), "通知.pdf")
    assert office.files(f"tasks/{task}/attachments", files=file).status_code == 403
    auditor = Program(app, tanghe.actor("business_auditor"))
    file = (io.BytesIO(PDF), "通知.pdf")
    assert auditor.files(f"cases/{item}/attachments", file=file).status_code == 403
    stranger = Program(app, tanghe.stranger)
    assert stranger.get(f"cases/{item}/attachments").status_code == 404


def test_a_draft_is_kept_read_and_thrown_away(handler, office, tanghe, task):
    kept = handler.post(f"tasks/{task}/draft", {"result": "写到一半", "percent": 40})
    assert kept.json["result"]["version"] == 1
    draft = handler.get(f"tasks/{task}").json["draft"]
    assert (draft["version"], draft["answers"]["percent"]) == (1, "40")
    assert office.get(f"tasks/{task}").json["draft"] is None

    clash = handler.post(f"tasks/{task}/draft", {"result": "另一个窗口"})
    assert (clash.status_code, clash.json["details"]["version"]) == (409, 1)
    newer = handler.said(f"tasks/{task}/draft", {"answers": {"result": "合并"}, "version": 1})
    assert newer.json["result"]["version"] == 2
    assert office.post(f"tasks/{task}/draft", {"result": "替他写"}).status_code == 403
    assert handler.post(f"tasks/{task}/draft/removal").status_code == 200
    assert handler.get(f"tasks/{task}").json["draft"] is None


@pytest.mark.parametrize(
    "answers",
    [{"nothing": "1"}, {"result": {"a": 1}}, {"result": ["a"]}, {"files": [{}]}],
)
def test_a_draft_no_form_could_hold_is_refused_by_name(handler, task, answers):
    refused = handler.post(f"tasks/{task}/draft", answers)

    assert (refused.status_code, set(refused.json["fields"])) == (422, set(answers))


def test_rows_of_a_table_come_back_as_they_were_kept(app, tanghe):
    item = supervision.dispatched(tanghe)
    sign = {"decision": "sign"}
    stories.complete(item, "sign_for", sign, by=tanghe.actor("unit_liaison", "ZJJ"))
    plan = stories.task(item, "appoint_handler")
    handler = Program(app, tanghe.actor("unit_leader", "ZJJ"))
    asked = supervision.plan(tanghe)
    assert handler.post(f"tasks/{plan.id}/draft", asked).status_code == 200

    assert handler.get(f"tasks/{plan.id}").json["draft"]["answers"] == asked


def test_what_is_sent_round_is_read_with_an_opinion_and_recalled(
    app, tanghe, handler, office, item
):
    leader = tanghe.actor("unit_leader", "ZJJ")
    sent = handler.post(f"cases/{item}/operations/circulate", {"readers": [leader.login]})
    (asked,) = Program(app, leader).get(f"cases/{item}/sendings").json["asked"]
    reader = Program(app, leader)
    assert [each["delivery"] for each in reader.get("copies").json["rows"]] == [asked["delivery"]]
    mark = f"deliveries/{asked['delivery']}/read"
    assert handler.post(mark).status_code == 403
    key = {"Idempotency_Key": "read-1"}
    first = reader.post(mark, {"opinion": "同意。"}, **key)
    assert first.json == reader.post(mark, {"opinion": "同意。"}, **key).json
    assert reader.post(mark).status_code == 422

    (round_,) = handler.get(f"cases/{item}/sendings").json["sent"]
    assert round_["to"][0]["opinion"] == "同意。"
    recall = f"sendings/{sent.json['result']['sending']}/recall"
    assert "已" in handler.post(recall).json["message"]
    assert office.post(recall).status_code == 403
    assert set(handler.post(recall, {"delivery": "all"}).json["fields"]) == {"delivery"}
    assert set(handler.post(recall, {"other": 1}).json["fields"]) == {"other"}


def test_a_copy_of_the_case_is_read_once(app, tanghe, office, item):
    sent = office.post(f"cases/{item}/operations/copy", {"what": "case", "units": ["FGW"]})
    assert sent.status_code == 200
    reader = Program(app, tanghe.actor("unit_liaison", "FGW"))
    assert reader.get(f"cases/{item}/sendings").json["unread"] is True
    assert reader.post(f"cases/{item}/read").status_code == 200
    rows = events()
    assert reader.post(f"cases/{item}/read").status_code == 200
    assert events() == rows
    assert office.post(f"cases/{item}/read").status_code == 403
    assert reader.get("copies").json["rows"] == []
    assert len(reader.get("copies?all=1").json["rows"]) == 1


def test_a_case_tells_where_it_stands_and_is_followed(handler, item):
    told = handler.get(f"cases/{item}")
    assert told.headers["ETag"] == f'"{told.json["version"]}"'
    assert {part["role"] for part in told.json["units"]} >= {"lead"}
    assert told.json["due"]["light_words"]
    assert told.json["history"][0]["text"]
    for act, now in (("follow", True), ("follow", True), ("unfollow", False)):
        assert handler.post(f"cases/{item}/{act}").status_code == 200
        assert handler.get(f"cases/{item}").json["followed"] is now
        assert len(handler.get("followed").json["rows"]) == now
    assert handler.post(f"cases/{item}/follow", {"why": "1"}).status_code == 422


def test_lists_go_on_from_their_place(app, tanghe, handler, office, item):
    mine = Program(app, tanghe.actor("unit_leader", "ZJJ")).get("done").json["rows"]
    assert [(row["case"], row["late"]) for row in mine] == [(item, False)]
    assert handler.get("done").json["rows"] == []
    assert [row["case"] for row in office.get("begun").json["rows"]] == [item]
    assert len(handler.get("done?whose=unit").json["rows"]) > len(mine)
    for name in ("done", "begun", "followed", "copies"):
        assert set(handler.get(f"{name}?after=1.x").json["fields"]) == {"after"}


def test_an_item_is_started_once_by_those_who_may(office, handler):
    asked = office.get("starts/item").json
    assert "lead" in [field["name"] for field in asked["form"]["fields"]]
    answers = {"matter": "新事项", "lead": "ZJJ", "source": "meeting", "requirement": "查清底数。"}
    key, address = {"Idempotency_Key": "start-1"}, "starts/item?profile=tanghe"
    first = office.post(address, answers, **key)
    assert (first.status_code, first.json) == (200, office.post(address, answers, **key).json)
    assert first.json["result"]["case"]
    assert set(office.post(address, {**answers, "lead": "XX"}).json["fields"]) == {"lead"}
    assert handler.get("starts/item").status_code == 404
    assert handler.post(address, answers).status_code == 404


def test_many_tasks_at_once_each_say_what_became_of_them(app, tanghe):
    tasks = [
        stories.task(
            supervision.dispatched(tanghe, supervision.open_item(tanghe, matter=matter)),
            "sign_for",
        )
        for matter in "甲乙"
    ]
    liaison = Program(app, tanghe.actor("unit_liaison", "ZJJ"))
    chosen = [{"id": each.id, "version": each.version} for each in tasks]
    chosen[1]["version"] += 7
    key = {"Idempotency_Key": "k" * 80}
    first = liaison.said("tasks/in-bulk/sign", {"tasks": chosen}, **key)
    done, late = first.json["result"]
    assert (done, late["done"], late["code"]) == (
        {"task": tasks[0].id, "done": True},
        False,
        "stale",
    )
    rows = events()
    assert liaison.said("tasks/in-bulk/sign", {"tasks": chosen}, **key).json == first.json
    assert events() == rows
    assert liaison.said("tasks/in-bulk/urge", {"tasks": chosen}).status_code == 404
    for wrong in ([], [{"id": "1"}], [{"id": -1}], [{}], "all", [{"id": 1}] * 201):
        refused = liaison.said("tasks/in-bulk/sign", {"tasks": wrong})
        assert (refused.status_code, set(refused.json["fields"])) == (422, {"tasks"})


def test_a_second_person_agrees_to_a_jump(app, tanghe, office, item):
    head = Program(app, tanghe.actor("supervision_director"))
    offered = office.get(f"cases/{item}/operations").json["operations"]
    move = next(each for each in offered if each["name"] == "move")
    options = [each["value"] for each in move["form"]["fields"][0]["options"]]
    there = "review_completion"
    assert there in options
    proposed = {"task": there, "reason": "办结报告已书面报送，补录流程"}
    assert office.post(f"cases/{item}/operations/move", proposed).status_code == 200
    (waits,) = [each for each in head.get("incidents").json["incidents"] if each["proposed"]]
    one = head.get(f"incidents/{waits['id']}")
    assert one.json["may_settle"] is True
    own = office.post(f"incidents/{waits['id']}/move")
    assert own.status_code in (403, 422)
    moved = head.post(f"incidents/{waits['id']}/move", If_Match=one.headers["ETag"])
    assert moved.status_code == 200
    assert stories.task(item, there).state == "active"


def test_a_deputy_is_to_be_chosen_among_colleagues(app, tanghe):
    handler = tanghe.actor("unit_handler", "ZJJ")
    program = Program(app, handler)
    offered = program.get(f"people/{handler.person_id}/operations").json["operations"]
    (deputy,) = [each for each in offered if each["name"] == "deputy"]
    asked = {field["name"]: field for field in deputy["form"]["fields"]}
    assert asked["deputy"]["options"]
    stranger = Program(app, tanghe.stranger)
    assert stranger.get(f"people/{handler.person_id}/operations").status_code == 404

"""Files on cases and tasks: who adds them, how many, what a task asks for, and what stays."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock, files, forms
from app.actor import SYSTEM
from app.commands import attachments, indexing
from app.commands.attachments import attach, withdraw
from app.commands.clock import suspend
from app.commands.completion import complete_task
from app.db import session
from app.errors import Full, Invalid, NotAllowed, NotFound
from app.files import store
from app.model import Assignment, Attachment
from app.queries import audit
from app.queries.attachments import file, files_of
from app.queries.search import search
from app.queries.tasks import task_page
from tests import stories, supervision
from tests.files.samples import GOOD, PDF, picture


@pytest.fixture(autouse=True)
def folder(tmp_path):
    files.use(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def item(tanghe):
    return supervision.in_hand(tanghe)


@pytest.fixture
def handler(tanghe):
    return tanghe.actor("unit_handler", "ZJJ")


def add(item, actor, name="通知.pdf", content=PDF, **more):
    return attach(item, name, io.BytesIO(content), actor=actor, **more)["attachment"]


def names(viewer, item):
    return [each.name for each in files_of(viewer, item)]


def altered(item):
    """What the audit finds wrong in the case (the county's rules were never journalled here)."""
    return [each for each in audit.verify().breaks if each.stream == f"case:{item}"]


def test_every_kind_is_kept_and_told_with_its_digest(item, handler):
    for name, content in GOOD.items():
        number = add(item, handler, name, content)
        one = file(handler, number)
        with files.open_content(one.sha256) as kept:
            assert kept.read() == content
        assert (one.name, one.size) == (name, len(content))

    told = stories.acts(f"case:{item}", "attachment.added")
    assert [each["data"]["name"] for each in told] == list(GOOD)
    digests = [each.sha256 for each in files_of(handler, item)]
    assert [each["data"]["sha256"] for each in told] == digests
    assert altered(item) == []


def test_the_same_again_is_there_already(item, handler):
    first = add(item, handler)

    assert add(item, handler) == first
    assert add(item, handler, "另名.pdf") != first
    assert names(handler, item) == ["通知.pdf", "另名.pdf"]


def test_who_works_on_the_case_adds_and_who_sees_it_reads(tanghe, item, handler):
    number = add(item, handler)
    office, reader = tanghe.post("supervising_office"), tanghe.actor("business_auditor", "ZFW")
    add(item, tanghe.actor("unit_handler", "SJG"), "协办.pdf")
    add(item, office, "督办.pdf")

    assert file(reader, number).name == "通知.pdf"
    with pytest.raises(NotAllowed):
        add(item, reader)
    with pytest.raises(NotFound):
        add(item, tanghe.stranger)
    with pytest.raises(NotFound):
        file(tanghe.stranger, number)
    assert names(handler, item) == ["通知.pdf", "协办.pdf", "督办.pdf"]


def test_only_who_added_it_withdraws_it_and_its_content_stays_for_auditors(tanghe, item, handler):
    number = add(item, handler)
    auditor = tanghe.actor("business_auditor", "ZFW")
    with pytest.raises(NotAllowed):
        withdraw(number, actor=tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises(NotFound):
        withdraw(number, actor=tanghe.stranger)
    with pytest.raises(NotFound):
        withdraw(10**9, actor=handler)
    withdraw(number, actor=handler)
    withdraw(number, actor=handler)

    assert names(handler, item) == []
    with pytest.raises(NotFound):
        file(handler, number)
    assert file(auditor, number).withdrawn_at
    assert files.there(file(auditor, number).sha256)
    assert len(stories.acts(f"case:{item}", "attachment.withdrawn")) == 1
    assert altered(item) == []


def test_a_task_takes_files_from_its_post_until_it_is_done(tanghe, item, handler):
    task = stories.task(item, "complete_item").id
    number = add(item, handler, assignment_id=task, field="files")
    with pytest.raises(NotAllowed):
        add(item, tanghe.actor("unit_handler", "SJG"), assignment_id=task)
    for field in ("result", "nothing"):
        with pytest.raises(NotFound):
            add(item, handler, assignment_id=task, field=field)
    with pytest.raises(NotFound):
        add(item, handler, assignment_id=10**9)
    with pytest.raises(NotFound):
        add(item, handler, field="files")

    complete_task(task, supervision.COMPLETION, actor=handler)
    answers = session().get_one(Assignment, task, populate_existing=True).answers
    assert answers["files"] == [
        {"attachment": number, "name": "通知.pdf", "sha256": file(handler, number).sha256}
    ]
    with pytest.raises(Invalid):
        withdraw(number, actor=handler)
    with pytest.raises(Invalid):
        add(item, handler, assignment_id=task, field="files")
    assert [each.task for each in files_of(handler, item)] == ["办理并提交办结报告"]


def test_what_is_named_by_hand_does_not_count(item, handler):
    task = stories.task(item, "complete_item").id
    complete_task(task, {**supervision.COMPLETION, "files": [{"name": "无"}]}, actor=handler)

    assert session().get_one(Assignment, task, populate_existing=True).answers["files"] == []


def test_a_diagram_may_ask_for_evidence(item, handler, monkeypatch):
    task = stories.task(item, "complete_item").id
    form = forms.load("completion_report")
    asking = replace(form.field("files"), required=True, min=Decimal(2), max=Decimal(3))
    changed = replace(form, fields=(*form.fields[:-1], asking))
    monkeypatch.setattr(forms, "load", lambda _key: changed)
    for number in range(5):
        if number not in (2, 3):  # one too few, or too many
            with pytest.raises(Invalid) as refused:
                complete_task(task, supervision.COMPLETION, actor=handler)
            assert list(refused.value.fields) == ["files"]
        if number < 4:
            add(item, handler, f"{number}.pdf", assignment_id=task, field="files")
    withdraw(files_of(handler, item)[0].attachment_id, actor=handler)

    complete_task(task, supervision.COMPLETION, actor=handler)


def test_a_case_that_is_over_takes_none_and_one_that_stands_still_does(tanghe, item, handler):
    office = tanghe.post("supervising_office")
    suspend(item, {"reason": "等待法院裁判结果"}, actor=office)
    add(item, handler)
    stories.case(item).status = "closed"
    session().commit()

    with pytest.raises(Invalid):
        add(item, handler, "迟到.pdf")
    with pytest.raises(Invalid):
        withdraw(files_of(handler, item)[0].attachment_id, actor=handler)


@pytest.mark.parametrize("limit", ["OF_A_CASE", "OF_A_DAY", "MOST_IN_A_CASE"])
def test_there_is_only_so_much_room(item, handler, monkeypatch, limit):
    monkeypatch.setattr(attachments, limit, 1 if limit == "MOST_IN_A_CASE" else len(PDF) + 10)
    add(item, handler)
    with pytest.raises(Invalid):
        add(item, handler, "再一个.pdf")

    assert names(handler, item) == ["通知.pdf"]
    if limit == "OF_A_DAY":
        stories.set_clock((clock.now() + timedelta(days=1)).strftime("%Y-%m-%d 09:00"))
        add(item, handler, "再一个.pdf")


def test_what_is_refused_or_finds_no_room_leaves_nothing(item, handler, folder, monkeypatch):
    with pytest.raises(Invalid):
        add(item, handler, "假.pdf", b"<script>")

    def full(_handle):
        raise OSError(28, "no room")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(Full):
        add(item, handler)
    monkeypatch.undo()

    assert names(handler, item) == []
    assert [each for each in folder.rglob("*") if each.is_file() and each.name != ".lock"] == []


def test_whatever_ends_between_disk_and_row_leaves_content_and_no_row(item, handler, monkeypatch):
    def crash(*_args, **_kwargs):
        raise SystemError("killed")

    monkeypatch.setattr(attachments.journal, "record", crash)
    with pytest.raises(SystemError):
        add(item, handler)
    monkeypatch.undo()
    sha256 = stories_digest(PDF)

    assert session().scalars(select(Attachment)).all() == []
    assert files.there(sha256)
    monkeypatch.setattr(store, "UNNAMED_FOR", -1.0)
    assert attachments.sweep(actor=SYSTEM) == 1
    number = add(item, handler)
    assert attachments.sweep(actor=SYSTEM) == 0
    assert files.there(file(handler, number).sha256)


def stories_digest(content: bytes) -> str:
    with store.received(io.BytesIO(content), most=10**6) as came:
        return came.sha256


def test_altered_content_is_found_by_the_audit(item, handler, folder):
    one = file(handler, add(item, handler, "现场.png", picture("PNG")))
    (folder / one.sha256[:2] / one.sha256).write_bytes(b"other")
    assert len(altered(item)) == 1

    (folder / one.sha256[:2] / one.sha256).unlink()
    assert len(altered(item)) == 1


def test_files_are_found_by_name_until_they_are_withdrawn(item, handler):
    number = add(item, handler, "整改照片对比.pdf")
    indexing.catch_up()
    assert [case.id for case in search(handler, "照片对比").cases] == [item]

    withdraw(number, actor=handler)
    indexing.catch_up()
    assert search(handler, "照片对比").cases == ()


def test_the_task_page_holds_them(item, handler):
    task = stories.task(item, "complete_item").id
    add(item, handler, assignment_id=task, field="files")
    page = task_page(handler, task)

    assert [(each.field, each.mine) for each in page.files] == [("files", True)]

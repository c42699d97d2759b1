"""Files over HTTP: with scripts and without, handed out so that nothing in them can run."""

from __future__ import annotations

import io
import re

import pytest

from app.web.attachments import ALONE
from tests import stories, supervision
from tests.files.samples import PDF, picture, workbook

JSON = {"Accept": "application/json"}


@pytest.fixture
def item(tanghe):
    return supervision.in_hand(tanghe)


@pytest.fixture
def browser(enter, tanghe):
    """The handler's."""
    return enter(tanghe.actor("unit_handler", "ZJJ"))


def sent(*files: tuple[str, bytes], field: str = "files-files"):
    """What a form with files in it posts."""
    return {field: [(io.BytesIO(content), name) for name, content in files]}


def test_the_plain_form_adds_several_and_keeps_what_was_typed(browser, item):
    task = f"/tasks/{stories.task(item, 'complete_item').id}"
    typed = {"result": "写到一半", "draft_seen": "0", "version": "1"}
    both = sent(("通知.pdf", PDF), ("现场.png", picture("PNG")))
    answer = browser.post(f"{task}/attachments", typed | both)
    page = browser.get(task).text

    assert answer.headers["Location"] == task
    assert "通知.pdf" in page
    assert "现场.png" in page
    assert "写到一半" in page
    number = re.search(r'name="withdraw" value="(\d+)"', page)[1]
    browser.post(f"{task}/attachments", {"withdraw": number, "draft_seen": "1"})
    again = browser.get(task).text
    assert "通知.pdf" not in again.split('id="happened"')[0]
    assert "现场.png" in again


def test_files_chosen_and_submitted_at_once_come_along(browser, item):
    task = f"/tasks/{stories.task(item, 'complete_item').id}"
    short = {**supervision.COMPLETION, "evidence": "", **sent(("通知.pdf", PDF))}
    refused = browser.post(f"{task}/completion", short)
    assert refused.status_code == 422
    assert "通知.pdf" in refused.text

    done = browser.post(f"{task}/completion", {**supervision.COMPLETION})
    assert done.status_code == 303
    assert "通知.pdf" in browser.get(f"/cases/{item}").text


def test_a_page_with_scripts_hears_what_was_wrong(browser, item):
    there = f"/cases/{item}/attachments"
    fine = browser.post(there, sent(("台账.xlsx", workbook())), headers=JSON)
    wrong = browser.post(there, sent(("坏.pdf", b"<script>")), headers=JSON)

    assert len(fine.json["attachments"]) == 1
    assert wrong.status_code == 422
    assert "扩展名" in wrong.json["message"]


def test_nothing_in_a_file_can_run(browser, item):
    name = "整改 报告“终稿”.pdf"
    files = sent((name, PDF), ("现场.jpg", picture("JPEG")), ("台账.xlsx", workbook()))
    said = browser.post(f"/cases/{item}/attachments", files, headers=JSON)
    assert said.status_code == 200, said.json
    pdf, jpg, xlsx = said.json["attachments"]
    for number, kind in ((pdf, "application/pdf"), (jpg, "image/jpeg")):
        kept = browser.get(f"/attachments/{number}/content")
        shown = browser.get(f"/attachments/{number}/preview")
        assert kept.headers["Content-Disposition"].startswith("attachment")
        assert shown.headers["Content-Disposition"].startswith("inline")
        for answer in (kept, shown):
            assert answer.data[:2] in (b"%P", b"\xff\xd8")
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Content-Security-Policy"].startswith(ALONE)
            assert "script-src" not in answer.headers["Content-Security-Policy"]

    kept = browser.get(f"/attachments/{pdf}/content")
    assert kept.data == PDF
    assert "filename*=UTF-8''%E6%95%B4%E6%94%B9" in kept.headers["Content-Disposition"]
    assert "sandbox" in kept.headers["Content-Security-Policy"]
    assert browser.get(f"/attachments/{xlsx}/preview").status_code == 404
    page = browser.get(f"/attachments/{jpg}").text
    assert f'<img class="picture" src="/attachments/{jpg}/preview"' in page
    assert "SHA-256" in page


def test_withdrawing_from_its_page(browser, item):
    files = sent(("通知.pdf", PDF))
    [number] = browser.post(f"/cases/{item}/attachments", files, headers=JSON).json["attachments"]
    answer = browser.post(f"/attachments/{number}/withdrawal", {})

    assert answer.status_code == 303
    assert browser.get(f"/attachments/{number}").status_code == 404


def test_a_missing_content_is_said(browser, item, tmp_path, monkeypatch):
    files = sent(("通知.pdf", PDF))
    [number] = browser.post(f"/cases/{item}/attachments", files, headers=JSON).json["attachments"]
    monkeypatch.setattr("app.files.store._place", [tmp_path])

    assert browser.get(f"/attachments/{number}/content").status_code == 404


def test_large_bodies_are_taken_where_files_are_sent_and_only_when_signed_in(
    app, browser, item, monkeypatch
):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)
    task = f"/tasks/{stories.task(item, 'complete_item').id}"

    def status(path: str) -> int:
        return browser.post(path, sent(("大.txt", b"a" * 2_000)), headers=JSON).status_code

    assert status(f"/cases/{item}/attachments") == 200
    assert status(f"{task}/draft") == 413
    browser.client.delete_cookie("wv")
    assert status(f"/cases/{item}/attachments") == 413

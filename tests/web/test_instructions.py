"""批示 on the pages: the scan of the original is chosen from the files and stands beside it."""

from __future__ import annotations

import io
import re

from tests import supervision
from tests.files.samples import PDF


def test_the_scan_is_chosen_and_stands_beside_the_words(enter, tanghe):
    item = supervision.in_hand(tanghe)
    browser = enter(tanghe.post("supervising_office"))
    browser.post(f"/cases/{item}/attachments", {"files-": [(io.BytesIO(PDF), "批示原件.pdf")]})
    form = browser.get(f"/cases/{item}/operations/instruct").text
    number = re.findall(r'name="scan"[^>]* value="(\d+)"', form)[-1]
    said = {
        "paper": "case", "leader_post": "县委政法委书记", "kind": "affirm", "text": "做得好。",
        "entry": "on_behalf", "scan": number,
    }  # fmt: skip
    assert browser.post(f"/cases/{item}/operations/instruct", said).status_code == 303

    page = browser.get(f"/cases/{item}").text
    assert f'<a href="/attachments/{number}">' in page
    assert "原件：批示原件.pdf" in page

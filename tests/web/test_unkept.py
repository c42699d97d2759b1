"""What no database keeps is refused at the door: numbers no row has, and the character zero."""

from __future__ import annotations

import pytest

from tests import supervision


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/cases/{2**63}", 404),
        (f"/attachments/{10**30}", 404),
        (f"/start/item?instruction={10**30}", 404),
        (f"/ledger/?unit={10**30}", 200),
        ("/people/?text=%00", 400),
        ("/inbox/?text=a%00", 400),
        ("/wordings/a%00b", 400),
    ],
)
def test_a_number_no_row_has_and_the_character_zero_are_refused(enter, tanghe, address, status):
    assert enter(tanghe.actor("unit_leader", "ZJJ")).get(address).status_code == status


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("/inbox/views", {"name": "a\0", "query": "text=b"}, 400),
        ("/inbox/views", {"name": "a", "query": "text=b%00"}, 303),
        ("/inbox/views", {"name": "a", "query": "text=b", "unit": "9" * 5000}, 422),
        ("/cases/{}/attachments", {"withdraw": "9" * 5000}, 422),
        ("/cases/{}/attachments", {"withdraw": "9" * 17}, 404),
    ],
)
def test_so_they_are_in_forms(enter, tanghe, address, fields, status):
    item = supervision.in_hand(tanghe)

    answer = enter(tanghe.actor("unit_handler", "ZJJ")).post(address.format(item), fields)

    assert answer.status_code == status


def test_so_they_are_where_nobody_is_signed_in(browser):
    assert browser.sign_in("a\0").status_code == 400


def test_so_they_are_for_programs(enter, tanghe):
    program = enter(tanghe.actor("unit_leader", "ZJJ"))
    said = {"answers": {"deputy": "\0"}}
    headers = {"X-CSRFToken": program.token()}

    answer = program.client.post("/api/people/1/operations/deputy", json=said, headers=headers)

    assert answer.status_code == 400

"""How the database is read: no transaction for a page, one moment for the whole journal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.db import session
from app.queries import audit
from tests import stories, supervision
from tests.access.browsers import give_passwords, signed_in
from tests.faults.test_crashes import waiting_item


@pytest.mark.only("postgresql")
def test_what_a_page_asks_is_planned_once_and_not_each_time(at_work, busy_county):
    give_passwords()
    director = signed_in(at_work, busy_county.post("supervising_director"))
    address = f"/tasks/{stories.task(waiting_item(busy_county, '计划一次'), 'approve_dispatch').id}"
    for _visit in range(8):
        assert director.get(address).status_code == 200

    ours = text("SELECT statement FROM pg_prepared_statements")
    kept = [each for each in session().scalars(ours) if "assignment" in each]
    assert len(kept) >= 2, "what a ROLLBACK ended would be planned anew"


def test_what_people_do_while_the_journal_is_verified_is_no_break(
    at_work, busy_county, monkeypatch
):
    item = waiting_item(busy_county, "核验期间")
    director = busy_county.post("supervising_director")
    acted = []

    def act():
        with at_work.app_context():
            supervision.complete(item, "approve_dispatch", {"decision": "approve"}, by=director)

    def somebody_acts():
        with ThreadPoolExecutor(1) as elsewhere:
            acted.append(elsewhere.submit(act).result())
        return ()

    monkeypatch.setattr("app.queries.audit._personal_breaks", somebody_acts)
    found = audit.verify()

    assert len(acted) == 1
    assert found.breaks == ()
    monkeypatch.undo()
    assert audit.verify().states == found.states + 1

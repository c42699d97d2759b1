"""How the database is read: no transaction for a page, one moment for the whole journal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from app.db import session, transaction
from app.model import Setting
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


@pytest.mark.only("postgresql")
def test_an_act_goes_on_with_the_connection_that_read_and_is_whole(busy_county):
    session().rollback()
    session().execute(select(Setting.key)).all()
    before = session().connection().connection.driver_connection

    def fail() -> None:
        with transaction() as act:
            act.add(Setting(key="half", value=""))
            act.flush()
            assert act.connection().connection.driver_connection is before
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert session().get(Setting, "half") is None


@pytest.mark.parametrize("noticed", [True, False])
def test_an_act_finds_a_line_that_works_when_the_one_that_read_has_ended(
    busy_county, server, noticed
):
    session().rollback()
    session().execute(select(Setting.key)).all()
    line = session().connection()
    if noticed or server == "sqlite":
        line.invalidate()
    else:
        line.connection.driver_connection.pgconn.finish()

    with transaction() as act:
        act.add(Setting(key=f"another line {noticed}", value=""))

    assert session().get(Setting, f"another line {noticed}") is not None


def test_an_act_sees_records_as_they_are_now_whatever_was_read_before(busy_county, at_work):
    with transaction() as act:
        act.add(Setting(key="shared", value="old"))
    seen = session().get_one(Setting, "shared")

    def change() -> None:
        with at_work.app_context(), transaction() as theirs:
            theirs.get_one(Setting, "shared").value = "new"

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(change).result()
    assert seen.value == "old"
    with transaction() as act:
        assert act.get_one(Setting, "shared").value == "new"


@pytest.mark.only("postgresql")
def test_the_columns_of_a_statement_are_remembered_and_followed(busy_county):
    with transaction() as act:
        line = act.connection()
        line.exec_driver_sql("CREATE TEMPORARY TABLE shape (a int, b text)")
        cursor = line.connection.cursor()
        cursor.execute("SELECT * FROM shape")
        first = cursor.description
        cursor.execute("SELECT * FROM shape")
        assert cursor.description is first
        assert [(each.name, each.type_code) for each in first] == [("a", 23), ("b", 25)]
        cursor.execute("ALTER TABLE shape ADD COLUMN c date")
        assert cursor.description is None
        cursor.execute("SELECT * FROM shape")
        assert [each.name for each in cursor.description] == ["a", "b", "c"]


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

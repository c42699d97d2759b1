"""What is kept back while an act writes: there for whoever reads, and lost with the act."""

from __future__ import annotations

from datetime import date, datetime, timezone
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.advance.rows import new_ids
from app.db import session, transaction
from app.model import Assignment, Case, CaseState, Setting, Ticket, Unit
from app.pending import row_of
from tests import supervision
from tests.people import County

ODD = '引号"反斜杠\\换行\n全角　🙂'
WHEN = datetime(2026, 7, 6, 1, 2, 3, 456789, tzinfo=timezone.utc)


@pytest.fixture
def case(busy_county: County) -> Case:
    """A case to write under."""
    found = session().get_one(Case, supervision.open_item(busy_county, matter="成批写入"))
    session().rollback()
    return found


def kept(key: str) -> int:
    """How many of the rows there are, read in a transaction of its own."""
    session().rollback()
    return session().scalar(select(func.count()).where(Setting.key == key)) or 0


def test_whoever_reads_finds_it_and_a_rollback_takes_it_away(busy_county):
    def fail_after_reading() -> None:
        with transaction() as act:
            act.put_off(Setting, {"key": "first", "value": ODD})
            assert act.scalar(select(Setting.value).where(Setting.key == "first")) == ODD
            act.put_off(Setting, {"key": "second", "value": ""})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_reading()

    assert kept("first") == 0


def test_a_commit_keeps_it_though_nobody_asked(busy_county):
    with transaction() as act:
        act.put_off(Setting, {"key": "lasting", "value": ODD})

    assert kept("lasting") == 1


@pytest.mark.parametrize("number", [1, 2, 50])
def test_one_row_and_many_arrive_and_change(busy_county, number):
    with transaction() as act:
        act.put_off(Setting, *({"key": f"row {number} {n}", "value": ODD} for n in range(number)))
    rows = session().scalars(select(Setting).where(Setting.key.startswith(f"row {number} "))).all()
    with transaction() as act:
        again = act.scalars(select(Unit).order_by(Unit.id).limit(number)).all()
        for unit in again:
            unit.name_en = f"changed {unit.id}"
            act.put_off_changes(unit)
        assert act.dirty
        act.send()
        assert not any(map(act.is_modified, again)), "a flush has nothing left to write"
        assert not act.dirty

    assert {row.value for row in rows} == {ODD}
    assert len(rows) == number
    session().expire_all()
    assert [unit.name_en for unit in again] == [f"changed {unit.id}" for unit in again]


@pytest.mark.only("postgresql")
def test_of_one_row_postgresql_is_told_that_it_is_one(busy_county):
    """A set counts as a hundred rows for its planner, which then reads tables from end to end."""
    sent = []
    engine = session().get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    for number in (1, 2):
        with transaction() as act:
            for unit in act.scalars(select(Unit).order_by(Unit.id).limit(number)).all():
                unit.name_en = f"one of {number}"
                act.put_off_changes(unit)

    one, two = (each for each in sent if "UPDATE unit" in each)
    assert "json_populate_record(" in one
    assert "json_populate_recordset(" in two


def test_a_record_that_was_rolled_back_makes_room_for_the_next_with_its_id(busy_county):
    open_one = partial(supervision.open_item, busy_county, lead="RSJ", co=[])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.journal.flush", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError) as failed:
            open_one(matter="没有成功")
    item = open_one(matter="成功了")

    assert failed.tb is not None, "which holds on to the record"
    assert session().get_one(Case, item).matter == "成功了"


def test_every_type_arrives_as_it_was_given(case):
    (ticket_id,), (assignment_id,) = new_ids(tickets=1, assignments=1)
    ticket: dict[str, Any] = {column.key: "" for column in Ticket.__table__.columns}
    ticket |= {"id": ticket_id, "case_id": case.id, "engine_task": ODD, "opened_at": WHEN}
    ticket |= {"voting": {"pass": ODD}, "straight_from": None}
    blank = dict.fromkeys(column.key for column in Assignment.__table__.columns)
    assignment = blank | {
        "id": assignment_id, "case_id": case.id, "ticket_id": ticket_id, "role": "lead", "kind": "",
        "unit_id": case.opened_unit_id, "post": "", "given_post": "", "receipt": True,
        "state": "active", "version": 1,
        "opened_at": WHEN, "due_day_first": date(2026, 7, 7), "due_provisional": True,
        "due_rule": {"words": [ODD, None, 3]}, "ladder": "", "urge_count": 0,
    }  # fmt: skip
    state = {"case_id": case.id, "seq": 99, "sha256": "", "blob": bytes(range(256))}
    with transaction() as act:
        case = act.get_one(Case, case.id, populate_existing=True)
        case.facts = {ODD: {"deep": [1, ODD]}}
        act.put_off_changes(case)
        act.put_off(Ticket, {**ticket, "closed_at": None})
        act.put_off(Assignment, assignment)
        act.put_off(CaseState, state)

    session().expire_all()
    assert row_of(session().get_one(Assignment, assignment_id)) == assignment
    assert row_of(session().get_one(CaseState, (case.id, 99))) == state
    assert session().get_one(Ticket, ticket_id).engine_task == ODD
    assert session().get_one(Case, case.id).facts == {ODD: {"deep": [1, ODD]}}

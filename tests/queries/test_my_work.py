"""What I have done and begun, and copies that came: the newest first, nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands.copies import read_paper
from app.db import session
from app.model import Assignment, Delivery
from app.queries import my_work
from app.queries.places import BY_MOMENT, Place
from tests import supervision


@pytest.fixture
def item(tanghe):
    """An item that was carried to its end; a second one that is in hand."""
    first = supervision.struck_off(tanghe, supervision.in_hand(tanghe))
    supervision.in_hand(tanghe, matter="另一个事项", lead="RSJ", co=["SJG"])
    return first


def test_i_see_what_i_did_and_with_my_unit_what_anybody_there_did(tanghe, item):
    handler = tanghe.actor("unit_handler", "ZJJ")
    mine = my_work.done(handler).rows
    ours = my_work.done(handler, whole_unit=True).rows

    assert {(row.task, row.unit, row.late) for row in mine} == {
        ("办理并提交办结报告", "县住房和城乡建设局", False)
    }
    assert [row.done_at for row in ours] == sorted((r.done_at for r in ours), reverse=True)
    assert {row.assignment_id for row in mine} < {row.assignment_id for row in ours}
    done = session().scalars(
        select(Assignment.id).where(
            Assignment.unit_id == tanghe.unit("ZJJ"), Assignment.state == "done"
        )
    )
    assert {row.assignment_id for row in ours} == set(done)
    assert my_work.done(handler, text="没有的词").rows == ()
    assert my_work.done(handler, text="办结").rows == mine
    assert my_work.done(tanghe.actor("unit_handler", "CZJ"), whole_unit=True).rows == ()


def test_i_see_what_i_began(tanghe, item):
    office = tanghe.post("supervising_office")
    rows = my_work.begun(office).rows

    assert [row.kind for row in rows] == ["supervision_item"] * 2
    assert {row.status for row in rows} == {"closed", "open"}
    assert rows[0].since >= rows[1].since
    assert my_work.begun(tanghe.actor("unit_handler", "ZJJ")).rows == ()
    ours = my_work.begun(tanghe.post("supervising_director"), whole_unit=True).rows
    assert {row.case_id for row in rows} <= {row.case_id for row in ours}


def test_pages_of_what_was_done_are_the_whole_list(tanghe, item, monkeypatch):
    handler = tanghe.actor("unit_handler", "ZJJ")
    whole = my_work.done(handler, whole_unit=True).rows
    monkeypatch.setattr(my_work, "PAGE", 2)
    found, after = [], None
    for _page in range(len(whole)):
        page = my_work.done(handler, whole_unit=True, after=after)
        found += page.rows
        after = Place.read(str(page.after), BY_MOMENT) if page.after else None
        if after is None:
            break

    assert tuple(found) == whole
    assert len(whole) > 3


def test_copies_stay_unread_until_somebody_of_the_unit_has_read_them(tanghe, item):
    copy = (
        session()
        .scalars(
            select(Delivery).where(Delivery.role != "main", Delivery.delivered_at.is_not(None))
        )
        .first()
    )
    unit = next(code for code, key in tanghe.units.items() if key == copy.unit_id)
    reader = tanghe.actor("unit_handler", unit)
    (line,) = [row for row in my_work.copies(reader).rows if row.document_id == copy.document_id]

    assert line.read_at is None
    assert line in my_work.copies(reader, unread=True).rows
    read_paper(copy.document_id, actor=reader)
    assert line.document_id not in {r.document_id for r in my_work.copies(reader, unread=True).rows}
    assert any(row.read_at for row in my_work.copies(reader).rows)
    assert my_work.copies(tanghe.actor("unit_handler", "CZJ")).rows == ()

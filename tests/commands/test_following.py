"""A mark of one's own on a case: found again on one's list, and nobody else's business."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.commands.following import follow, unfollow
from app.db import session
from app.errors import NotFound
from app.model import Event
from app.queries.my_work import followed, follows
from tests import supervision


@pytest.fixture
def item(tanghe):
    return supervision.dispatched(tanghe, supervision.open_item(tanghe))


def events() -> int:
    return session().scalar(select(func.count()).select_from(Event)) or 0


def test_i_find_what_i_follow_until_i_do_not(tanghe, item):
    me, colleague = (tanghe.actor(post, "SJG") for post in ("unit_handler", "unit_leader"))
    before = events()
    follow(item, actor=me)
    follow(item, actor=me)

    assert [row.case_id for row in followed(me).rows] == [item]
    assert (follows(me, item), follows(colleague, item)) == (True, False)
    assert followed(colleague).rows == ()
    assert followed(me, text="没有的词").rows == ()
    assert events() == before

    unfollow(item, actor=me)
    unfollow(item, actor=me)
    assert (followed(me).rows, follows(me, item)) == ((), False)


def test_a_stranger_learns_nothing(tanghe, item):
    for act in (follow, unfollow):
        with pytest.raises(NotFound):
            act(item, actor=tanghe.stranger)

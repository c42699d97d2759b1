"""Who signs after somebody, or in turn, hears when it is their turn, and not only when asked."""

from __future__ import annotations

import pytest

from app.commands import asking
from app.commands.completion import complete_task
from tests import several
from tests.several import AGREE, leader, opened, part, sign
from tests.telling.verbs import forget, kinds, of, told_all

WHY = {"reason": "请提出意见"}


@pytest.fixture
def county(quiet):
    several.publish()
    return quiet


def test_who_signs_after_me_hears_when_it_is_their_turn(county):
    case_id = opened(county, "alone")
    task, after = part(county, case_id, "ZJJ"), county.actor("unit_liaison", "FGW")
    asking.add_after(task.id, {"units": ["FGW"], **WHY}, actor=leader(county))
    told_all()
    assert kinds(after, case_id) == ["task"], "asked"
    forget()
    complete_task(task.id, AGREE, actor=leader(county))
    told_all()

    (news,) = of(after, case_id)
    assert (news.kind, news.assignment_id) == ("task", part(county, case_id, "FGW").id)
    assert kinds(leader(county), case_id) == []


def test_who_comes_next_in_order_hears_of_it_and_nobody_further_on(county):
    case_id = opened(county, "in_turn")
    told_all()
    forget()
    sign(county, case_id, "ZJJ")
    told_all()

    assert kinds(leader(county, "FGW"), case_id) == ["task"]
    assert kinds(leader(county, "CZJ"), case_id) == []

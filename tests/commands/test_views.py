"""Views of the inbox: kept by name, open to a unit where a leader put them, gone when removed."""

from __future__ import annotations

import pytest

from app.commands import views as keeping
from app.errors import Invalid, NotAllowed, NotFound
from app.queries.views import views

LATE = {"light": "red", "sort": "due"}


@pytest.fixture
def leader(tanghe):
    return tanghe.actor("unit_leader", "ZJJ")


def test_a_view_is_ones_own_and_its_name_holds_one_thing(tanghe, leader):
    handler = tanghe.actor("unit_handler", "ZJJ")
    first = keeping.keep(" 超期 的 ", LATE, actor=handler)
    again = keeping.keep("超期 的", {"light": "yellow"}, actor=handler)

    assert again == first
    (view,) = views(handler)
    assert (view.name, view.query, view.mine, view.unit_id) == (
        "超期 的", {"light": "yellow"}, True, None,
    )  # fmt: skip
    assert views(leader) == ()


def test_a_leaders_view_is_open_to_the_unit_and_changed_by_them_alone(tanghe, leader):
    unit = tanghe.unit("ZJJ")
    kept = keeping.keep("本单位超期", LATE, unit, actor=leader)["view"]
    handler, stranger = tanghe.actor("unit_handler", "ZJJ"), tanghe.stranger

    assert [(view.name, view.mine) for view in views(handler)] == [("本单位超期", False)]
    assert views(stranger) == ()
    with pytest.raises(NotAllowed):
        keeping.remove(kept, actor=handler)
    with pytest.raises(NotFound):
        keeping.remove(kept, actor=stranger)
    keeping.remove(kept, actor=leader)
    assert views(handler) == views(leader) == ()


@pytest.mark.parametrize(("who", "unit"), [("unit_handler", "ZJJ"), ("unit_leader", "SJG")])
def test_only_a_units_own_leaders_put_a_view_before_it(tanghe, who, unit):
    with pytest.raises(NotAllowed):
        keeping.keep("视图", LATE, tanghe.unit("ZJJ"), actor=tanghe.actor(who, unit))
    assert views(tanghe.actor("unit_handler", "ZJJ")) == ()


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_view_has_a_name_of_a_sensible_length(leader, name):
    with pytest.raises(Invalid) as refusal:
        keeping.keep(name, LATE, actor=leader)
    assert "name" in refusal.value.fields


def test_nobody_keeps_views_without_end(leader):
    for number in range(keeping.MOST):
        keeping.keep(f"视图{number}", LATE, actor=leader)
    keeping.keep("视图0", {}, actor=leader)

    with pytest.raises(Invalid):
        keeping.keep("又一个", LATE, actor=leader)

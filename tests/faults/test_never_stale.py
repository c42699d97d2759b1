"""What a process keeps in mind of the organisation is never older than the act that asks."""

from __future__ import annotations

from functools import partial

from app.actor import SYSTEM
from app.commands.roles import set_roles
from app.commands.units import rename_unit
from tests import stories, supervision
from tests.faults.together import together


def test_a_post_that_ended_one_commit_ago_counts(at_work, busy_county):
    liaison = busy_county.actor("unit_liaison", "RSJ")
    first = supervision.dispatched(
        busy_county, supervision.open_item(busy_county, matter="先派单", lead="RSJ", co=[])
    )
    item = supervision.open_item(busy_county, matter="后派单", lead="RSJ", co=[])
    registered = supervision.registration(busy_county, item)
    supervision.complete(item, "register", registered, by=busy_county.post("supervising_office"))
    assert stories.task(first, "sign_for").post == "unit_liaison"

    elsewhere = partial(set_roles, liaison.person_id, [], actor=SYSTEM)
    assert together(at_work, elsewhere) == [[]]
    director = busy_county.post("supervising_director")
    supervision.complete(item, "approve_dispatch", {"decision": "approve"}, by=director)

    assert stories.task(item, "sign_for").post == "unit_handler", "nobody else is asked any more"


def test_a_unit_renamed_one_commit_ago_has_its_new_name(at_work, busy_county):
    unit = busy_county.unit("CZJ")
    supervision.dispatched(
        busy_county, supervision.open_item(busy_county, matter="旧名称", lead="CZJ", co=[])
    )

    together(at_work, partial(rename_unit, unit, {"name": "县财政与国资局"}, actor=SYSTEM))
    item = supervision.dispatched(
        busy_county, supervision.open_item(busy_county, matter="新名称", lead="CZJ", co=[])
    )

    (paper,) = stories.papers(item)
    assert paper.content["lead"] == "县财政与国资局"

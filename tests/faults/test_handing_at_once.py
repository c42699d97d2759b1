"""A task claimed, handed on and completed by several at the same moment is one person's."""

from __future__ import annotations

from functools import partial

from app.commands import handing
from app.commands.completion import complete_task
from app.db import session
from app.errors import NotAllowed, Stale
from app.model import Assignment
from tests import stories, supervision
from tests.faults.together import acts_of, require_agreement, require_whole, tally, together
from tests.people import login_of

TURNS = 6
HANDED = ("task.claimed", "task.transferred", "task.completed")


def test_of_several_acts_on_whose_task_it_is_one_counts(at_work, busy_county):
    handler, leader = (busy_county.actor(post, "SJG") for post in ("unit_handler", "unit_leader"))
    for turn in range(TURNS):
        item = supervision.dispatched(
            busy_county, supervision.open_item(busy_county, matter=f"同时转办{turn}")
        )
        for unit, node in (("ZJJ", "sign_for"), ("SJG", "co_sign_for")):
            by = busy_county.actor("unit_liaison", unit)
            stories.complete(item, node, {"decision": "sign"}, by=by)
        task = stories.task(item, "co_opinion")
        before = sum(acts_of(item, kind) for kind in HANDED)
        seen = {"version": task.version}
        to = [{"person": login_of("SJG", post)} for post in ("unit_liaison", "unit_leader")]

        answers = together(
            at_work,
            partial(handing.claim, task.id, {}, actor=handler, **seen),
            partial(handing.transfer, task.id, to[0], actor=handler, **seen),
            partial(handing.transfer, task.id, to[1], actor=handler, **seen),
            partial(handing.transfer, task.id, to[0], actor=leader, **seen),
            partial(complete_task, task.id, supervision.CO_OPINION, actor=handler, **seen),
        )

        assert tally(answers)["done"] == 1, answers
        others = [each for each in answers if not isinstance(each, dict)]
        assert all(isinstance(each, Stale | NotAllowed) for each in others), answers
        assert sum(acts_of(item, kind) for kind in HANDED) == before + 1
        session().rollback()
        assert session().get_one(Assignment, task.id).version == seen["version"] + 1
        require_agreement(item)
    require_whole()

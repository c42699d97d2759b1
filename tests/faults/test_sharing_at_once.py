"""A copy read and recalled at the same moment is one or the other; readers are counted once."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from app.commands import circulations, comments, copies
from app.commands.completion import complete_task
from app.db import session
from app.errors import Invalid, NotFound
from app.model import Delivery
from tests import stories, supervision
from tests.faults.together import acts_of, require_agreement, require_whole, tally, together
from tests.people import login_of

TURNS = 5
CASE = {"what": "case", "people": [], "note": ""}


def delivered(sending):
    session().rollback()
    rows = select(Delivery).where(Delivery.sending_id == sending).order_by(Delivery.id)
    return session().scalars(rows.execution_options(populate_existing=True)).all()


def test_what_is_read_and_recalled_at_once_is_one_of_both(at_work, busy_county):
    office, reader = (
        busy_county.post("supervising_office"),
        busy_county.actor("unit_handler", "FGW"),
    )
    for turn in range(TURNS):
        item = supervision.dispatched(
            busy_county, supervision.open_item(busy_county, matter=f"同时阅知{turn}")
        )
        asked = {**CASE, "units": ["FGW"]}
        sent = copies.send(item, asked, actor=office)["sending"]

        answers = together(
            at_work,
            partial(copies.read_case, item, actor=reader),
            partial(copies.recall, sent, actor=office),
            partial(copies.read_case, item, actor=busy_county.actor("unit_liaison", "FGW")),
            partial(copies.send, item, asked, actor=office),
        )

        (first,) = delivered(sent)
        assert (first.read_at is None) != (first.recalled_at is None), answers
        others = [each for each in answers if not isinstance(each, dict)]
        assert all(isinstance(each, Invalid | NotFound) for each in others), answers
        rows = select(Delivery).where(
            Delivery.case_id == item, Delivery.document_id.is_(None), Delivery.recalled_at.is_(None)
        )
        assert len(session().scalars(rows).all()) <= 1, "nobody has it twice"
        told = acts_of(item, "copies.recalled"), acts_of(item, "copy.read")
        assert told[0] == (first.recalled_at is not None)
        assert told[1] == sum(each.read_at is not None for each in all_of(item))
    require_whole()


def all_of(item):
    rows = select(Delivery).where(Delivery.case_id == item, Delivery.document_id.is_(None))
    return session().scalars(rows.execution_options(populate_existing=True)).all()


def test_a_task_that_waits_is_completed_after_the_last_has_read(at_work, busy_county):
    handler = busy_county.actor("unit_handler", "ZJJ")
    readers = [busy_county.actor(post, "ZJJ") for post in ("unit_leader", "unit_head")]
    for turn in range(TURNS):
        item = supervision.in_hand(busy_county, matter=f"阅后办理{turn}")
        task = stories.task(item, "complete_item")
        asked = {"readers": [login_of("ZJJ", post) for post in ("unit_leader", "unit_head")]}
        sent = circulations.circulate_first(task.id, asked, actor=handler)["sending"]
        first, second = delivered(sent)
        complete = partial(complete_task, task.id, supervision.COMPLETION, actor=handler)

        answers = together(
            at_work,
            partial(circulations.read, first.id, {}, actor=readers[0]),
            partial(circulations.read, second.id, {}, actor=readers[1]),
            partial(circulations.read, second.id, {}, actor=readers[1]),
            complete,
            partial(comments.comment, item, {"text": "请核。", "people": []}, actor=handler),
        )

        assert tally(answers)["done"] in (3, 4), answers
        refused = [each for each in answers if not isinstance(each, dict)]
        assert all(isinstance(each, Invalid) for each in refused), answers
        session().rollback()
        assert (stories.case(item).circulating, stories.case(item).comment_count) == ({}, 1)
        assert acts_of(item, "circulation.read") == 2
        if not isinstance(answers[3], dict):
            complete()
        require_agreement(item)
    require_whole()

"""Somebody does the work of whom they stand in for: whose it was, and what the journal says."""

from __future__ import annotations

from app.queries.inbox import inbox
from app.queries.people import actor_by_id
from tests import stories, supervision
from tests.commands.test_deputies import named


def test_whoever_acts_first_removes_the_work_from_the_other_and_the_journal_says_so(tanghe):
    handler, liaison = (tanghe.actor(post, "ZJJ") for post in ("unit_handler", "unit_liaison"))
    item = supervision.in_hand(tanghe)
    named(handler, liaison, handler)
    deputy = actor_by_id(liaison.person_id)
    assert [len(inbox(who).rows) for who in (handler, deputy)] == [1, 1]

    stories.complete(item, "complete_item", supervision.COMPLETION, by=deputy)

    assert [len(inbox(who).rows) for who in (handler, deputy)] == [0, 0]
    done = stories.acts(f"case:{item}", "task.completed")[-1]
    assert (done["person"], done["deputy_for"]) == (liaison.person_id, handler.person_id)


def test_papers_that_go_out_with_a_deputys_act_say_for_whom_too(tanghe, security):
    director, convener = tanghe.post("supervising_director"), tanghe.actor("convener", "ZFW")
    named(director, convener, security, despite=True)
    item = supervision.open_item(tanghe)
    registered = supervision.registration(tanghe, item)
    stories.complete(item, "register", registered, by=tanghe.post("supervising_office"))
    by = actor_by_id(convener.person_id)
    stories.complete(item, "approve_dispatch", supervision.APPROVE, by=by)

    acts = [act for act in stories.acts(f"case:{item}") if act["person"] == convener.person_id]
    assert {"document.issued", "task.completed"} <= {act["kind"] for act in acts}
    assert {act["deputy_for"] for act in acts} == {director.person_id}

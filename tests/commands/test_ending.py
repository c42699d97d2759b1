"""Ending a case before its diagram does: revoked, terminated, void (domain 2.2 rows 11 and 17)."""

from __future__ import annotations

import pytest

from app.commands import ending, supervising
from app.commands.clock import suspend
from app.commands.handing import claim
from app.commands.items import request_extension
from app.commands.operations import ON_CASES
from app.commands.timers import fire_due
from app.effects import ending as effects
from app.errors import Invalid, NotAllowed, NotFound
from app.queries.history import history
from app.queries.inbox import inbox
from app.queries.ledger import ledger
from app.queries.standing import standing
from tests import going_back, stories, supervision
from tests.access.town import EXTENSION
from tests.supervision import dispatched, in_hand, open_item

WHY = {"reason": "上级已另行部署"}
END = {**WHY, "branches": "end"}


@pytest.fixture
def head(tanghe):
    """The head of the supervising office."""
    return tanghe.post("supervising_director")


def offered(actor, case_id):
    """What somebody is offered on a case."""
    return {each.name for each in ON_CASES.offers(actor, standing(actor, case_id))}


def test_who_opened_a_case_revokes_it_until_somebody_takes_it_up(tanghe):
    office = tanghe.post("supervising_office")
    item = open_item(tanghe)
    stories.complete(item, "register", supervision.registration(tanghe, item), by=office)
    number = stories.case(item).number
    assert "revoke" in offered(office, item)

    ending.revoke(item, WHY, actor=office)

    case = stories.case(item)
    assert (case.status, case.number, case.closed_at is not None) == ("revoked", number, True)
    assert stories.open_nodes(item) == []
    assert "revoked the case" in [str(each.text) for each in history(office, item)]
    assert stories.acts(f"case:{item}", "task.completed")[0]["data"]["answers"]
    (row,) = ledger(office)
    assert (row.number, row.status) == (number, "revoked")
    assert stories.case(open_item(tanghe, matter="另一事项")).number != number
    going_back.require_sound(item)
    going_back.require_vouched(item)


@pytest.mark.parametrize("act", ["claimed", "completed"])
def test_once_somebody_has_taken_it_up_the_opener_cannot_revoke_it(tanghe, head, act):
    office = tanghe.post("supervising_office")
    item = open_item(tanghe)
    stories.complete(item, "register", supervision.registration(tanghe, item), by=office)
    waiting = stories.task(item, "approve_dispatch")
    if act == "claimed":
        claim(waiting.id, {}, actor=head)
    else:
        stories.complete(item, "approve_dispatch", going_back.RETURN, by=head)

    assert "revoke" not in offered(office, item)
    with pytest.raises(NotAllowed):
        ending.revoke(item, WHY, actor=office)
    assert stories.case(item).status == "open"


def test_only_who_opened_it_revokes(tanghe, head):
    item = open_item(tanghe)

    for other in (head, tanghe.actor("convener")):
        assert "revoke" not in offered(other, item)
        with pytest.raises(NotAllowed):
            ending.revoke(item, WHY, actor=other)
    with pytest.raises(NotFound):
        ending.revoke(item, WHY, actor=tanghe.stranger)


def test_a_terminated_case_keeps_number_and_papers_and_leaves_nothing_to_do(tanghe, head):
    item = in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    before = {paper.id: paper.state for paper in stories.papers(item)}
    number = stories.case(item).number
    assert inbox(handler).total == 1

    ending.terminate(item, WHY, actor=head)

    case = stories.case(item)
    assert (case.status, case.number) == ("terminated", number)
    assert {paper.id: paper.state for paper in stories.papers(item)} == before
    assert inbox(handler).total == 0
    stories.set_clock("2026-11-30 09:00")
    fire_due()
    assert stories.acts(f"case:{item}", "timer.fired") == []
    going_back.require_sound(item)
    going_back.require_vouched(item)


def test_its_drafts_are_closed(tanghe, head):
    item = in_hand(tanghe)
    stories.complete(item, "complete_item", supervision.COMPLETION,
                     by=tanghe.actor("unit_handler", "ZJJ"))  # fmt: skip

    ending.terminate(item, WHY, actor=head)

    states = {paper.kind: paper.state for paper in stories.papers(item)}
    assert states["completion_report"] == "void"
    assert states["supervision_notice"] == "issued"


def test_a_void_case_takes_its_papers_along_and_stays_in_the_register(tanghe, head):
    item = dispatched(tanghe)
    number = stories.case(item).number

    ending.declare_void(item, WHY, actor=head)

    assert {paper.state for paper in stories.papers(item)} == {"void"}
    assert [(row.number, row.status) for row in ledger(head)] == [(number, "void")]
    assert stories.case(dispatched(tanghe)).number != number
    going_back.require_vouched(item)


def test_a_suspended_case_can_be_ended(tanghe, head):
    item = in_hand(tanghe)
    suspend(item, {"reason": "等待上级政策明确"}, actor=head)

    ending.terminate(item, WHY, actor=head)

    case = stories.case(item)
    assert (case.status, case.suspended_at, len(case.standstills)) == ("terminated", None, 1)


def test_what_is_about_nothing_without_it_ends_along_and_the_rest_is_asked(tanghe, head):
    item = in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    asked = request_extension(item, EXTENSION, actor=handler)["case"]
    against = supervising.escalate(item, {"reason": "逾期多日未办结"}, actor=head)["case"]
    assert standing(head, item).branches == (stories.case(against).number,)

    with pytest.raises(Invalid) as refused:
        ending.terminate(item, WHY, actor=head)
    assert "branches" in refused.value.fields
    ending.terminate(item, {**WHY, "branches": "keep"}, actor=head)

    assert [stories.case(each).status for each in (asked, against)] == ["terminated", "open"]
    (act,) = stories.acts(f"case:{asked}", "case.terminated")
    assert act["data"]["along_with"] == item
    assert "along with" in str(history(head, asked)[-1].text)


def test_all_of_them_end_with_it_if_so_answered(tanghe, head):
    item = in_hand(tanghe)
    against = supervising.escalate(item, {"reason": "逾期多日未办结"}, actor=head)["case"]

    assert ending.declare_void(item, END, actor=head)["along"] == [against]

    assert stories.case(against).status == "void"
    for each in (item, against):
        going_back.require_sound(each)
        going_back.require_vouched(each)


def test_a_branch_that_was_decided_just_before_stays_decided(tanghe, head, monkeypatch):
    item = in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    asked = request_extension(item, EXTENSION, actor=handler)["case"]
    seen = iter([effects.branches_of(item)])
    read = effects.branches_of
    monkeypatch.setattr(effects, "branches_of", lambda case_id: next(seen, None) or read(case_id))
    leader, no = tanghe.actor("unit_leader", "ZJJ"), {"decision": "refuse", "opinion": "理由不足"}
    stories.complete(asked, "sign_extension", supervision.APPROVE, by=leader)
    stories.complete(asked, "decide", no, by=stories.performer(tanghe, asked, "decide"))

    assert ending.terminate(item, END, actor=head)["along"] == []

    assert (stories.case(asked).status, stories.case(asked).outcome) == ("closed", "refused")
    assert "case.terminated" not in stories.kinds(asked)


def test_nobody_asks_about_branches_there_are_none_of(tanghe, head):
    item = in_hand(tanghe)

    (offer,) = [o for o in ON_CASES.offers(head, standing(head, item)) if o.name == "terminate"]

    assert [field.name for field in offer.form.fields] == ["reason"]
    ending.terminate(item, END, actor=head)


def test_only_the_head_of_the_office_ends_a_case_and_only_one_that_runs(tanghe, head):
    item = in_hand(tanghe)
    for end in (ending.terminate, ending.declare_void):
        for other in (tanghe.post("supervising_office"), tanghe.actor("unit_head", "ZJJ")):
            with pytest.raises(NotAllowed):
                end(item, WHY, actor=other)
        with pytest.raises(Invalid):
            end(item, {"reason": "短"}, actor=head)

    ending.terminate(item, WHY, actor=head)

    assert offered(head, item).isdisjoint({"terminate", "void", "revoke"})
    with pytest.raises(Invalid):
        ending.declare_void(item, WHY, actor=head)


def test_asked_twice_with_one_key_it_is_ended_once(tanghe, head):
    item = in_hand(tanghe)

    first = ending.terminate.once("ended-once", item, WHY, actor=head)
    again = ending.terminate.once("ended-once", item, WHY, actor=head)

    assert first == again
    assert stories.kinds(item).count("case.terminated") == 1

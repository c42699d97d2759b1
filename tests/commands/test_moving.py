"""Putting a case at another task (任意跳转, row 31): one proposes it, another one agrees."""

from __future__ import annotations

import pytest

from app.commands import ending, incidents, moving, undoing
from app.commands.items import request_extension
from app.commands.operations import ON_CASES
from app.commands.supervising import escalate
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.queries.history import history
from app.queries.inbox import inbox
from app.queries.incidents import incident_page, unsolved_count
from app.queries.incidents import incidents as listed
from app.queries.standing import standing
from tests import going_back, stories, supervision
from tests.access.town import EXTENSION
from tests.going_back import begun
from tests.supervision import in_hand

TO_REVIEW = {"task": "review_completion", "reason": "办结报告已书面报送，补录流程"}


@pytest.fixture
def clerk(tanghe):
    """One of the supervising office."""
    return tanghe.post("supervising_office")


@pytest.fixture
def head(tanghe):
    """The other."""
    return tanghe.post("supervising_director")


def proposed(by, case_id, **changes):
    """The incident in which a move waits for a second person."""
    return moving.propose_move(case_id, {**TO_REVIEW, **changes}, actor=by)["incident"]


def test_one_proposes_and_another_one_agrees(tanghe, clerk, head):
    item = in_hand(tanghe)
    handler = tanghe.actor("unit_handler", "ZJJ")
    number = proposed(clerk, item)
    assert going_back.open_nodes(item) == {"complete_item": 1}
    assert unsolved_count(head) == 1
    page = incident_page(head, number)
    assert (page.proposal, page.proposed_by, page.may_settle) == (
        TO_REVIEW["reason"], clerk.name, True,
    )  # fmt: skip

    moving.move(number, actor=head)

    assert going_back.open_nodes(item) == {"review_completion": 1}
    assert inbox(handler).total == 0
    (row,) = [line for line in history(head, item) if line.kind == "case.moved"]
    assert (row.who, row.reason) == (head.name, TO_REVIEW["reason"])
    assert str(row.text) == (
        f"put the case at “办结审核”, as {clerk.name} had proposed; closed: “办理并提交办结报告”"
    )
    assert unsolved_count(head) == 0
    going_back.require_sound(item)
    going_back.require_vouched(item)


def test_what_is_issued_once_more_has_a_number_of_its_own(tanghe, clerk, head):
    handler, leader = (tanghe.actor(role, "ZJJ") for role in ("unit_handler", "unit_leader"))
    asked = request_extension(in_hand(tanghe), EXTENSION, actor=handler)["case"]
    stories.complete(asked, "sign_extension", supervision.APPROVE, by=leader)
    moving.move(proposed(clerk, asked, task="apply"), actor=head)

    stories.complete(asked, "apply", EXTENSION, by=handler)
    stories.complete(asked, "sign_extension", supervision.APPROVE, by=leader)

    first, second = stories.papers(asked, "extension_request")
    assert (first.state, second.number) == ("issued", f"{first.number}之二")
    going_back.require_vouched(asked)


def test_a_task_that_builds_on_one_nobody_did_says_so(tanghe, clerk, head):
    item = in_hand(tanghe)
    stories.set_clock("2026-08-20 10:00")
    escalation = escalate(item, {"reason": "逾期多日未办结"}, actor=clerk)["case"]
    moving.move(proposed(clerk, escalation, task="approve_measure"), actor=head)
    convener = tanghe.post("convener")

    with pytest.raises(Invalid, match="builds on an earlier task"):
        stories.complete(escalation, "approve_measure", supervision.APPROVE, by=convener)

    back = {"decision": "return", "opinion": "请先提出处置建议"}
    stories.complete(escalation, "approve_measure", back, by=convener)
    assert going_back.open_nodes(escalation) == {"propose": 1}


def test_the_case_goes_on_from_there(tanghe, clerk, head):
    item = in_hand(tanghe)
    moving.move(proposed(clerk, item), actor=head)

    stories.complete(item, "review_completion", supervision.PASS, by=clerk)
    stories.complete(item, "strike_off", {"confirmed": True}, by=head)

    assert stories.case(item).status == "closed"


def test_open_branches_are_closed_and_no_join_waits_for_them(tanghe, clerk, head):
    item = supervision.dispatched(tanghe)
    assert going_back.open_nodes(item) == {"sign_for": 1, "co_sign_for": 1}

    moving.move(proposed(clerk, item, task="complete_item"), actor=head)

    assert going_back.open_nodes(item) == {"complete_item": 1}
    going_back.require_sound(item)
    supervision.struck_off(tanghe, item)


def test_tasks_after_which_a_join_would_wait_for_ever_are_not_offered(tanghe, clerk):
    item = in_hand(tanghe)
    offers = {o.name: o for o in ON_CASES.offers(clerk, standing(clerk, item))}
    nodes = {option.value for option in offers["move"].form.field("task").options}

    assert nodes.isdisjoint({"sign_for", "co_sign_for", "co_opinion", "appoint_handler"})
    with pytest.raises(Invalid) as refused:
        proposed(clerk, item, task="sign_for")
    assert "task" in refused.value.fields


def test_never_the_same_person_and_never_twice(tanghe, clerk, head):
    item = in_hand(tanghe)
    number = proposed(clerk, item)

    with pytest.raises(NotAllowed):
        moving.move(number, actor=clerk)
    with pytest.raises(Invalid):
        proposed(head, item)
    (offer,) = [o for o in ON_CASES.offers(head, standing(head, item)) if o.name == "move"]
    assert offer.why_not is not None
    moving.move(number, actor=head)
    with pytest.raises(Invalid):
        moving.move(number, actor=head)


def test_not_once_the_case_has_gone_on(tanghe, clerk, head):
    item = in_hand(tanghe)
    number = proposed(clerk, item)
    supervision.completed(tanghe, item)

    with pytest.raises(Invalid):
        moving.move(number, actor=head)
    moving.decline_move(number, actor=head)

    assert [each.number for each in listed(head, resolved=True)] == [number]
    assert proposed(clerk, item, task="complete_item")


def test_whoever_proposed_it_takes_the_proposal_back(tanghe, clerk):
    item = in_hand(tanghe)
    number = proposed(clerk, item)

    moving.decline_move(number, actor=clerk)

    assert "incident.move_declined" in stories.kinds(item)
    assert going_back.open_nodes(item) == {"complete_item": 1}


def test_a_second_look_is_needed_when_somebody_was_faster(tanghe, clerk, head):
    item = in_hand(tanghe)
    number = proposed(clerk, item)
    seen = incident_page(head, number).version
    moving.decline_move(number, actor=clerk, version=seen)

    with pytest.raises(Stale):
        moving.move(number, actor=head, version=seen)


def test_it_is_no_incident_to_be_tried_again_skipped_or_corrected(tanghe, clerk, head):
    number = proposed(clerk, in_hand(tanghe))

    for act in (
        lambda: incidents.retry(number, actor=head),
        lambda: incidents.propose_skip(number, "不再需要", actor=head),
        lambda: incidents.correct_data(number, {"has_co": False}, "更正", actor=head),
    ):
        with pytest.raises(Invalid):
            act()


def test_when_the_case_ends_the_proposal_is_settled(tanghe, clerk, head):
    item = in_hand(tanghe)
    number = proposed(clerk, item)
    ending.terminate(item, {"reason": "上级已另行部署"}, actor=head)

    assert incidents.resolve_settled(actor=head) == 1

    assert incident_page(head, number).resolution == "settled"
    with pytest.raises(Invalid):
        moving.move(number, actor=head)


def test_only_the_office_of_the_case_and_nobody_who_keeps_the_system(tanghe, clerk):
    item = in_hand(tanghe)
    with pytest.raises(NotAllowed):
        proposed(tanghe.actor("unit_head", "ZJJ"), item)
    number = proposed(clerk, item)

    with pytest.raises(NotAllowed):
        moving.move(number, actor=tanghe.actor("convener"))
    with pytest.raises(NotFound):
        moving.move(number, actor=tanghe.actor("sys_admin"))
    with pytest.raises(NotFound):
        incident_page(tanghe.actor("sys_admin"), number)


def test_to_where_it_stands_a_case_is_not_moved(tanghe, clerk):
    item = in_hand(tanghe)

    with pytest.raises(Invalid) as refused:
        proposed(clerk, item, task="complete_item")

    assert "task" in refused.value.fields


def test_what_was_done_before_a_move_is_not_taken_back(tanghe, clerk, head):
    going_back.publish(going_back.line())
    people = [tanghe.actor(role, "ZJJ") for role in going_back.ROLES]
    case_id = begun(tanghe, "line", "a")

    moving.move(proposed(clerk, case_id, task="c"), actor=head)

    assert going_back.open_nodes(case_id) == {"c": 1}
    assert not standing(people[0], case_id).taken_back
    with pytest.raises((Invalid, NotAllowed)):
        undoing.withdraw(case_id, {}, actor=people[0])
    assert dict(standing(people[2], case_id).back_to) == {}

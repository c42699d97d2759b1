"""Opening a case again (重启, domain 2.2 row 18): same number, new day, its history whole."""

from __future__ import annotations

import pytest

from app import clock
from app.commands import ending, reopening, undoing
from app.commands.leaving import disable_person
from app.commands.operations import ON_CASES
from app.commands.timers import fire_due
from app.effects import anew, papers
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Delivery
from app.queries.history import history
from app.queries.ledger import ledger
from app.queries.standing import standing
from tests import going_back, stories, supervision
from tests.stories import complete
from tests.supervision import in_hand, open_item, struck_off

WHY = "群众反映问题反弹，需继续办理"
AGAIN = {"entry": "complete_item", "due_date": "2026-09-30", "reason": WHY}


@pytest.fixture
def office(tanghe):
    """The supervising office's clerk."""
    return tanghe.post("supervising_office")


@pytest.fixture
def closed(tanghe):
    """An item that was struck off."""
    return struck_off(tanghe, in_hand(tanghe))


def test_a_struck_off_item_runs_again_under_its_number_until_the_new_day(tanghe, office, closed):
    before = stories.case(closed)
    number, first, kinds = before.number, before.due_day_first, stories.kinds(closed)
    papers = [(paper.id, paper.state) for paper in stories.papers(closed)]

    reopening.reopen(closed, AGAIN, actor=office)

    case = stories.case(closed)
    assert (case.status, case.number, case.outcome, case.closed_at) == ("open", number, "", None)
    assert (str(case.due_day), case.due_day_first) == ("2026-09-30", first)
    assert going_back.open_nodes(closed) == {"complete_item": 1}
    task = stories.task(closed, "complete_item")
    assert (clock.local_day(task.due_at), task.person_id) == (case.due_day, case.handler_id)
    assert stories.kinds(closed)[: len(kinds)] == kinds
    assert [(paper.id, paper.state) for paper in stories.papers(closed)] == papers
    said = str(history(office, closed)[-1].text)
    assert said == "reopened the case at “办理并提交办结报告”; due on 2026-09-30"
    (row,) = ledger(office)
    assert (row.status, row.completed, row.struck_off, row.progress) == ("open", None, None, None)
    going_back.require_sound(closed)
    going_back.require_vouched(closed)


def test_it_is_completed_and_struck_off_once_more(tanghe, office, closed):
    reopening.reopen(closed, AGAIN, actor=office)
    stories.set_clock("2026-08-03 10:00")

    struck_off(tanghe, closed)

    (row,) = ledger(office)
    assert (row.status, str(row.completed), str(row.struck_off)) == (
        "closed", "2026-08-03", "2026-08-03",
    )  # fmt: skip
    going_back.require_sound(closed)
    going_back.require_vouched(closed)


def test_it_is_dispatched_once_more_under_a_number_of_its_own(tanghe, office, closed):
    number = stories.case(closed).number
    reopening.reopen(closed, AGAIN | {"entry": "approve_dispatch"}, actor=office)
    director = tanghe.post("supervising_director")

    complete(closed, "approve_dispatch", supervision.APPROVE, by=director)
    supervision.signed(tanghe, closed)
    ending.terminate(closed, {"reason": WHY, "branches": "keep"}, actor=director)
    reopening.reopen(closed, AGAIN | {"entry": "approve_dispatch"}, actor=office)
    complete(closed, "approve_dispatch", supervision.APPROVE, by=director)

    notices = [each for each in stories.papers(closed) if each.kind == "supervision_notice"]
    assert [each.number for each in notices] == [number, f"{number}之二", f"{number}之三"]
    supervision.signed(tanghe, closed)
    assert [bool(each.signed_at) for each in sent(notices[2], "main")] == [True]
    going_back.require_vouched(closed)


def test_a_report_the_office_has_is_signed_again_and_not_sent_again(tanghe, office, closed):
    before = [(each.id, each.number, each.state) for each in stories.papers(closed)]
    reopening.reopen(closed, AGAIN | {"entry": "sign_completion"}, actor=office)

    leader = tanghe.actor("unit_leader", "ZJJ")
    complete(closed, "sign_completion", supervision.APPROVE, by=leader)

    assert going_back.open_nodes(closed) == {"review_completion": 1}
    assert [(each.id, each.number, each.state) for each in stories.papers(closed)] == before
    going_back.require_vouched(closed)


def sent(paper, role: str) -> list[Delivery]:
    """Where a paper went in one role."""
    return [each for each in papers.deliveries(paper) if each.role == role]


def test_its_clock_runs_again_towards_the_new_day(tanghe, office, closed):
    reopening.reopen(closed, AGAIN, actor=office)
    stories.set_clock("2026-10-12 10:00")
    fire_due()

    kinds = {act["data"]["kind"] for act in stories.acts(f"case:{closed}", "timer.fired")}
    assert "due" in kinds


def test_what_was_done_before_it_stands(tanghe, office, closed):
    reopening.reopen(closed, AGAIN, actor=office)
    leader, handler = tanghe.actor("unit_leader", "ZJJ"), tanghe.actor("unit_handler", "ZJJ")
    for person in (leader, handler, office):
        found = standing(person, closed)
        assert (found.taken_back, dict(found.back_to)) == ("", {})
    with pytest.raises((Invalid, NotAllowed)):
        undoing.withdraw(closed, {}, actor=leader)

    stories.complete(closed, "complete_item", supervision.COMPLETION, by=handler)
    undoing.withdraw(closed, {}, actor=handler)

    assert going_back.open_nodes(closed) == {"complete_item": 1}
    going_back.require_vouched(closed)


def test_a_terminated_one_goes_on_as_it_stood(tanghe, office):
    item = supervision.dispatched(tanghe)
    before = going_back.open_nodes(item)
    head = tanghe.post("supervising_director")
    ending.terminate(item, {"reason": "上级已另行部署"}, actor=head)
    assert anew.AS_IT_STOOD in {
        option.value for offer in ON_CASES.offers(office, standing(office, item))
        if offer.name == "reopen" for option in offer.form.field("entry").options
    }  # fmt: skip

    reopening.reopen(item, {**AGAIN, "entry": anew.AS_IT_STOOD}, actor=office)

    assert going_back.open_nodes(item) == before == {"sign_for": 1, "co_sign_for": 1}
    going_back.require_sound(item)
    going_back.require_vouched(item)
    supervision.co_answered(tanghe, supervision.signed(tanghe, item), "SJG")
    struck_off(tanghe, item)
    assert stories.case(item).status == "closed"
    assert "reopened the case as it stood" in " ".join(
        str(line.text) for line in history(office, item)
    )


def test_reopened_it_can_be_terminated_and_reopened_once_more(tanghe, office, closed):
    head = tanghe.post("supervising_director")
    for _turn in range(2):
        reopening.reopen(closed, AGAIN, actor=office)
        ending.terminate(closed, {"reason": "上级已另行部署"}, actor=head)
    reopening.reopen(closed, {**AGAIN, "entry": anew.AS_IT_STOOD}, actor=office)

    assert going_back.open_nodes(closed) == {"complete_item": 1}
    going_back.require_sound(closed)
    going_back.require_vouched(closed)


def test_only_where_the_case_can_stand_alone(tanghe, office, closed):
    offers = {o.name: o for o in ON_CASES.offers(office, standing(office, closed))}
    nodes = {option.value for option in offers["reopen"].form.field("entry").options}

    assert nodes >= {"register", "complete_item", "strike_off"}
    assert nodes.isdisjoint({"sign_for", "co_opinion", "appoint_handler", anew.AS_IT_STOOD})
    for wrong in ("sign_for", anew.AS_IT_STOOD, "nowhere"):
        with pytest.raises(Invalid) as refused:
            reopening.reopen(closed, {**AGAIN, "entry": wrong}, actor=office)
        assert "entry" in refused.value.fields


def test_a_reason_and_a_day_to_come_are_asked(office, closed):
    for wrong in ({"reason": "短"}, {"due_date": "2026-01-05"}, {"due_date": ""}):
        with pytest.raises(Invalid) as refused:
            reopening.reopen(closed, {**AGAIN, **wrong}, actor=office)
        assert wrong.keys() == refused.value.fields.keys()


def test_not_beside_another_open_item_on_the_same_matter(tanghe, office, closed):
    open_item(tanghe)

    with pytest.raises(Invalid):
        reopening.reopen(closed, AGAIN, actor=office)

    assert stories.case(closed).status == "closed"


@pytest.mark.parametrize("end", [ending.declare_void, ending.revoke])
def test_void_and_revoked_cases_stay_so(tanghe, office, end):
    item = open_item(tanghe)
    by = office if end is ending.revoke else tanghe.post("supervising_director")
    end(item, {"reason": "上级已另行部署"}, actor=by)

    assert "reopen" not in {o.name for o in ON_CASES.offers(office, standing(office, item))}
    with pytest.raises(Invalid):
        reopening.reopen(item, AGAIN, actor=office)


def test_only_the_office_and_only_what_has_ended(tanghe, office, closed):
    with pytest.raises(NotAllowed):
        reopening.reopen(closed, AGAIN, actor=tanghe.actor("unit_head", "ZJJ"))
    with pytest.raises(NotFound):
        reopening.reopen(closed, AGAIN, actor=tanghe.stranger)
    reopening.reopen(closed, AGAIN, actor=office)

    with pytest.raises(Invalid):
        reopening.reopen(closed, AGAIN, actor=office)


@pytest.mark.parametrize("left", [False, True])
def test_a_handler_who_left_is_not_its_handler_again(tanghe, office, closed, left):
    handler = tanghe.actor("unit_handler", "ZJJ")
    if left:
        disable_person(handler.person_id, actor=tanghe.actor("sys_admin"))

    reopening.reopen(closed, AGAIN, actor=office)

    assert stories.case(closed).handler_id == (None if left else handler.person_id)
    (act,) = stories.acts(f"case:{closed}", "case.reopened")
    assert act["data"]["before"]["handler"] == handler.person_id

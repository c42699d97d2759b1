"""委派、前加签、后加签、并加签、减签: whoever is asked to help, and whose the task stays."""

from __future__ import annotations

import pytest

from app.commands import asking, handing, undoing
from app.commands.completion import complete_task
from app.commands.ending import declare_void
from app.commands.operations import ON_TASKS
from app.commands.roles import set_roles
from app.commands.timers import fire_due
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.queries.history import history
from app.queries.inbox import inbox
from app.queries.tasks import task_page
from tests import several, stories, supervision
from tests.several import AGREE, REFUSE, leader, opened, part

NOTE = {"handling": "read", "opinion": "已核对"}
WHY = {"reason": "请提出意见"}
UNDO = {"reason": "填报有误，需要修改"}


@pytest.fixture
def case(county) -> int:
    """The lead's handler drafts first; by name nobody's."""
    return stories.start_case(
        county, "alone", by=county.post("supervising_office"), units=several.UNITS
    )


@pytest.fixture
def handler(county):
    return county.actor("unit_handler", "ZJJ")


@pytest.fixture
def liaison(county):
    return county.actor("unit_liaison", "ZJJ")


def draft(county, case, **which):
    return part(county, case, "ZJJ", "draft", **which)


def mine(viewer) -> list[int]:
    return [row.assignment_id for row in inbox(viewer).rows]


def test_what_is_delegated_comes_back_filled_in_and_only_the_first_completes_it(
    county, case, handler, liaison
):
    task = draft(county, case)
    asking.delegate(task.id, {"person": liaison.login, **WHY}, actor=handler, version=1)
    helper = draft(county, case, kind="delegated")
    assert (draft(county, case, kind="").state, helper.due_at) == ("asking", task.due_at)
    assert (mine(handler), mine(liaison)) == ([], [helper.id])
    with pytest.raises(Stale):
        complete_task(task.id, NOTE, actor=handler)

    done = complete_task(helper.id, NOTE, actor=liaison)
    assert (done["decided"], stories.open_nodes(case)) == (False, ["draft"])
    back = draft(county, case, kind="")
    assert (back.state, back.person_id, back.answers) == ("active", handler.person_id, NOTE)
    assert task_page(handler, task.id).answers == NOTE
    with pytest.raises(NotAllowed):
        complete_task(task.id, NOTE, actor=liaison)
    assert complete_task(task.id, NOTE, actor=handler)["decided"]
    told = [str(line.text) for line in history(handler, case)]
    assert any("filled in by" in each for each in told)


def test_a_delegation_is_recalled_until_it_is_filled_in(county, case, handler, liaison):
    task = draft(county, case)
    asking.delegate(task.id, {"person": liaison.login}, actor=handler)
    helper = draft(county, case, kind="delegated")
    asking.recall(task.id, {}, actor=handler)

    assert (draft(county, case, kind="").state, mine(liaison)) == ("active", [])
    with pytest.raises(Stale):
        complete_task(helper.id, NOTE, actor=liaison)
    with pytest.raises(Stale):
        asking.recall(task.id, {}, actor=handler)


def test_who_filled_it_in_takes_it_back_until_the_first_has_it_completed(
    county, case, handler, liaison
):
    task = draft(county, case)
    asking.delegate(task.id, {"person": liaison.login}, actor=handler)
    complete_task(draft(county, case, kind="delegated").id, NOTE, actor=liaison)
    undoing.withdraw(case, UNDO, actor=liaison)
    assert (draft(county, case, kind="").state, mine(handler)) == ("asking", [])

    complete_task(draft(county, case, kind="delegated").id, NOTE, actor=liaison)
    complete_task(task.id, NOTE, actor=handler)
    with pytest.raises(Stale):
        undoing.withdraw(case, UNDO, actor=liaison)


@pytest.mark.parametrize("to", ["zjj_unit_handler", "fgw_unit_handler", "nobody"])
def test_only_a_colleague_fills_it_in(county, case, handler, to):
    with pytest.raises(Invalid) as refused:
        asking.delegate(draft(county, case).id, {"person": to}, actor=handler)

    assert "person" in refused.value.fields
    assert draft(county, case).state == "active"


def test_the_task_waits_until_all_who_were_asked_gave_their_opinion(county, case, handler, liaison):
    task = draft(county, case)
    asked = {"people": [liaison.login], "units": ["FGW"], **WHY}
    asking.add_before(task.id, asked, actor=handler, version=1)
    other, own = (part(county, case, unit, "draft", kind="before") for unit in ("FGW", "ZJJ"))
    by = county.actor("unit_liaison", "FGW")
    assert (mine(handler), mine(liaison), mine(by)) == ([], [own.id], [other.id])
    assert task_page(by, other.id).form.key == "signature"

    complete_task(own.id, REFUSE, actor=liaison)
    assert draft(county, case, kind="").state == "asking"
    complete_task(other.id, AGREE, actor=by)
    assert (mine(handler), stories.kinds(case).count("task.opinion_given")) == ([task.id], 2)
    assert complete_task(task.id, NOTE, actor=handler)["decided"]
    assert [each.said for each in task_page(handler, task.id).signing.signers] == [
        "for", "against", "for",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "people"),
        ({"people": ["zjj_unit_handler"]}, "people"),
        ({"people": ["zjj_unit_head", "fgw_unit_head"]}, "people"),
        ({"units": ["ZJJ"]}, "units"),
        ({"units": ["FGW"]}, "units"),
        ({"units": ["CZJ"], "due_date": "2026-12-31"}, "due_date"),
        ({"units": ["XW"]}, "units"),
    ],
)
def test_nobody_is_asked_twice_or_for_longer_than_the_task_has(county, case, handler, asked, field):
    task = draft(county, case)
    asking.add_before(task.id, {"units": ["FGW"], **WHY}, actor=handler)

    with pytest.raises(Invalid) as refused:
        asking.add_before(task.id, {**asked, **WHY}, actor=handler)
    assert field in refused.value.fields


def test_several_colleagues_are_asked_at_once_and_all_of_them_or_nobody(county, case, handler):
    task = draft(county, case)
    both = ["zjj_unit_liaison", "zjj_unit_leader"]
    with pytest.raises(Invalid) as refused:
        asking.add_before(task.id, {"people": [*both, handler.login], **WHY}, actor=handler)
    assert set(refused.value.fields) == {"people"}
    assert draft(county, case, kind="").state == "active"

    asking.add_before(task.id, {"people": both, **WHY}, actor=handler)
    asked = [county.actor(post, "ZJJ") for post in ("unit_liaison", "unit_leader")]
    assert [len(mine(each)) for each in asked] == [1, 1]
    with pytest.raises(Invalid, match="signs this task already"):
        asking.add_before(task.id, {"people": both, **WHY}, actor=handler)


def test_where_one_decides_nobody_is_added_beside_them_without_a_vote(county, case, handler):
    with pytest.raises(NotAllowed):
        asking.add_beside(draft(county, case).id, {"units": ["FGW"], **WHY}, actor=handler)


def test_without_those_asked_first_the_task_is_its_holders_again(county, case, handler):
    task = draft(county, case)
    asking.add_before(task.id, {"units": ["FGW", "CZJ"], **WHY}, actor=handler)
    asking.remove_signers(task.id, {"signers": ["all"], **WHY}, actor=handler)

    assert (draft(county, case, kind="").state, mine(handler)) == ("active", [task.id])


def test_what_the_diagram_forbids_is_refused_with_that_reason(county):
    case_id = opened(county, "forbidding")
    task, by = part(county, case_id, "ZJJ"), leader(county)
    for act, said in (
        (handing.transfer, {"person": "zjj_unit_head"}),
        (asking.delegate, {"person": "zjj_unit_head"}),
        (asking.add_before, {"units": ["FGW"], **WHY}),
    ):
        with pytest.raises(Invalid, match="diagram"):
            act(task.id, said, actor=by)
    asking.add_after(task.id, {"units": ["FGW"], **WHY}, actor=by)


def test_who_has_no_part_in_it_asks_nobody(county, case):
    task = draft(county, case)
    said = {"person": "zjj_unit_liaison", "people": [], "units": ["FGW"], "signers": ["all"], **WHY}
    for act in (asking.delegate, asking.add_before, asking.add_after, asking.remove_signers):
        with pytest.raises(NotFound):
            act(task.id, said, actor=county.stranger)
        with pytest.raises(NotAllowed):
            act(task.id, said, actor=county.actor("unit_handler", "FGW"))


def test_who_was_asked_has_it_no_longer_when_the_case_is_void(county, case, handler):
    asking.add_before(draft(county, case).id, {"units": ["FGW"], **WHY}, actor=handler)
    declare_void(case, {"reason": "重复立案，予以作废"}, actor=county.post("supervising_director"))

    assert part(county, case, "FGW", "draft").state == "cancelled"
    assert draft(county, case, kind="").state == "cancelled"
    assert mine(county.actor("unit_liaison", "FGW")) == []


def test_whoever_leaves_leaves_neither_task_nor_help_waiting(county, case, handler, liaison):
    task = draft(county, case)
    asking.delegate(task.id, {"person": liaison.login}, actor=handler)
    admin = county.actor("sec_admin", "XZF")
    set_roles(liaison.person_id, [], actor=admin)
    back = draft(county, case, kind="")
    assert (back.state, draft(county, case, kind="delegated").state) == ("active", "cancelled")

    asking.add_before(task.id, {"units": ["FGW"], **WHY}, actor=handler)
    set_roles(handler.person_id, [], actor=admin)
    assert draft(county, case, kind="").person_id is None
    complete_task(
        part(county, case, "FGW", "draft").id, AGREE, actor=county.actor("unit_liaison", "FGW")
    )
    assert draft(county, case, kind="").state == "active"


def test_a_form_sent_twice_asks_once(county, case, handler):
    task, said = draft(county, case), {"units": ["FGW"], **WHY}
    first = asking.add_before.once("k", task.id, said, actor=handler, version=1)
    again = asking.add_before.once("k", task.id, said, actor=handler, version=1)

    assert first == again
    assert stories.kinds(case).count("signers.added") == 1
    with pytest.raises(Stale):
        asking.add_before(task.id, {"units": ["CZJ"], **WHY}, actor=handler, version=1)


def test_while_it_waits_for_others_the_clock_of_the_task_goes_on(county, case, handler):
    task = draft(county, case)
    said = {"units": ["FGW"], "due_date": "2026-07-07", **WHY}
    asking.add_before(task.id, said, actor=handler)
    helper = part(county, case, "FGW", "draft")
    assert helper.due_at < task.due_at
    stories.set_clock("2026-07-30 09:00")
    fire_due()

    fired = stories.acts(f"case:{case}", "timer.fired")
    late = {act["data"]["assignment"] for act in fired if act["data"]["kind"] == "due"}
    assert late == {task.id, helper.id}
    assert draft(county, case, kind="").state == "asking"


def test_who_did_the_first_task_cannot_do_the_one_that_needs_other_eyes(county, handler):
    item = supervision.in_hand(county)
    leading = leader(county)
    asked = {"person": leading.login, **WHY}
    handing.transfer(part(county, item, "ZJJ", "complete_item").id, asked, actor=handler)
    stories.complete(item, "complete_item", supervision.COMPLETION, by=leading)
    sign_off = part(county, item, "ZJJ", "sign_completion")
    page = task_page(leading, sign_off.id)
    assert (page.may, page.why_not is not None) == (False, True)
    claim = ON_TASKS.offered(leading, page.task_standing, "claim")
    assert claim.why_not == page.why_not
    with pytest.raises(NotAllowed, match="somebody else"):
        complete_task(sign_off.id, supervision.APPROVE, actor=leading)

    with pytest.raises(NotAllowed, match="somebody else"):
        handing.claim(sign_off.id, {}, actor=leading)
    head = county.actor("unit_head", "ZJJ")
    handing.transfer(sign_off.id, {"person": head.login}, actor=leading)
    with pytest.raises(Invalid, match="somebody else") as refused:
        handing.transfer(sign_off.id, {"person": leading.login}, actor=head)
    assert set(refused.value.fields) == {"person"}
    complete_task(sign_off.id, supervision.APPROVE, actor=head)
    assert stories.open_nodes(item) == ["review_completion"]

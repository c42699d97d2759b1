"""后加签、并加签、减签: who signs after somebody or beside them, and until when that can change."""

from __future__ import annotations

import pytest

from app.commands import asking, handing, undoing
from app.commands.completion import complete_task
from app.errors import Invalid, NotAllowed, Stale
from app.queries.inbox import inbox
from tests import several, stories
from tests.people import deputise
from tests.several import AGREE, REFUSE, leader, opened, part, sign, states

WHY = {"reason": "请提出意见"}
UNDO = {"reason": "填报有误，需要修改"}


@pytest.fixture
def handler(county):
    return county.actor("unit_handler", "ZJJ")


def mine(viewer) -> list[int]:
    return [row.assignment_id for row in inbox(viewer).rows]


def test_who_signs_after_me_has_it_when_i_am_done_and_the_case_waits_for_them(county):
    opened_ = opened(county, "alone")
    task, by = part(county, opened_, "ZJJ"), county.actor("unit_liaison", "FGW")
    asking.add_after(task.id, {"units": ["FGW"], **WHY}, actor=leader(county))
    after = part(county, opened_, "FGW")
    assert (after.state, mine(by)) == ("waiting", [])

    done = complete_task(task.id, AGREE, actor=leader(county))
    assert (done["decided"], stories.open_nodes(opened_), mine(by)) == (False, ["sign"], [after.id])
    complete_task(after.id, AGREE, actor=by)
    assert stories.open_nodes(opened_) == ["after"]


def test_a_refusal_by_who_signs_after_rejects_and_mine_is_not_asked_for(county):
    case_id = opened(county, "alone")
    task, by = part(county, case_id, "ZJJ"), county.actor("unit_liaison", "FGW")
    asking.add_after(task.id, {"units": ["FGW"], **WHY}, actor=leader(county))
    complete_task(task.id, AGREE, actor=leader(county))
    complete_task(part(county, case_id, "FGW").id, REFUSE, actor=by)
    assert stories.open_nodes(case_id) == ["redo"]

    again = opened(county, "alone")
    task = part(county, again, "ZJJ")
    asking.add_after(task.id, {"units": ["FGW"], **WHY}, actor=leader(county))
    complete_task(task.id, REFUSE, actor=leader(county))
    assert (stories.open_nodes(again), part(county, again, "FGW").state) == (["redo"], "cancelled")


def test_in_a_vote_a_refusal_after_mine_turns_my_voice_and_no_other(county):
    case_id = opened(county, "three")
    task, by = part(county, case_id, "ZJJ"), county.actor("unit_liaison", "JGB")
    asking.add_after(task.id, {"units": ["JGB"], **WHY}, actor=leader(county))
    sign(county, case_id, "ZJJ")
    sign(county, case_id, "FGW")
    sign(county, case_id, "CZJ")
    assert stories.open_nodes(case_id) == ["sign"], "mine does not count before theirs"
    complete_task(part(county, case_id, "JGB").id, REFUSE, actor=by)
    assert stories.open_nodes(case_id) == ["sign"]
    sign(county, case_id, "SJG")

    assert stories.open_nodes(case_id) == ["after"]


def test_who_abstains_last_leaves_nothing_waiting_for_who_was_to_sign_after(county):
    case_id = opened(county, "everyone")
    task = part(county, case_id, "ZJJ")
    asking.add_after(task.id, {"units": ["JGB"], **WHY}, actor=leader(county))
    for unit in several.ALL[1:]:
        sign(county, case_id, unit)
    sign(county, case_id, "ZJJ", "o")

    assert stories.open_nodes(case_id) == ["after"]


def test_i_take_my_part_back_until_who_signs_after_me_has_signed(county):
    case_id = opened(county, "alone")
    task, by = part(county, case_id, "ZJJ"), county.actor("unit_liaison", "FGW")
    asking.add_after(task.id, {"units": ["FGW"], **WHY}, actor=leader(county))
    complete_task(task.id, AGREE, actor=leader(county))
    undoing.withdraw(case_id, UNDO, actor=leader(county))
    assert (part(county, case_id, "ZJJ").state, part(county, case_id, "FGW").state) == (
        "active", "waiting",
    )  # fmt: skip

    complete_task(task.id, AGREE, actor=leader(county))
    complete_task(part(county, case_id, "FGW").id, AGREE, actor=by)
    with pytest.raises(Stale):
        undoing.withdraw(case_id, UNDO, actor=leader(county))
    undoing.withdraw(case_id, UNDO, actor=by)
    assert (part(county, case_id, "ZJJ").state, part(county, case_id, "FGW").state) == (
        "done", "active",
    )  # fmt: skip


def test_whom_the_next_one_asked_first_is_let_go_when_i_take_my_turn_again(county):
    case_id, second = opened(county, "in_turn"), leader(county, "FGW")
    sign(county, case_id, "ZJJ")
    task, by = part(county, case_id, "FGW"), county.actor("unit_liaison", "FGW")
    asking.add_before(task.id, {"people": [by.login], **WHY}, actor=second)
    assert mine(by)

    undoing.withdraw(case_id, UNDO, actor=leader(county))
    assert (part(county, case_id, "FGW", kind="").state, mine(by)) == ("waiting", [])
    told = stories.acts(f"case:{case_id}", "signers.removed")[-1]
    assert (told["data"]["persons"], told["data"]["reason"]) == ([by.person_id], UNDO["reason"])
    sign(county, case_id, "ZJJ")
    assert mine(second) == [task.id]


def test_who_is_to_sign_after_the_next_one_still_is_when_i_take_my_turn_again(county):
    case_id, by = opened(county, "in_turn"), county.actor("unit_liaison", "JGB")
    sign(county, case_id, "ZJJ")
    task = part(county, case_id, "FGW")
    asking.add_after(task.id, {"units": ["JGB"], **WHY}, actor=leader(county, "FGW"))
    undoing.withdraw(case_id, UNDO, actor=leader(county))
    sign(county, case_id, "ZJJ")
    sign(county, case_id, "FGW")

    assert len(mine(by)) == 1


def test_who_takes_their_voice_back_asks_nobody_to_sign_after_anothers_refusal(county):
    case_id = opened(county, "three")
    task = part(county, case_id, "ZJJ")
    asking.add_after(task.id, {"units": ["JGB"], **WHY}, actor=leader(county))
    sign(county, case_id, "ZJJ", "-")
    sign(county, case_id, "FGW")

    undoing.withdraw(case_id, UNDO, actor=leader(county, "FGW"))
    assert (part(county, case_id, "FGW").state, part(county, case_id, "JGB").state) == (
        "active", "cancelled",
    )  # fmt: skip
    undoing.withdraw(case_id, UNDO, actor=leader(county))
    assert (part(county, case_id, "ZJJ").state, part(county, case_id, "JGB").state) == (
        "active", "waiting",
    )  # fmt: skip


def test_before_and_after_are_not_mixed(county):
    case_id = opened(county, "alone")
    task = part(county, case_id, "ZJJ")
    asking.add_after(task.id, {"units": ["FGW"], **WHY}, actor=leader(county))

    with pytest.raises(Invalid):
        asking.add_before(task.id, {"units": ["CZJ"], **WHY}, actor=leader(county))


def test_nobody_signs_after_what_has_its_effect_at_once(county, handler):
    case_id = opened(county, "with_effect")

    with pytest.raises(Invalid):
        asking.add_after(part(county, case_id, "ZJJ").id, {"units": ["FGW"], **WHY}, actor=handler)


def test_an_equal_signer_counts_like_the_others(county):
    case_id = opened(county, "everyone")
    task = part(county, case_id, "ZJJ")
    asking.add_beside(task.id, {"units": ["JGB"], **WHY}, actor=leader(county))
    for unit in several.ALL:
        sign(county, case_id, unit)
    assert stories.open_nodes(case_id) == ["sign"]
    by = county.actor("unit_liaison", "JGB")
    complete_task(part(county, case_id, "JGB").id, REFUSE, actor=by)

    assert stories.open_nodes(case_id) == ["redo"]


def test_nobody_signs_twice_however_the_parts_are_handed_on(county):
    case_id, head = opened(county, "everyone"), county.actor("unit_head", "ZJJ")
    own = part(county, case_id, "ZJJ")
    asking.add_beside(own.id, {"people": [head.login], **WHY}, actor=leader(county))
    added = part(county, case_id, "ZJJ", kind="added")
    handing.transfer(added.id, {"person": leader(county).login, **WHY}, actor=head)

    sign(county, case_id, "ZJJ")
    with pytest.raises(NotAllowed, match="signed this task already"):
        complete_task(added.id, AGREE, actor=leader(county))
    undoing.withdraw(case_id, UNDO, actor=leader(county))
    complete_task(added.id, AGREE, actor=leader(county))
    with pytest.raises(NotAllowed, match="signed this task already"):
        sign(county, case_id, "ZJJ")
    stand_in = deputise(county, head, leader(county))
    assert complete_task(own.id, AGREE, actor=stand_in)["case"] == case_id


def test_signers_who_have_not_acted_are_removed_and_the_rest_decides(county):
    case_id = opened(county, "everyone")
    task = part(county, case_id, "ZJJ")
    asking.add_beside(task.id, {"units": ["JGB", "ZGH"], **WHY}, actor=leader(county))
    for unit in several.ALL[1:]:
        sign(county, case_id, unit)
    asking.remove_signers(
        task.id, {"signers": [str(part(county, case_id, "JGB").id)], **WHY}, actor=leader(county)
    )
    assert (part(county, case_id, "JGB").state, stories.open_nodes(case_id)) == (
        "cancelled", ["sign"],
    )  # fmt: skip
    sign(county, case_id, "ZJJ")
    with pytest.raises(Invalid):
        asking.remove_signers(task.id, {"signers": ["all"], **WHY}, actor=leader(county))
    by = county.actor("unit_liaison", "ZGH")
    complete_task(part(county, case_id, "ZGH").id, AGREE, actor=by)

    assert stories.open_nodes(case_id) == ["after"]


def test_a_vote_that_is_won_without_those_removed_is_won(county):
    case_id = opened(county, "most")
    task = part(county, case_id, "ZJJ")
    asking.add_beside(task.id, {"units": ["JGB"], **WHY}, actor=leader(county))
    for unit in ("FGW", "CZJ", "SJG"):
        sign(county, case_id, unit)
    assert stories.open_nodes(case_id) == ["sign"], "three of six are not 60 %"
    asking.remove_signers(task.id, {"signers": ["all"], **WHY}, actor=leader(county))

    assert stories.open_nodes(case_id) == ["after"]
    assert states(county, case_id)["ZJJ"] == "cancelled"
    undoing.withdraw(case_id, UNDO, actor=leader(county, "SJG"))
    assert states(county, case_id)["SJG"] == "active"
    assert part(county, case_id, "JGB").state == "cancelled", "removed for good"

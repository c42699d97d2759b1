"""会签、依次、或签、票签: what several say together is what the diagram goes by."""

from __future__ import annotations

import pytest

from app.commands import undoing
from app.commands.completion import complete_task
from app.commands.supervising import waive_co
from app.errors import Invalid, NotAllowed, Stale
from tests import going_back, several, stories
from tests.several import ALL, leader, opened, part, sign, states

UNDO = {"reason": "填报有误，需要修改"}


def walk(county, case_id, words) -> None:
    """The units sign in order, each with its word, as long as somebody is still asked."""
    for unit, word in zip(ALL, words, strict=False):
        assert stories.open_nodes(case_id) == ["sign"], f"decided before {unit} signed"
        sign(county, case_id, unit, word)


@pytest.mark.parametrize(
    ("kind", "words", "after"),
    [
        ("anyone", "+", "after"),
        ("anyone", "-", "redo"),
        ("anyone", "o+", "after"),
        ("anyone", "ooooo", "redo"),
        ("everyone", "+++++", "after"),
        ("everyone", "++-", "redo"),
        ("everyone", "+o+++", "after"),
        ("everyone", "ooooo", "redo"),
        ("in_turn", "+++++", "after"),
        ("in_turn", "+-", "redo"),
        ("three", "+-+-+", "after"),
        ("three", "+++", "after"),
        ("three", "---", "redo"),
        ("three", "-o-", "redo"),
        ("most", "+++", "after"),
        ("most", "-oo", "redo"),
        ("weighed", "-", "redo"),
        ("weighed", "+++", "after"),
        ("weighed", "+o+", "after"),
        ("weighed", "+---", "redo"),
    ],
)
def test_the_case_goes_where_all_voices_together_send_it(county, kind, words, after):
    case_id = opened(county, kind)
    walk(county, case_id, words)

    assert stories.open_nodes(case_id) == [after]
    assert "active" not in states(county, case_id).values()
    facts = stories.acts(f"case:{case_id}", "task.completed")[-1]["data"]["facts"]
    assert facts["decision"] == {"after": "approve", "redo": "reject"}[after]


def test_only_whose_turn_it_is_signs_in_order(county):
    case_id = opened(county, "in_turn")
    assert list(states(county, case_id).values()) == ["active", *["waiting"] * 4]

    with pytest.raises(Stale):
        sign(county, case_id, "FGW")
    sign(county, case_id, "ZJJ")
    assert list(states(county, case_id).values()) == ["done", "active", *["waiting"] * 3]


def test_one_refusal_takes_it_from_the_others(county):
    case_id = opened(county, "everyone")
    sign(county, case_id, "CZJ", "-")

    assert states(county, case_id) == {**dict.fromkeys(ALL, "cancelled"), "CZJ": "done"}
    with pytest.raises(Stale):
        sign(county, case_id, "FGW")


@pytest.mark.parametrize("kind", ["no_vote", "read_in_turn"])
def test_without_a_vote_everybody_does_their_part(county, kind):
    case_id = opened(county, kind)
    for unit in ALL:
        assert stories.open_nodes(case_id) == ["sign"]
        mine = part(county, case_id, unit)
        complete_task(mine.id, going_back.READ, actor=leader(county, unit))

    assert set(states(county, case_id).values()) == {"done"}
    assert stories.open_nodes(case_id) != ["sign"]


def test_whom_the_office_waives_has_no_voice(county):
    case_id = opened(county, "three")
    for unit, word in zip(ALL, "++-", strict=False):
        sign(county, case_id, unit, word)
    office = county.post("supervising_office")
    waive_co(case_id, {"unit": "SJG", "reason": "该单位与此事无关"}, actor=office)
    assert stories.open_nodes(case_id) == ["sign"], "two more could still be three"

    waive_co(case_id, {"unit": "RSJ", "reason": "该单位与此事无关"}, actor=office)
    assert stories.open_nodes(case_id) == ["redo"]
    (act,) = stories.acts(f"case:{case_id}", "task.waived")[-1:]
    assert act["data"]["facts"]["decision"] == "reject"


def test_who_takes_back_their_voice_gives_everybody_theirs_again(county):
    case_id = opened(county, "everyone")
    sign(county, case_id, "ZJJ", "+")
    sign(county, case_id, "FGW", "-")
    assert stories.open_nodes(case_id) == ["redo"]

    undoing.withdraw(case_id, UNDO, actor=leader(county, "FGW"))
    assert stories.open_nodes(case_id) == ["sign"]
    assert list(states(county, case_id).values()) == ["done", *["active"] * 4]
    for unit in ALL[1:]:
        sign(county, case_id, unit)
    assert stories.open_nodes(case_id) == ["after"]


def test_a_voice_can_be_taken_back_while_the_vote_is_open(county):
    case_id = opened(county, "three")
    for unit, word in zip(ALL, "--", strict=False):
        sign(county, case_id, unit, word)
    undoing.withdraw(case_id, UNDO, actor=leader(county, "FGW"))
    assert states(county, case_id)["FGW"] == "active"

    for unit in ("FGW", "CZJ", "SJG"):
        sign(county, case_id, unit)
    assert stories.open_nodes(case_id) == ["after"]


def test_what_was_sent_back_is_signed_by_all_again(county):
    case_id = opened(county, "three")
    for unit in ALL[:3]:
        sign(county, case_id, unit)
    handler = county.actor("unit_handler", "ZJJ")
    undoing.send_back(case_id, {"task": "previous", "follow": "stepwise", **UNDO}, actor=handler)

    assert stories.open_nodes(case_id) == ["sign"]
    assert set(states(county, case_id).values()) == {"active"}


def test_more_voices_than_there_are_signers_stop_the_task_before(county):
    kind = several.signing("too_many", policy="vote", **{"pass": "6"})
    going_back.publish(kind)

    with pytest.raises(Invalid, match="6"):
        opened(county, "too_many")


def test_only_the_unit_asked_signs(county):
    case_id = opened(county, "everyone")

    with pytest.raises(NotAllowed):
        complete_task(part(county, case_id, "FGW").id, several.AGREE, actor=leader(county, "CZJ"))

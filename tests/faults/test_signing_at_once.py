"""Several sign, add, remove and recall at the same moment: each act counts once or not at all."""

from __future__ import annotations

from functools import partial

from app.commands import asking
from app.commands.completion import complete_task
from app.errors import Invalid, NotAllowed, Stale
from tests import several, stories
from tests.faults.harness import drills
from tests.faults.together import acts_of, require_agreement, require_whole, tally, together
from tests.several import AGREE, REFUSE, leader, opened, part

REFUSALS = Stale | Invalid | NotAllowed
WHY = {"reason": "请提出意见"}


def publish(kind: str) -> None:
    """Publish one of the processes of tests/several.py as an operator would."""
    drills.publish(kind, several.signing(kind, **several.SHAPES[kind]).diagram.xml)


def test_voices_given_at_once_decide_once(at_work, busy_county):
    publish("three")
    case_id = opened(busy_county, "three")
    words = dict(zip(several.ALL, (AGREE, AGREE, AGREE, REFUSE, REFUSE), strict=True))

    answers = together(
        at_work,
        *(
            partial(
                complete_task, part(busy_county, case_id, unit).id, said,
                actor=leader(busy_county, unit),
            )
            for unit, said in words.items()
        ),
    )  # fmt: skip

    done = [each for each in answers if isinstance(each, dict)]
    assert sum(each["decided"] for each in done) == 1, answers
    assert all(isinstance(each, REFUSALS) for each in answers if not isinstance(each, dict))
    assert stories.open_nodes(case_id) in (["after"], ["redo"])
    require_agreement(case_id)
    require_whole()


def test_of_recalling_and_filling_in_at_once_one_counts(at_work, busy_county):
    publish("alone")
    handler, liaison = (busy_county.actor(p, "ZJJ") for p in ("unit_handler", "unit_liaison"))
    for _turn in range(4):
        case_id = stories.start_case(
            busy_county, "alone", by=busy_county.post("supervising_office"), units=several.UNITS
        )
        task = part(busy_county, case_id, "ZJJ", "draft")
        asking.delegate(task.id, {"person": liaison.login}, actor=handler)
        helper = part(busy_county, case_id, "ZJJ", "draft", kind="delegated")

        answers = together(
            at_work,
            partial(asking.recall, task.id, {}, actor=handler),
            partial(complete_task, helper.id, {"handling": "read", "opinion": None}, actor=liaison),
            partial(asking.recall, task.id, {}, actor=handler),
        )

        assert tally(answers)["done"] == 1, answers
        assert acts_of(case_id, "task.recalled") + acts_of(case_id, "task.filled_in") == 1
        assert part(busy_county, case_id, "ZJJ", "draft", kind="").state == "active"
        require_agreement(case_id)
    require_whole()

"""A brief to the superiors from its draft to the leader's instruction (督办事项专报, TH-14)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.commands.clock import suspend
from app.commands.evaluation import start_brief
from app.commands.items import report_progress
from app.db import session
from app.errors import Invalid, NotAllowed
from app.model import Instruction
from tests import stories, supervision
from tests.stories import complete, open_nodes
from tests.supervision import APPROVE

SUBMIT = {"recipients": ["XZF"], "method": "electronic"}


def answers(scope: str = "all_open") -> dict:
    return {
        "title": "督办事项专报（第1期）",
        "scope": scope,
        "overview": "总体推进有序。",
        "details": "一件逾期。",
        "problems": "建议加强调度。",
        "recipients": ["FY"],
    }


@pytest.fixture
def items(tanghe):
    """Four items: overdue and special, suspended, on track with progress, struck off."""
    ids = [
        supervision.in_hand(tanghe, matter=matter, co=[], **more)
        for matter, more in (
            ("甲", {"special_major": True}),
            ("乙", {}),
            ("丙", {}),
            ("丁", {}),
        )
    ]
    office = tanghe.post("supervising_office")
    suspend(ids[1], {"reason": "等待上级批复"}, actor=office)
    report_progress(
        ids[2],
        {"text": "已完成整治七成。", "percent": 70},
        actor=tanghe.actor("unit_handler", "ZJJ"),
    )
    supervision.struck_off(tanghe, ids[3])
    return ids


def drafted(county, scope: str = "all_open", items: tuple[int, ...] = ()) -> int:
    office = county.post("supervising_office")
    case_id = start_brief(county.profile.key, items=items, actor=office)["case"]
    complete(case_id, "draft", answers(scope), by=office)
    return case_id


def test_the_draft_lists_the_open_items_with_their_lights(tanghe, items):
    stories.set_clock("2026-08-18 10:00")

    (paper,) = stories.papers(drafted(tanghe))

    assert [(row["matter"], row["light"]) for row in paper.content["items"]] == [
        ("甲", "red"),
        ("乙", "grey"),
        ("丙", "red"),
    ]
    assert paper.content["lights"] == [{"light": "grey", "count": 1}, {"light": "red", "count": 2}]
    assert [row["progress"] for row in paper.content["items"]] == [
        "尚未报告进展",
        "尚未报告进展",
        "70%：已完成整治七成。",
    ]


@pytest.mark.parametrize(
    ("scope", "found"), [("all_open", "甲乙丙"), ("special_major", "甲"), ("overdue", "甲乙丙")]
)
def test_the_scope_chooses_the_items(tanghe, items, scope, found):
    stories.set_clock("2026-08-18 10:00")

    (paper,) = stories.papers(drafted(tanghe, scope))

    assert "".join(row["matter"] for row in paper.content["items"]) == found


def test_named_items_are_reported_whatever_became_of_them(tanghe, items):
    (paper,) = stories.papers(drafted(tanghe, items=(items[3], items[2])))

    assert [(row["matter"], row["light"]) for row in paper.content["items"]] == [
        ("丙", "green"),
        ("丁", "green"),
    ]


def test_progress_that_lags_is_yellow(tanghe, items):
    stories.set_clock("2026-08-06 10:00")
    report_progress(
        items[0],
        {"text": "刚刚起步推进。", "percent": 20},
        actor=tanghe.actor("unit_handler", "ZJJ"),
    )

    (paper,) = stories.papers(drafted(tanghe, "special_major"))

    assert [row["light"] for row in paper.content["items"]] == ["yellow"]


def test_it_goes_up_and_comes_back_with_an_instruction(tanghe, items):
    case_id = drafted(tanghe)
    complete(case_id, "approve", APPROVE, by=tanghe.post("supervising_director"))
    complete(case_id, "submit", SUBMIT, by=tanghe.post("supervising_office"))

    (paper,) = stories.papers(case_id)
    assert (paper.number, set(stories.deliveries(paper.id))) == (
        "示专报〔2026〕1号",
        {(tanghe.unit(code), "cc_upward") for code in ("ZFW", "XW", "XZF", "FY")},
    )
    complete(
        case_id,
        "instruct",
        {
            "leader_post": "县委政法委书记",
            "kind": "affirm",
            "text": "措施得力。",
            "entry": "on_behalf",
        },
        by=tanghe.post("convener"),
    )
    (said,) = session().scalars(select(Instruction).where(Instruction.case_id == case_id))
    assert (said.leader_post, said.kind) == ("县委政法委书记", "affirm")
    assert stories.case(case_id).status == "closed"


def test_a_returned_draft_is_written_again(tanghe, items):
    case_id = drafted(tanghe)
    complete(
        case_id,
        "approve",
        {"decision": "return", "opinion": "突出重点"},
        by=tanghe.post("supervising_director"),
    )

    complete(case_id, "draft", answers("special_major"), by=tanghe.post("supervising_office"))

    (paper,) = stories.papers(case_id)
    assert (open_nodes(case_id), len(paper.content["items"])) == (["approve"], 1)


def test_a_brief_on_nothing_is_refused(tanghe):
    with pytest.raises(Invalid) as refusal:
        drafted(tanghe)

    assert set(refusal.value.fields) == {"scope"}


def test_only_the_office_of_a_county_that_knows_briefs_starts_one(tanghe, items):
    with pytest.raises(NotAllowed):
        start_brief("tanghe", actor=tanghe.actor("unit_head", "ZJJ"))
    other = stories.start_case(
        tanghe, "rectification", by=tanghe.post("supervising_office"), units={"lead": ["ZJJ"]}
    )
    with pytest.raises(Invalid, match="Only supervision items"):
        start_brief("tanghe", items=[items[0], other], actor=tanghe.post("supervising_office"))


def test_tongxu_knows_no_brief(tongxu):
    with pytest.raises(Invalid, match="knows no such brief"):
        start_brief("tongxu", actor=tongxu.post("supervising_office"))

"""An urgent report from the event to the convener's instruction (随时报告, TH-13b)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock
from app.commands.items import report_urgent
from app.db import session
from app.errors import Invalid, NotAllowed
from app.model import Instruction
from tests import stories, supervision
from tests.stories import complete, open_nodes, task

EVENT = {
    "event": "某小区发生群体性聚集。",
    "occurred_on": "2026-07-06",
    "impact": "涉及八十余户。",
    "actions": "已派员到场处置。",
    "support_needed": "请公安部门支援。",
}
INSTRUCTION = {
    "leader_post": "县委政法委书记",
    "kind": "act",
    "text": "立即处置，每日一报。",
    "addressees": ["ZJJ", "SJG"],
    "entry": "self",
}


@pytest.fixture
def case_id(tanghe):
    item = supervision.in_hand(tanghe, special_major=True)
    return report_urgent(item, EVENT, actor=tanghe.actor("unit_handler", "ZJJ"))["case"]


def test_office_and_convener_are_alerted_at_once_with_a_day_each(tanghe, case_id):
    assert open_nodes(case_id) == ["acknowledge", "instruct"]
    due = {clock.local_day(task(case_id, node).due_at).isoformat() for node in open_nodes(case_id)}
    assert due == {"2026-07-07"}
    assert task(case_id, "instruct").unit_id == tanghe.unit("ZFW")


def test_it_closes_when_both_have_answered(tanghe, case_id):
    complete(
        case_id,
        "acknowledge",
        {"handling": "follow_up", "opinion": "跟踪到底"},
        by=tanghe.post("supervising_office"),
    )
    assert stories.case(case_id).status == "open"

    complete(case_id, "instruct", INSTRUCTION, by=tanghe.post("convener"))

    assert stories.case(case_id).status == "closed"
    (said,) = session().scalars(select(Instruction).where(Instruction.case_id == case_id))
    assert (said.kind, said.text) == ("act", "立即处置，每日一报。")
    (act,) = stories.acts(f"case:{case_id}", "instruction.given")
    assert act["data"]["addressees"] == [tanghe.unit("ZJJ"), tanghe.unit("SJG")]
    assert act["data"]["entry"] == "self"


def test_the_report_is_a_paper_with_a_number_of_its_own(tanghe, case_id):
    (paper,) = stories.papers(case_id)
    assert (paper.number, paper.content["needs"]) == ("示随时报〔2026〕1号", "请公安部门支援。")
    assert "某小区发生群体性聚集" in paper.content["text"]


def test_an_instruction_to_act_names_who_acts(tanghe, case_id):
    with pytest.raises(Invalid) as refusal:
        complete(case_id, "instruct", INSTRUCTION | {"addressees": []}, by=tanghe.post("convener"))
    assert set(refusal.value.fields) == {"addressees"}
    with pytest.raises(NotAllowed):
        complete(case_id, "instruct", INSTRUCTION, by=tanghe.post("supervising_office"))


def test_what_lies_ahead_has_not_happened_yet(tanghe):
    item = supervision.in_hand(tanghe)

    with pytest.raises(Invalid) as refusal:
        report_urgent(
            item, EVENT | {"occurred_on": "2026-07-07"}, actor=tanghe.actor("unit_handler", "ZJJ")
        )

    assert set(refusal.value.fields) == {"occurred_on"}
    assert stories.children(item) == []

"""The collection: who of a round has answered, who is late, and the answers in one table."""

from __future__ import annotations

import pytest

from app.commands.notices import consolidate
from app.errors import Invalid, NotAllowed, NotFound
from app.queries import collection as queries
from tests import loop, stories
from tests.stories import complete

CHOSEN = {
    "scope": "chosen",
    "notices": [
        {"indicator": "I03", "units": ["WLX", "SJG"], "note": "行业规则缺失"},
        {"indicator": "I10"},
    ],
}


@pytest.fixture
def collected(tanghe):
    """Three notices: one answered and accepted, one delivered and late, one being drafted."""
    stories.set_clock("2026-07-10 10:00")
    opened = loop.round_with_notices(tanghe)
    loop.filed_opinion(tanghe, opened["notices"]["I10"], "ZJJ")
    complete(
        opened["notices"]["I10"],
        "review_opinion",
        {"decision": "accept"},
        by=tanghe.post("opinion_office"),
    )
    loop.signed_notice(tanghe, opened["notices"]["I06"], "RSJ")
    stories.set_clock("2026-08-03 09:00")
    return opened


def test_the_collection_says_who_answered_who_is_late_and_who_has_nothing_yet(tanghe, collected):
    found = queries.collection(tanghe.post("opinion_office"), collected["round"])

    assert [(row.indicator[:4], row.state, row.late) for row in found.rows] == [
        ("建设工程", "drafting", None),
        ("农民工劳", "signed", True),
        ("物业服务", "accepted", False),
    ]
    assert (found.answered, found.late) == (1, 1)
    assert found.counts == {"drafting": 1, "signed": 1, "accepted": 1}
    answered = found.rows[2]
    times = (
        answered.issued_at,
        answered.delivered_at,
        answered.signed_at,
        answered.replied_at,
        answered.accepted_at,
    )
    assert all(times)
    assert list(times) == sorted(times)
    assert (answered.number, answered.level) == ("示法风提〔2026〕1号", "high")


@pytest.mark.parametrize(
    ("node", "answers", "state"),
    [
        (None, None, "issued"),
        ("serve_notice", {"method": "electronic"}, "delivered"),
        ("sign_for", {"decision": "refuse", "reason": "不属于本单位职责"}, "refused"),
        ("handle_refusal", {"decision": "withdraw", "explanation": "确不属于"}, "withdrawn"),
    ],
)
def test_a_notice_on_its_way_is_where_its_papers_say(tanghe, collected, node, answers, state):
    case_id = loop.issued_notice(tanghe, collected["notices"]["I02"])
    way = [
        ("serve_notice", {"method": "electronic"}),
        ("sign_for", {"decision": "refuse", "reason": "不属于本单位职责"}),
    ]
    for step, given in way:
        if node is None or node == step:
            break
        complete(case_id, step, given, by=stories.performer(tanghe, case_id, step))
    if node:
        complete(case_id, node, answers, by=stories.performer(tanghe, case_id, node))

    found = queries.collection(tanghe.post("opinion_office"), collected["round"])

    assert found.rows[0].state == state


def test_an_opinion_to_be_supplemented_is_answered_but_not_accepted(tanghe, collected):
    case_id = collected["notices"]["I06"]
    complete(case_id, "work_opinion", loop.opinion(tanghe), by=tanghe.actor("unit_handler", "RSJ"))
    complete(case_id, "sign_opinion", loop.APPROVE, by=tanghe.actor("unit_leader", "RSJ"))
    complete(
        case_id,
        "review_opinion",
        {"decision": "supplement", "opinion": "不够具体"},
        by=tanghe.post("opinion_office"),
    )

    row = queries.collection(tanghe.post("opinion_office"), collected["round"]).rows[1]

    assert (row.state, row.late, row.accepted_at) == ("replied", True, None)


def test_a_unit_sees_its_own_notices_and_a_stranger_nothing(tanghe, collected):
    mine = queries.collection(tanghe.actor("unit_handler", "RSJ"), collected["round"])
    assert [row.unit for row in mine.rows] == ["县人力资源和社会保障局"]

    for round_id in (collected["round"], 10**6):
        with pytest.raises(NotFound):
            queries.collection(tanghe.stranger, round_id)


def test_the_answers_come_together_in_one_table(tanghe, collected):
    table = queries.consolidate(tanghe.post("opinion_office"), collected["round"])

    assert table.headings[:3] == ("文书编号", "指标", "单位")
    assert len(table.headings) == len(table.headings_en) == len(table.rows[0])
    assert [row[4:] for row in table.rows] == [
        ("制定服务标准", "物业科", "物业科科长", "2026-09-30"),
        ("开展收费专项检查", "执法大队", "执法大队队长", "2026-10-31"),
    ]
    for person in (tanghe.actor("npc_observer"), tanghe.actor("unit_handler", "ZJJ")):
        with pytest.raises(NotFound):
            queries.consolidate(person, collected["round"])


def test_the_table_becomes_a_numbered_paper_that_names_who_is_missing(tanghe, collected):
    made = consolidate("2026H1", actor=tanghe.post("opinion_office"))

    paper = stories.papers(made["case"], "consolidation")[0]
    assert (paper.id, paper.number, paper.state) == (
        made["document"],
        "示汇总〔2026〕1号",
        "issued",
    )
    assert paper.content["missing"] == [
        {
            "unit": "县人力资源和社会保障局",
            "notice": "示法风提〔2026〕2号",
            "due_on": "2026-07-31",
            "late": "是",
        }
    ]


def test_the_table_is_made_by_those_who_collect_once_there_is_something(tanghe):
    loop.round_with_notices(tanghe)

    with pytest.raises(NotAllowed):
        consolidate("2026H1", actor=tanghe.actor("npc_observer"))
    with pytest.raises(NotFound):
        consolidate("2026H1", actor=tanghe.stranger)
    with pytest.raises(Invalid, match="No notice"):
        consolidate("2026H1", actor=tanghe.post("opinion_office"))

"""The assessment round from its import to the notices it gives rise to, in both counties."""

from __future__ import annotations

from sqlalchemy import select

from app.db import session
from app.model import Grading, Round
from tests import loop, stories
from tests.stories import complete, open_nodes


def test_a_round_runs_from_import_to_notices(county):
    opened = loop.open_round(county)
    case_id = opened["case"]
    analyst = county.post("analysis_office")
    assert stories.case(case_id).number
    assert open_nodes(case_id) == ["import_readings"]

    stories.readings(county, opened["round"], loop.JULY)
    complete(case_id, "import_readings", {"complete": True}, by=analyst)
    complete(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    complete(case_id, "draft_report", loop.REPORT, by=analyst)
    complete(case_id, "approve_report", loop.APPROVE, by=county.post("issuing_leader"))
    complete(case_id, "submit_report", {"recipients": ["XW"], "method": "paper"}, by=analyst)
    last = complete(case_id, "issue_notices", {"scope": "all"}, by=county.post("drafting_office"))

    assert last["finished"]
    assert stories.case(case_id).status == "closed"
    wanted = {"tanghe": ["I02", "I06", "I10"], "tongxu": ["I02", "I06", "I10", "I11"]}
    by_id = {key: code for code, key in county.indicators.items()}
    notices = stories.children(case_id, "risk_notice")
    assert [by_id[each.indicator_id] for each in notices] == wanted[county.profile.key]
    assert {each.stage for each in notices} == {"warning"}


def test_a_wrong_grading_goes_back_to_the_import_and_is_graded_again(county):
    opened = loop.graded_round(county)
    case_id, analyst = opened["case"], county.post("analysis_office")
    complete(case_id, "review_grading", {"decision": "reimport", "opinion": "数据有误"}, by=analyst)
    assert open_nodes(case_id) == ["import_readings"]

    complete(case_id, "import_readings", {"complete": True}, by=analyst)

    rows = session().scalars(select(Grading).order_by(Grading.id)).all()
    first, second = rows[: len(loop.JULY)], rows[len(loop.JULY) :]
    assert [row.replaces_id for row in first] == [None] * len(loop.JULY)
    assert [row.replaces_id for row in second] == [row.id for row in first]


def test_a_returned_report_is_written_again_in_the_same_draft(county):
    opened = loop.graded_round(county)
    case_id, analyst = opened["case"], county.post("analysis_office")
    complete(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    complete(case_id, "draft_report", loop.REPORT | {"kind": "thematic_report"}, by=analyst)
    complete(
        case_id,
        "approve_report",
        {"decision": "return", "opinion": "请改为评估报告"},
        by=county.post("issuing_leader"),
    )

    complete(case_id, "draft_report", loop.REPORT, by=analyst)

    assert [(p.kind, p.state) for p in stories.papers(case_id)] == [("assessment_report", "draft")]


def test_the_round_remembers_when_it_was_evaluated(county):
    opened = loop.graded_round(county)

    assert session().get(Round, opened["round"]).evaluated_on.isoformat() == "2026-07-06"

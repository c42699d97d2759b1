"""Reports: written with the round's figures, approved as they are, sent to those they are for."""

from __future__ import annotations

import pytest

from app.errors import Invalid
from tests import loop, stories
from tests.stories import complete


def test_the_report_holds_the_figures_and_goes_to_the_profiles_recipients(tanghe):
    opened = loop.reported_round(tanghe)

    (report,) = stories.papers(opened["case"], "assessment_report")
    assert report.number == "示法评〔2026〕1号"
    assert report.issuer_unit_id == tanghe.unit("FY")
    assert [row["level"] for row in report.content["indicators"]] == [
        "high",
        "low",
        "high",
        "high",
        "medium",
    ]
    assert report.content["analyses"][0]["indicator"] == "物业服务合同纠纷风险指数"
    assert {
        code for code, key in tanghe.units.items() if (key, "main") in stories.deliveries(report.id)
    } == {"XW", "XZF", "ZFW"}


@pytest.fixture
def trial_report(tanghe):
    """A round whose report is about the court's own work, approved and ready to be sent."""
    opened = loop.graded_round(tanghe)
    case_id, analyst = opened["case"], tanghe.post("analysis_office")
    complete(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    complete(case_id, "draft_report", loop.REPORT | {"kind": "trial_report"}, by=analyst)
    complete(case_id, "approve_report", loop.APPROVE, by=tanghe.post("issuing_leader"))
    return case_id


def test_the_report_on_the_courts_own_work_stays_in_the_court(tanghe, trial_report):
    send = {"recipients": ["FY", "XW"], "method": "paper"}
    with pytest.raises(Invalid, match="县委") as refused:
        complete(trial_report, "submit_report", send, by=tanghe.post("analysis_office"))
    assert list(refused.value.fields) == ["recipients"]

    complete(
        trial_report,
        "submit_report",
        send | {"recipients": ["FY", "FY-BGS"]},
        by=tanghe.post("analysis_office"),
    )

    (report,) = stories.papers(trial_report)
    assert sorted(stories.deliveries(report.id)) == sorted(
        [
            (tanghe.unit("FY"), "main"),
            (tanghe.unit("FY-BGS"), "main"),
        ]
    )


def test_a_thematic_report_goes_only_to_those_named(tanghe):
    opened = loop.graded_round(tanghe)
    case_id, analyst = opened["case"], tanghe.post("analysis_office")
    complete(case_id, "review_grading", {"decision": "ok"}, by=analyst)
    complete(case_id, "draft_report", loop.REPORT | {"kind": "thematic_report"}, by=analyst)
    complete(case_id, "approve_report", loop.APPROVE, by=tanghe.post("issuing_leader"))

    complete(case_id, "submit_report", {"recipients": ["XZF"], "method": "paper"}, by=analyst)

    (report,) = stories.papers(case_id)
    assert list(stories.deliveries(report.id)) == [(tanghe.unit("XZF"), "main")]


def test_approval_is_journalled_with_the_hash_of_what_is_then_submitted(tanghe):
    opened = loop.reported_round(tanghe)

    stream = f"case:{opened['case']}"
    (approved,) = stories.acts(stream, "document.approved")
    (issued,) = stories.acts(stream, "document.issued")
    assert approved["data"]["sha256"] == issued["data"]["sha256"]
    assert approved["person"] == tanghe.post("issuing_leader").person_id

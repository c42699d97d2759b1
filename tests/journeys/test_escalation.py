"""From an overdue item to an interview: grounds, evidence, approval, record (TH-15a, TX-14b)."""

from __future__ import annotations

from datetime import date

import pytest

from app import clock
from app.commands.timers import fire_due
from app.db import session
from app.errors import Invalid, NotAllowed
from app.model import ProfileVersion
from app.rules import profiles
from tests import stories, supervision
from tests.people import deputise
from tests.stories import complete, open_nodes
from tests.supervision import APPROVE


@pytest.fixture
def case_id(county):
    """The escalation that an item opened by being a week overdue."""
    item = supervision.in_hand(county)
    stories.set_clock("2026-08-24 10:00")
    fire_due()
    return stories.children(item, "escalation")[0].id


def test_an_item_that_was_dealt_with_goes_no_further(county, case_id):
    last = complete(
        case_id, "verify", supervision.verified("resolved"), by=county.post("supervising_office")
    )

    assert (last["finished"], stories.case(case_id).outcome) == (True, "resolved")


def test_verifying_urges_the_unit_once_more(county, case_id):
    item = stories.case(case_id).parent_id
    before = stories.case(item).urge_count

    complete(case_id, "verify", supervision.verified(), by=county.post("supervising_office"))

    assert stories.case(item).urge_count == before + 1
    assert open_nodes(case_id) == ["bulletin"]


def test_verifying_by_telephone_sends_no_paper(county, case_id):
    item = stories.case(case_id).parent_id
    before = stories.case(item).urge_count

    complete(
        case_id,
        "verify",
        supervision.verified(method="phone"),
        by=county.post("supervising_office"),
    )

    assert stories.case(item).urge_count == before


def test_the_bulletin_names_facts_and_goes_to_the_unit_with_copies(county, case_id):
    supervision.bulletined(county, case_id)

    (paper,) = stories.papers(case_id, "bulletin")
    item = stories.case(stories.case(case_id).parent_id)
    assert paper.content["items"] == [
        {
            "number": item.number,
            "matter": supervision.MATTER,
            "unit": "县住房和城乡建设局",
            "due_day": "2026-08-17",
            "late_days": 5,
        }
    ]
    assert set(stories.deliveries(paper.id)) == {
        (county.unit("ZJJ"), "main"),
        (county.unit("XZF"), "cc"),
    }


@pytest.mark.parametrize(
    ("measure", "ground"),
    [
        ("interview", "duty_not_performed"),
        ("interview", "poor_work"),
        ("interview", "public_complaint"),
        ("listed_supervision", "not_implemented"),
        ("listed_supervision", "safety_hazard"),
    ],
)
def test_each_measure_has_its_grounds(tanghe, measure, ground):
    item = supervision.in_hand(tanghe)
    case_id = supervision.bulletined(tanghe, supervision.escalation(tanghe, item))

    complete(
        case_id,
        "propose",
        supervision.proposal(measure, ground),
        by=tanghe.post("supervising_director"),
    )

    assert stories.case(case_id).facts["ground"] == ground


def test_a_ground_of_the_other_measure_or_no_evidence_is_refused(county, case_id):
    supervision.bulletined(county, case_id)
    director = county.post("supervising_director")
    for answers, field in (
        (supervision.proposal("interview", "not_implemented"), "ground"),
        (supervision.proposal("listed_supervision", "poor_work"), "ground"),
        (supervision.proposal() | {"evidence": "无"}, "evidence"),
        (supervision.proposal() | {"evidence": None}, "evidence"),
    ):
        with pytest.raises(Invalid) as refusal:
            complete(case_id, "propose", answers, by=director)
        assert set(refusal.value.fields) == {field}


def test_a_ground_the_county_does_not_know_is_refused(tanghe):
    data = profiles.available()["tanghe"]
    poorer = ProfileVersion(
        key="tanghe",
        version=2,
        sha256="2" * 64,
        at=clock.now(),
        data=data | {"interview_grounds": data["interview_grounds"][1:]},
    )
    session().add(poorer)
    session().commit()
    tanghe.profile_id = poorer.id
    case_id = supervision.bulletined(
        tanghe, supervision.escalation(tanghe, supervision.in_hand(tanghe))
    )

    with pytest.raises(Invalid, match="knows no such ground"):
        complete(case_id, "propose", supervision.proposal(), by=tanghe.post("supervising_director"))


def test_the_convener_returns_a_proposal_that_does_not_convince(tanghe):
    case_id = supervision.proposed(tanghe, supervision.in_hand(tanghe))

    complete(
        case_id,
        "approve_measure",
        {"decision": "return", "opinion": "证据不足"},
        by=tanghe.post("convener"),
    )

    assert open_nodes(case_id) == ["propose"]
    assert stories.case(case_id).outcome == ""


def test_whoever_proposed_cannot_approve(tanghe):
    case_id = supervision.bulletined(
        tanghe, supervision.escalation(tanghe, supervision.in_hand(tanghe))
    )
    director = deputise(tanghe, tanghe.post("supervising_director"), tanghe.post("convener"))
    complete(case_id, "propose", supervision.proposal(), by=director)

    with pytest.raises(NotAllowed, match="Whoever proposed"):
        complete(case_id, "approve_measure", APPROVE, by=director)


def test_no_measure_ends_it(tanghe):
    case_id = supervision.proposed(tanghe, supervision.in_hand(tanghe), "none", None)

    last = complete(case_id, "approve_measure", APPROVE, by=tanghe.post("convener"))

    assert (last["finished"], stories.case(case_id).outcome) == (True, "none")
    assert supervision.record_of(tanghe, "ZJJ") == []


def test_an_interview_runs_to_its_record_and_orders_rectification(tanghe):
    case_id = supervision.interviewed(tanghe, supervision.in_hand(tanghe))

    case = stories.case(case_id)
    assert (case.outcome, open_nodes(case_id)) == ("interview", ["record"])
    assert [p.kind for p in stories.papers(case_id)] == [
        "bulletin",
        "interview_notice",
        "interview_record",
    ]
    notice, record = stories.papers(case_id)[1:]
    assert notice.content["grounds"] == "未履行社会治理相关职责"
    assert notice.content["person"] == "主要负责人"
    assert record.content["rectify_by"] == "2026-09-14"
    assert supervision.record_of(tanghe, "ZJJ") == ["interview"]
    (child,) = stories.children(case_id, "rectification")
    assert (child.due_day, open_nodes(child.id)) == (date(2026, 9, 14), ["plan"])

    complete(
        case_id,
        "record",
        {"text": "已约谈，责令整改。", "basis": "管理办法第十五条"},
        by=tanghe.post("supervising_office"),
    )
    assert stories.case(case_id).status == "closed"
    assert supervision.record_of(tanghe, "ZJJ") == ["interview", "note"]


def test_the_record_is_signed_by_the_unit_and_nobody_else(tanghe):
    case_id = supervision.approved(tanghe, supervision.in_hand(tanghe))
    office = tanghe.post("supervising_office")
    complete(case_id, "notify", supervision.CALL, by=office)
    complete(case_id, "hold", supervision.TALK, by=office)

    with pytest.raises(NotAllowed):
        complete(case_id, "sign_record", supervision.SIGNED, by=office)
    with pytest.raises(Invalid):
        complete(
            case_id,
            "sign_record",
            supervision.SIGNED | {"confirmed": False},
            by=tanghe.actor("unit_leader", "ZJJ"),
        )
    assert supervision.record_of(tanghe, "ZJJ") == []

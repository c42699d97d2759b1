"""Mechanism profiles: every row of domain.md table 1.3, and all that the diagrams ask for."""

from __future__ import annotations

import json
import re
from datetime import date, time

import pytest

from app.documents import KINDS
from app.errors import Invalid
from app.rules.profiles import POSTS, STAGES, Post, load, parse, read
from app.rules.profiles.reading import SHIPPED

BPMN = SHIPPED.parents[1] / "bpmn"
TANGHE = load("tanghe")
TONGXU = load("tongxu")
BOTH = pytest.mark.parametrize("profile", [TANGHE, TONGXU], ids=["tanghe", "tongxu"])


@pytest.mark.parametrize(
    ("setting", "tongxu", "tanghe"),
    [
        ("trigger_levels", ("medium", "high"), ("high",)),  # TX-07a, TH-07b
        ("notice_type.name", "司法建议书", "风险提示函"),
        ("notice_type.key", "judicial_suggestion", "risk_notice"),
        ("suggestion_allowed", True, True),
        ("notice_approval", False, True),
        ("copy_upward.by", "notice", "report"),  # TX-07b 抄报; TH-07a
        ("opinion_addressee", ("FY-SGB", "FY-PZB"), ("PAB",)),  # TX-08, TH-08b
        ("supervising_office", "FY-PZB", "PAB"),
        ("meeting.kind", "special_meeting", "joint_meeting"),  # TX-09, TH-09
        ("meeting.half_yearly", False, True),
        ("meeting.convener_required", False, True),
        ("dispatch_document.name", "督办通知", "督办事项通知书"),  # TX-11, TH-12a
        ("urgent_report", False, True),  # TH-13b
        ("basis.effective", None, date(2022, 3, 1)),  # TX-16, TH-21
        ("interpreting_unit", "FY-BGS", "PAB"),
        ("grading.decision", "grading_tongxu", "grading_tanghe"),
    ],
)
def test_where_the_two_counties_differ(setting, tongxu, tanghe):
    def value(profile):
        for name in setting.split("."):
            profile = getattr(profile, name)
        return profile

    assert (value(TONGXU), value(TANGHE)) == (tongxu, tanghe)


def test_reports_to_the_superiors():
    assert TANGHE.superior_report.name == "督办事项专报"  # TH-14
    assert TONGXU.superior_report is None
    assert [recipient.unit for recipient in TANGHE.report_recipients] == ["XW", "XZF", "ZFW"]
    assert [recipient.unit for recipient in TONGXU.report_recipients] == ["XW", "XZF", "ZFW"]
    assert TANGHE.brief_recipients[0].role == "convener"


def test_only_one_county_copies_every_notice_upward():
    assert [recipient.title for recipient in TONGXU.notice_copies] == ["县平安建设工作领导小组"]
    assert TANGHE.notice_copies == ()


def test_grounds_for_interview_and_listing():
    assert [ground.source for ground in TANGHE.interview_grounds] == ["TH-15a"] * 3
    assert [ground.source for ground in TANGHE.listing_grounds] == ["TH-15b"] * 2
    assert not any(ground.sample for ground in TANGHE.interview_grounds + TANGHE.listing_grounds)
    assert all(ground.sample for ground in TONGXU.interview_grounds + TONGXU.listing_grounds)


def test_when_rounds_are_evaluated_and_published():
    assert [(each.month, each.covers) for each in TANGHE.evaluation_months] == [
        (7, "half_year"),  # TH-16a
        (2, "annual"),  # TH-16b
    ]
    assert TONGXU.evaluation_months == ()
    assert (TANGHE.publication.month, TANGHE.publication.seminar) == (2, True)  # TH-17
    assert TONGXU.publication is None


def test_assessment_schemes_and_their_deductions():
    assert [scheme.name for scheme in TANGHE.assessment_schemes] == ["平安建设考核"]
    assert [scheme.name for scheme in TONGXU.assessment_schemes] == ["绩效考核", "平安建设考核"]
    for profile in (TANGHE, TONGXU):
        assert [ground.when for ground in profile.deduction_grounds] == ["late", "ineffective"]
        assert all(set(g.points.values()) == {None} for g in profile.deduction_grounds)
        assert all(
            list(ground.schemes) == [scheme.key for scheme in profile.assessment_schemes]
            for ground in profile.deduction_grounds
        )


def test_the_agenda_of_the_joint_meeting_has_the_four_sections_of_th_10():
    sections = TANGHE.meeting.agenda

    assert [section.source for section in sections] == [f"TH-10({n})" for n in range(1, 5)]
    assert all(section.required for section in sections)


def test_domains():
    assert len(TONGXU.domains) == 7  # TX-02
    names = [domain.name for domain in TANGHE.domains]
    assert {"审判工作现代化建设", "审判质量监督建设"} <= set(names)  # TH-02


@BOTH
def test_every_post_and_stage_is_there(profile):
    assert set(POSTS) <= set(profile.posts)
    assert tuple(stage.key for stage in profile.stages) == STAGES


@BOTH
def test_day_counts_are_samples_and_carry_the_local_working_day(profile):
    rules = [deadline.rule for deadline in profile.deadlines.values()]

    assert all(rule.sample for rule in rules)
    assert {rule.end_of_day for rule in rules} == {time(23, 59, 59)}
    assert all(rule.name == name for name, rule in zip(profile.deadlines, rules, strict=True))
    assert (profile.deadline("sign_for").count, profile.deadline("item").count) == (2, 30)
    assert (profile.deadline("work_opinion").count, profile.deadline("rectification").count) == (
        15,
        15,
    )


def test_a_deadline_may_be_written_out_in_the_diagram():
    data = read(SHIPPED / "tanghe.json")
    data["clock"] = {"end_of_day": "17:30", "cut_off": "17:00"}

    rule = parse(data).deadline("5wd")

    assert (rule.count, rule.unit, rule.end_of_day, rule.cut_off) == (
        5,
        "workday",
        time(17, 30),
        time(17),
    )
    with pytest.raises(Invalid):
        TANGHE.deadline("soon")


def test_ladders():
    assert [step.kind for step in TANGHE.ladder("").steps] == ["remind", "remind", "due"]
    assert TANGHE.ladder("standard").steps[-1].kind == "escalate"
    with pytest.raises(Invalid, match="no ladder rope"):
        TANGHE.ladder("rope")


def test_posts():
    assert TANGHE.post("convener") == Post("ZFW", "convener")
    with pytest.raises(Invalid, match="no post king"):
        TANGHE.post("king")


def test_numbers():
    assert TANGHE.case_number("supervision_item", year=2026, n=1) == "示平安督〔2026〕1号"
    assert TANGHE.case_number("joint_meeting", year=2026, n=2) == "联席〔2026〕2号"
    notice = TANGHE.document_number("risk_notice", year=2026, n=3, case="示风险〔2026〕9号")
    assert notice == "示法风提〔2026〕3号"
    assert TANGHE.counts("risk_notice")
    assert not TANGHE.counts("supervision_notice")
    same = TANGHE.document_number("supervision_notice", year=2026, n=0, case="示平安督〔2026〕1号")
    assert same == "示平安督〔2026〕1号"


def test_no_two_counters_make_the_same_number():
    templates = [
        template
        for profile in (TANGHE, TONGXU)
        for part in (profile.numbers.cases, profile.numbers.documents)
        for template in part.values()
        if template != "{case}"
    ]

    assert len(templates) == len(set(templates))


def test_extensions_go_to_a_leader_when_long_or_repeated():
    rules = TANGHE.extension

    assert not rules.needs_leader(workdays=20, time=1)
    assert rules.needs_leader(workdays=21, time=1)
    assert rules.needs_leader(workdays=1, time=2)


@BOTH
def test_facts_for_diagrams_are_plain_data(profile):
    facts = profile.facts()

    assert json.loads(json.dumps(facts)) == facts
    assert facts["notice_approval"] is profile.notice_approval


@BOTH
def test_every_deadline_and_ladder_the_diagrams_name_is_there(profile):
    diagrams = [file.read_text(encoding="utf-8") for file in BPMN.glob("*.bpmn")]

    limits = {name for text in diagrams for name in re.findall(r'wv:deadline="([^"]+)"', text)}
    ladders = {name for text in diagrams for name in re.findall(r'wv:ladder="([^"]+)"', text)}

    assert limits
    assert {name for name in limits if not profile.deadline(name)} == set()
    assert ladders <= set(profile.ladders)


@BOTH
def test_every_kind_of_document_has_a_number(profile):
    series = {kind.series for kind in KINDS.values() if kind.series}

    assert series <= set(profile.numbers.documents)

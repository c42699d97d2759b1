"""The forms that come with the system: sound, in two languages, asking what the domain says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app import forms
from app.errors import Invalid
from app.rules import profiles

HAN = re.compile(r"[\u4e00-\u9fff]")
AVOIDED = ("重点人", "黑名单", "打卡", "排名")
FORMS = forms.all_forms()
PROFILES = [profiles.load(key) for key in profiles.available()]
MEASURE = {
    "text": "排查",
    "owner_person": "分管副局长",
    "owner_dept": "物业科",
    "due": "2026-08-31",
}
OPINION = {
    "problems": [{"text": "合同文本不规范"}],
    "gaps": [{"text": "未建立备案核查"}],
    "weak_links": [{"text": "基层调解力量不足"}],
    "measures": [MEASURE],
}


def words(form: forms.Form) -> Iterator[forms.Words]:
    yield form.title
    yield form.intro
    for asked in form.fields:
        for field in (asked, *asked.columns):
            yield field.label
            yield field.help
            yield from (option.label for option in field.options)


def offered(table: forms.Field | None, column: str) -> set[str]:
    asked = table.column(column) if table else None
    return {option.value for option in asked.options} if asked else set()


def refused(key: str, answers: dict[str, Any]) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        forms.checked(FORMS[key], answers, context=forms.Context())
    return set(refusal.value.fields)


def test_there_are_forms_for_the_whole_loop():
    assert len(FORMS) >= 45


@pytest.mark.parametrize("key", FORMS)
def test_a_form_speaks_chinese_and_english(key):
    for said in words(FORMS[key]):
        assert bool(said.zh) == bool(said.en)
        assert not HAN.search(said.en)
        assert HAN.search(said.zh) or not said.zh
        assert not [word for word in AVOIDED if word in said.zh]


@pytest.mark.parametrize("key", FORMS)
def test_no_two_options_read_the_same(key):
    for asked in FORMS[key].fields:
        for field in (asked, *asked.columns):
            labels = [option.label for option in field.options]
            assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("missing", ["problems", "gaps", "weak_links", "measures"])
def test_a_work_opinion_names_problems_gaps_weak_links_and_measures(missing):
    """TX-08b, TH-08a."""
    assert refused("work_opinion", OPINION | {missing: []}) == {missing}


@pytest.mark.parametrize("missing", sorted(MEASURE))
def test_every_measure_has_a_person_a_department_and_a_date(missing):
    """TX-08b."""
    measure = {name: value for name, value in MEASURE.items() if name != missing}

    assert refused("work_opinion", OPINION | {"measures": [measure]}) == {f"measures.0.{missing}"}


def test_adoption_in_part_is_explained():
    """ZJ-09."""
    assert refused("work_opinion", OPINION | {"adoption": "partial"}) == {"adoption_reason"}
    taken = forms.checked(
        FORMS["work_opinion"], OPINION | {"adoption": "adopt"}, context=forms.Context()
    )
    assert taken["adoption"] == "adopt"


def test_minutes_have_the_sections_every_mechanism_asks_for():
    """TH-10, TX-09b; the forecast (TH-10(4)) is asked for where the mechanism has it."""
    assert {"basics", "analysis", "measures"} <= refused("meeting_minutes", {})


GROUNDS = {
    "interview": ("duty_not_performed", "poor_work", "public_complaint"),
    "listed_supervision": ("not_implemented", "safety_hazard"),
}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_the_forms_offer_what_the_profiles_know(profile):
    """TH-15a, TH-15b, TX-13b, TH-18b: one name for each ground and scheme."""
    grounds = {
        "interview": tuple(ground.key for ground in profile.interview_grounds),
        "listed_supervision": tuple(ground.key for ground in profile.listing_grounds),
    }
    assert grounds == GROUNDS
    for key, table in (("deduction_proposal", "deductions"), ("deduction_decision", "decisions")):
        rows = FORMS[key].field(table)
        assert offered(rows, "ground") == {ground.key for ground in profile.deduction_grounds}
        assert offered(rows, "scheme") >= {scheme.key for scheme in profile.assessment_schemes}


@pytest.mark.parametrize("measure", GROUNDS)
def test_each_measure_has_exactly_its_own_grounds_and_needs_evidence(measure):
    """TH-15a, TH-15b."""
    form = FORMS["measure_proposal"]
    every = [ground for grounds in GROUNDS.values() for ground in grounds]
    evidence = "督办事项超期三十个工作日，未报告办理结果。"

    for ground in every:
        answers = {"measure": measure, "ground": ground, "evidence": evidence}
        if ground in GROUNDS[measure]:
            assert forms.facts(form, forms.checked(form, answers, context=forms.Context())) == {
                "measure": measure
            }
        else:
            assert refused("measure_proposal", answers) == {"ground"}
    ground = GROUNDS[measure][0]
    assert refused("measure_proposal", {"measure": measure, "ground": ground, "evidence": "见附件"})
    assert refused("measure_proposal", {"measure": measure, "evidence": evidence}) == {"ground"}


@pytest.mark.parametrize(
    ("key", "answers", "missing"),
    [
        ("approval", {"decision": "return"}, "opinion"),
        ("sign_for", {"decision": "refuse"}, "reason"),
        ("completion_review", {"decision": "redo"}, "opinion"),
        ("extension_decision", {"decision": "grant"}, "granted_date"),
        ("extension_decision", {"decision": "refuse"}, "opinion"),
        ("notice_plan", {"scope": "chosen"}, "notices"),
        ("notice_plan", {"scope": "chosen", "notices": []}, "notices"),
        ("instruction", {"leader_post": "县委书记", "kind": "act", "entry": "self"}, "text"),
    ],
)
def test_a_decision_against_somebody_gives_its_reasons(key, answers, missing):
    assert missing in refused(key, answers)


def test_agreeing_needs_no_reasons():
    taken = forms.checked(FORMS["approval"], {"decision": "approve"}, context=forms.Context())

    assert taken == {"decision": "approve", "opinion": None}

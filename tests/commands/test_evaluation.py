"""Deductions: proposed from facts, answered by the unit, decided by a person (TX-13b, TH-18b)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.effects.deductions import deductions_of
from app.errors import Invalid, NotAllowed
from tests import loop, stories, supervision
from tests.evaluating import (
    against,
    begun,
    close_year,
    decided,
    decisions,
    observed,
    proposed,
    started,
    stated,
)
from tests.people import deputise
from tests.stories import complete, open_nodes


def test_deductions_follow_the_grounds_of_the_mechanism(county):
    case_id = proposed(county, started(county))

    schemes = [scheme.key for scheme in county.profile.assessment_schemes]
    assert against(county, case_id) == {
        row
        for scheme in schemes
        for row in (
            ("物业", "ZJJ", "no_effect", scheme),
            ("建设", "ZJJ", "late_reply", scheme),
        )
    }
    assert {each.points for each in deductions_of(case_id)} == {None}
    late = next(d for d in deductions_of(case_id) if d.ground == "late_reply")
    assert late.basis.endswith("应于2026-08-17前反馈，至今未反馈。")
    assert open_nodes(case_id) == ["state_case"]


def test_a_late_co_handler_answers_for_itself(tanghe):
    loop.graded_round(tanghe)
    item = supervision.signed(tanghe, supervision.dispatched(tanghe))
    stories.set_clock("2026-07-22 10:00")
    supervision.struck_off(tanghe, supervision.co_answered(tanghe, item, "SJG"))
    stories.set_clock("2027-02-01 09:00")
    close_year(tanghe)

    case_id = proposed(tanghe, begun(tanghe))

    late = next(d for d in deductions_of(case_id) if d.ground == "late_reply")
    assert (late.unit_id, late.role) == (tanghe.unit("SJG"), "co")
    assert late.basis.endswith("应于2026-07-20前反馈，实际于2026-07-22反馈。")


def test_a_lead_that_never_got_to_work_is_late_by_the_items_own_day(tanghe):
    loop.graded_round(tanghe)
    supervision.dispatched(tanghe, supervision.open_item(tanghe, indicator="I06"))
    stories.set_clock("2027-02-01 09:00")
    close_year(tanghe)

    case_id = proposed(tanghe, begun(tanghe))

    (late,) = deductions_of(case_id)
    assert (late.unit_id, late.role, late.ground) == (tanghe.unit("ZJJ"), "lead", "late_reply")


def test_what_people_add_or_word_otherwise_is_proposed_too(tanghe):
    case_id = started(tanghe)
    number = "示平安督〔2026〕2号"
    row = {"item": number, "scheme": "safe_county", "ground": "late_reply", "basis": "核查属实"}

    proposed(tanghe, case_id, row | {"unit": "ZJJ", "points": "1.5"}, row | {"unit": "CZJ"})

    found = {d.unit_id: d for d in deductions_of(case_id) if d.ground == "late_reply"}
    assert (found[tanghe.unit("ZJJ")].points, found[tanghe.unit("ZJJ")].basis) == (
        Decimal("1.5"),
        "核查属实",
    )
    assert found[tanghe.unit("CZJ")].role == "co"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item": "示平安督〔2026〕9号"}, "item"),
        ({"unit": "RSJ"}, "unit"),
        ({"scheme": "performance"}, "ground"),
    ],
)
def test_an_added_deduction_names_an_item_a_unit_and_a_ground_there_are(tanghe, change, field):
    row = {
        "item": "示平安督〔2026〕1号",
        "unit": "ZJJ",
        "scheme": "safe_county",
        "ground": "late_reply",
        "basis": "核查属实",
    }

    with pytest.raises(Invalid) as refusal:
        proposed(tanghe, started(tanghe), row | change)

    assert set(refusal.value.fields) == {f"deductions.0.{field}"}


def test_the_unit_states_its_case_before_anybody_decides(tanghe):
    case_id = stated(tanghe, proposed(tanghe, started(tanghe)), ZJJ="项目停工系汛情所致。")

    assert {d.statement for d in deductions_of(case_id)} == {"项目停工系汛情所致。"}
    assert {d.state for d in deductions_of(case_id)} == {"proposed"}
    assert open_nodes(case_id) == ["confirm_deductions"]


def test_a_person_confirms_changes_or_drops_each(tanghe):
    case_id = stated(tanghe, proposed(tanghe, started(tanghe)))
    answers = decisions(tanghe, case_id)
    first, second = answers["decisions"]
    first |= {"verdict": "change", "points": "0.5", "reason": "首次从轻"}
    second |= {"verdict": "drop", "reason": "申辩成立"}

    complete(case_id, "confirm_deductions", answers, by=tanghe.post("supervising_director"))

    assert [(d.state, d.points) for d in deductions_of(case_id)] == [
        ("confirmed", Decimal("0.5")),
        ("dropped", None),
    ]
    acts = [a["data"] for a in stories.acts(f"case:{case_id}", "deduction.decided")]
    assert [(a["before"], a["after"]) for a in acts] == [
        ({"decision": "proposed", "points": None}, {"decision": "confirmed", "points": "0.5"}),
        ({"decision": "proposed", "points": None}, {"decision": "dropped", "points": None}),
    ]


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (lambda rows: rows.pop(), "decisions"),
        (lambda rows: rows.append(rows[0]), "decisions.2.item"),
        (lambda rows: rows[0].update(verdict="change", reason="从轻"), "decisions.0.points"),
        (lambda rows: rows[1].update(verdict="drop"), "decisions.1.reason"),
    ],
)
def test_every_deduction_is_decided_once_and_with_a_reason(tanghe, spoil, field):
    case_id = stated(tanghe, proposed(tanghe, started(tanghe)))
    answers = decisions(tanghe, case_id)
    spoil(answers["decisions"])

    with pytest.raises(Invalid) as refusal:
        complete(case_id, "confirm_deductions", answers, by=tanghe.post("supervising_director"))

    assert set(refusal.value.fields) == {field}
    assert {d.state for d in deductions_of(case_id)} == {"proposed"}


def test_whoever_proposed_does_not_decide(tanghe):
    case_id = observed(tanghe, started(tanghe))
    director = tanghe.post("supervising_director")
    clerk = deputise(tanghe, tanghe.post("assessing_office"), director)
    complete(case_id, "propose_deductions", {"deductions": []}, by=clerk)
    stated(tanghe, case_id)

    with pytest.raises(NotAllowed, match="Whoever proposed"):
        complete(case_id, "confirm_deductions", decisions(tanghe, case_id), by=clerk)


def test_without_anything_against_anybody_nobody_has_to_answer(tanghe):
    loop.graded_round(tanghe)
    stories.set_clock("2027-02-01 09:00")
    close_year(tanghe)

    case_id = proposed(tanghe, begun(tanghe))

    assert (open_nodes(case_id), deductions_of(case_id)) == (["bulletin"], [])


def test_what_was_confirmed_once_is_not_proposed_again(tanghe):
    decided(tanghe, stated(tanghe, proposed(tanghe, started(tanghe))))

    again = proposed(tanghe, begun(tanghe))

    assert deductions_of(again) == []

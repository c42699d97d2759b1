"""The annual evaluation: last year's risks before and after, then the bulletin (TH-16b)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select

from app.db import session
from app.effects import deductions, levels, papers
from app.effects.notes import note
from app.effects.registry import Completed, always, effect, unless_approved
from app.errors import Invalid
from app.i18n import _
from app.model import Grading, Indicator, Measure, Outcome, Reading, Round
from app.rules import outcomes

KIND: Final = "annual_evaluation"
LEVELS: Final = {"high": "高", "medium": "中", "low": "低"}


class Found(NamedTuple):
    """What one round found for an indicator: the level it has now and the value behind it."""

    round: Round
    grading: Grading
    value: Decimal


@effect("compute_outcomes")
def compute_outcomes(step: Completed) -> None:
    """Put every risk of the base year beside what the closing round found."""
    base, closing = _round(step, "base_round"), _round(step, "closing_round")
    if base.id == closing.id or closing.ends_on < base.ends_on:
        text = _("The closing round must come after the base round.")
        raise Invalid(text, fields={"closing_round": text})
    watched = step.profile.trigger_levels
    before = _at_risk(base, closing, watched, leave_out=_excluded(step))
    after = _found(closing)
    indicators = _indicators(before)
    _require_all_measured(indicators, after)

    session().execute(delete(Outcome).where(Outcome.case_id == step.case.id))
    rows = [_outcome(step, indicators[key], before[key], after[key]) for key in sorted(before)]
    session().add_all(rows)
    step.case.round_id = closing.id
    step.case.facts = {**step.case.facts, "base_round": base.id, "year": base.ends_on.year}
    note(
        step,
        "outcomes.computed",
        {
            "base": base.code,
            "closing": closing.code,
            "excluded": step.answers["excluded"],
            "outcomes": [
                {
                    "indicator": row.indicator_id,
                    "before": [row.before_level, row.before_value],
                    "after": [row.after_level, row.after_value],
                    "outcome": row.outcome,
                    "measures": [m.id for m in measures_for(row.indicator_id, base)],
                }
                for row in rows
            ],
        },
    )


@effect("record_outcomes")
def record_outcomes(step: Completed) -> None:
    """People look at every outcome; what they see otherwise is kept beside what was computed."""
    found = {row.indicator_id: row for row in outcomes_of(step.case.id)}
    rows = step.answers["observations"]
    by_code = levels.indicators_by_code(row["indicator"] for row in rows)
    changed = []
    for position, row in enumerate(rows):
        outcome = found.get(by_code[row["indicator"]].id)
        if outcome is None:
            text = _("This indicator is not part of the evaluation.")
            raise Invalid(text, fields={f"observations.{position}.indicator": text})
        if outcome.outcome != row["outcome"]:
            changed.append(
                {
                    "indicator": outcome.indicator_id,
                    "before": outcome.outcome,
                    "after": row["outcome"],
                    "reason": row["note"],
                }
            )
        outcome.outcome, outcome.note = row["outcome"], row["note"] or ""
    step.case.facts = {**step.case.facts, "conclusion": step.answers["conclusion"]}
    note(step, "outcomes.recorded", {"changed": changed, "text": step.answers["conclusion"]})
    draft_evaluation(step)


@effect("draft_assessment_bulletin", undoable=always)
def draft_assessment_bulletin(step: Completed) -> None:
    """Draft the bulletin with the deductions that were confirmed, and no ranking (TX-13a)."""
    answers = step.answers
    papers.draft(
        step.loaded,
        "assessment_bulletin",
        title=answers["title"],
        content={
            "basis": answers["basis"],
            "summary": answers["summary"],
            "practices": answers["practice"],
            "problems": answers["problems"],
            "deductions": deductions.rows(step.case.id, step.profile, "confirmed"),
            "requirements": answers["requirements"],
        },
    )
    step.case.facts = {**step.case.facts, "recipients": answers["recipients"]}
    draft_evaluation(step)


@effect("issue_assessment_bulletin", undoable=unless_approved)
def issue_assessment_bulletin(step: Completed) -> None:
    """Once approved: the bulletin goes to the units, the evaluation up to the leaders."""
    if step.answers["decision"] != "approve":
        return
    papers.issue(
        step.loaded,
        papers.required(step.loaded, "assessment_bulletin"),
        actor=step.actor,
        to=[
            *step.loaded.units.get("co", ()),
            *papers.unit_ids(step.case.facts.get("recipients", ())),
        ],
    )
    papers.issue(
        step.loaded,
        papers.required(step.loaded, "effect_evaluation"),
        actor=step.actor,
        upward=papers.unit_ids(each.unit for each in step.profile.report_recipients),
    )


@effect("publish_evaluation")
def publish_evaluation(step: Completed) -> None:
    """Say where and when the checked evaluation was made public (TH-17a)."""
    paper = papers.required(step.loaded, "effect_evaluation")
    step.case.outcome = "published"
    note(
        step,
        "evaluation.published",
        {
            "paper": paper.id,
            "number": paper.number,
            "channel": step.answers["channel"],
            "published_on": step.answers["published_on"],
            "seminar": step.answers["seminar"],
            "secrecy_checked": step.answers["secrecy_checked"],
            "deidentified": step.answers["deidentified"],
        },
    )


def outcomes_of(case_id: int) -> Sequence[Outcome]:
    """The outcomes of an evaluation, in the order of the indicators."""
    return (
        session()
        .scalars(select(Outcome).where(Outcome.case_id == case_id).order_by(Outcome.indicator_id))
        .all()
    )


def measures_for(indicator_id: int, base: Round) -> Sequence[Measure]:
    """The measures units promised for an indicator since the base round began."""
    return (
        session()
        .scalars(
            select(Measure)
            .where(
                Measure.indicator_id == indicator_id,
                Measure.replaced.is_(False),
                Measure.due_on >= base.starts_on,
            )
            .order_by(Measure.id)
        )
        .all()
    )


def draft_evaluation(step: Completed) -> None:
    """Write the evaluation as it stands: outcomes with the measures between, and deductions."""
    base = session().get_one(Round, step.case.facts["base_round"])
    found = outcomes_of(step.case.id)
    names = _indicators({row.indicator_id: row for row in found})
    papers.draft(
        step.loaded,
        "effect_evaluation",
        title=f"{step.case.facts['year']}年度风险指标成效评价",
        content={
            "summary": step.gathered["conclusion"],
            "outcomes": [
                {
                    "indicator": names[row.indicator_id].name,
                    "before_value": format(row.before_value, "f"),
                    "after_value": format(row.after_value, "f"),
                    "before_level": row.before_level,
                    "after_level": row.after_level,
                    "outcome": row.outcome,
                    "measures": "；".join(m.text for m in measures_for(row.indicator_id, base)),
                }
                for row in found
            ],
            "deductions": deductions.rows(step.case.id, step.profile, "confirmed"),
        },
    )


def _round(step: Completed, field: str) -> Round:
    return session().scalars(select(Round).where(Round.code == step.answers[field])).one()


def _excluded(step: Completed) -> frozenset[int]:
    codes = [row["indicator"] for row in step.answers["excluded"]]
    return frozenset(each.id for each in levels.indicators_by_code(codes).values())


def _at_risk(
    base: Round, closing: Round, watched: Collection[str], *, leave_out: frozenset[int]
) -> dict[int, Found]:
    """Indicators of the base year at a level that triggers notices; the base round speaks first.

    High ones under one mechanism (TH-16b), medium ones as well under the other (TX-14a).
    """
    year = base.ends_on.year
    others = (
        session()
        .scalars(
            select(Round)
            .where(Round.profile_id == base.profile_id, Round.id.not_in((base.id, closing.id)))
            .order_by(Round.ends_on)
        )
        .all()
    )
    rounds = [r for r in others if r.ends_on.year == year and r.ends_on <= closing.ends_on]
    found: dict[int, Found] = {}
    for each in (*rounds, base):
        found |= {
            key: value
            for key, value in _found(each).items()
            if value.grading.level in watched and key not in leave_out
        }
    return found


def _found(round_: Round) -> dict[int, Found]:
    gradings = levels.current_gradings(round_.id)
    ids = [grading.reading_id for grading in gradings.values()]
    rows = session().execute(select(Reading.id, Reading.value).where(Reading.id.in_(ids)))
    values = {row.id: row.value for row in rows}
    return {
        key: Found(round_, grading, values[grading.reading_id]) for key, grading in gradings.items()
    }


def _indicators(wanted: Mapping[int, Any]) -> dict[int, Indicator]:
    rows = session().scalars(select(Indicator).where(Indicator.id.in_(list(wanted))))
    return {row.id: row for row in rows}


def _require_all_measured(indicators: Mapping[int, Indicator], after: Mapping[int, Found]) -> None:
    missing = [each.code for key, each in sorted(indicators.items()) if key not in after]
    if missing:
        text = _(
            "The closing round has no level for %(indicators)s yet. "
            "Grade them first, or leave them out with a reason.",
            indicators=", ".join(missing),
        )
        raise Invalid(text, fields={"closing_round": text})


def _outcome(step: Completed, indicator: Indicator, before: Found, after: Found) -> Outcome:
    found = outcomes.outcome(
        outcomes.Measured(before.grading.level, before.value),
        outcomes.Measured(after.grading.level, after.value),
        step.profile.outcomes,
        direction=indicator.direction,
    )
    return Outcome(
        case_id=step.case.id,
        indicator_id=indicator.id,
        before_round_id=before.round.id,
        after_round_id=after.round.id,
        before_value=before.value,
        after_value=after.value,
        before_level=before.grading.level,
        after_level=after.grading.level,
        outcome=found.code,
        reason=(
            f"风险等级由{LEVELS[before.grading.level]}到{LEVELS[after.grading.level]}，"
            f"数值由{before.value:f}到{after.value:f}。"
        ),
    )

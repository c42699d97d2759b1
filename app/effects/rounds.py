"""The assessment round: its readings are graded, its report is drafted, approved and submitted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from app import clock, journal
from app.db import session
from app.effects import levels, papers
from app.effects.registry import Completed, effect
from app.errors import Invalid
from app.i18n import _
from app.model import (
    DefinitionVersion,
    Grading,
    ImportBatch,
    Indicator,
    Reading,
    Round,
    Unit,
)
from app.rules import grading

REPORTS: Final = ("assessment_report", "thematic_report", "trial_report")
INTERNAL: Final = "trial_report"
WHOLE: Final = Decimal(100)


@effect("grade_readings")
def grade_readings(step: Completed) -> Mapping[str, Any]:
    """Give every own reading its level; grading again adds rows that replace the earlier ones."""
    round_ = levels.round_of(step.case.round_id)
    _require_import(round_)
    readings = levels.own_readings(round_)
    table = _decision_table(step.profile.grading.decision)
    earlier = levels.current_gradings(round_.id)
    rows = _graded(step, round_, readings, table, earlier)
    session().add_all(rows)
    round_.evaluated_on = clock.local_day(step.now)
    session().flush()
    _record(step, round_, rows, table, again=bool(earlier))
    return {"graded": len(rows)}


def _graded(
    step: Completed,
    round_: Round,
    readings: Mapping[int, Reading],
    table: DefinitionVersion,
    earlier: Mapping[int, Grading],
) -> list[Grading]:
    means, before = levels.benchmarks(round_), levels.values_before(round_, readings)
    indicators = session().scalars(
        select(Indicator).where(Indicator.id.in_(list(readings))).order_by(Indicator.code)
    )
    rows = []
    for indicator in indicators:
        reading = readings[indicator.id]
        grade = _grade(
            indicator,
            table,
            reading.value,
            change=levels.change_of(reading, before),
            benchmark_intermediate=means.get((indicator.id, levels.INTERMEDIATE)),
            benchmark_high=means.get((indicator.id, levels.HIGH)),
        )
        replaced = earlier.get(indicator.id)
        rows.append(
            Grading(
                round_id=round_.id,
                indicator_id=indicator.id,
                reading_id=reading.id,
                level=grade.level,
                rule=grade.rule,
                reason=grade.reason,
                reason_en=grade.reason_en,
                definition_id=table.id,
                replaces_id=replaced.id if replaced else None,
                at=step.now,
                by=step.actor.person_id,
            )
        )
    return rows


def _grade(
    indicator: Indicator, table: DefinitionVersion, value: Decimal, **known: Decimal | None
) -> grading.Grade:
    """The table speaks of indices where more is better; others are turned round for it."""
    if indicator.direction == "negative":
        value = WHOLE - value
        known = {
            name: figure if figure is None else (-figure if name == "change" else WHOLE - figure)
            for name, figure in known.items()
        }
    try:
        return grading.grade(table.source.encode(), value=value, **known)
    except Invalid as refusal:
        raise Invalid(
            _(
                "“%(indicator)s” cannot be graded: %(why)s",
                indicator=indicator.name,
                why=refusal.text,
            )
        ) from refusal


def _record(
    step: Completed, round_: Round, rows: list[Grading], table: DefinitionVersion, *, again: bool
) -> None:
    journal.record(
        "round.graded",
        stream=f"round:{round_.id}",
        case_id=step.case.id,
        actor=step.actor,
        unit_id=step.assignment.unit_id,
        data={
            "round": round_.code,
            "again": again,
            "decision": table.key,
            "definition": table.sha256,
            "levels": [
                {
                    "grading": row.id,
                    "indicator": row.indicator_id,
                    "reading": row.reading_id,
                    "level": row.level,
                    "rule": row.rule,
                    "replaces": row.replaces_id,
                }
                for row in rows
            ],
        },
    )


def _require_import(round_: Round) -> None:
    confirmed = session().scalar(
        select(ImportBatch.id)
        .where(ImportBatch.round_id == round_.id, ImportBatch.state == "confirmed")
        .limit(1)
    )
    if confirmed is None:
        raise Invalid(
            _(
                "Nothing has been imported into %(round)s yet. Import the figures and confirm the "
                "preview first.",
                round=round_.code,
            )
        )


def _decision_table(key: str) -> DefinitionVersion:
    found = (
        session()
        .scalars(
            select(DefinitionVersion)
            .where(DefinitionVersion.key == key, DefinitionVersion.kind == "dmn")
            .order_by(DefinitionVersion.version.desc())
            .limit(1)
        )
        .one_or_none()
    )
    if found is None:
        raise Invalid(_("There is no published decision table named %(key)s.", key=key))
    return found


@effect("draft_report")
def draft_report(step: Completed) -> None:
    """Write the report with the round's figures beside what was typed (TX-06c, TH-06a)."""
    round_ = levels.round_of(step.case.round_id)
    answers = step.answers
    analyses = answers.get("analyses") or []
    names = levels.indicators_by_code(row["indicator"] for row in analyses)
    papers.draft(
        step.loaded,
        answers["kind"],
        instead_of=REPORTS,
        title=answers["title"],
        content={
            "summary": answers["summary"],
            "indicators": levels.indicator_rows(round_),
            "analyses": [
                {"indicator": names[row["indicator"]].name, "text": row["text"]} for row in analyses
            ],
            "suggestions": answers["advice"],
        },
    )
    round_.report_title = answers["title"]


@effect("approve_report")
def approve_report(step: Completed) -> None:
    """What the leader approved is what will be submitted."""
    if step.answers["decision"] == "approve":
        papers.approve(step.loaded, papers.required(step.loaded, *REPORTS), actor=step.actor)


@effect("submit_report")
def submit_report(step: Completed) -> None:
    """Send the report to those it is for; the profile's own recipients are never left out."""
    report = papers.required(step.loaded, *REPORTS)
    recipients = papers.unit_ids(step.answers["recipients"])
    if report.kind == INTERNAL:
        _require_inside_the_court(step, recipients)
    elif report.kind == "assessment_report":
        recipients += papers.unit_ids(each.unit for each in step.profile.report_recipients)
    papers.issue(
        step.loaded, report, actor=step.actor, to=recipients, method=step.answers["method"]
    )


def _require_inside_the_court(step: Completed, recipients: list[int]) -> None:
    """The report on the court's own work stays in the court (NT-03)."""
    court = papers.unit_ids([step.profile.post("issuing_leader").unit])[0]
    outside = (
        session()
        .scalars(
            select(Unit.name).where(
                Unit.id.in_(recipients), Unit.id != court, Unit.parent_id.is_distinct_from(court)
            )
        )
        .all()
    )
    if outside:
        text = _(
            "This report stays within the court; %(units)s may not receive it.",
            units="、".join(outside),
        )
        raise Invalid(text, fields={"recipients": text})

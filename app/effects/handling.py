"""How units handle an item: name somebody, report, are reviewed, are struck off (TX-12)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from app import advance, journal
from app.db import session
from app.effects import papers
from app.effects.notes import note
from app.effects.registry import Completed, always, effect, unless_approved
from app.errors import Invalid
from app.i18n import _
from app.model import Document, Report, Unit


@effect("appoint_handler", undoable=always)
def appoint_handler(step: Completed) -> None:
    """The lead unit names one person of its own and says what it will do (专人负责, TH-13a)."""
    unit_id, answers = step.assignment.unit_id, step.answers
    person_id = _colleague(answers["handler"], unit_id, step)
    before, step.case.handler_id = step.case.handler_id, person_id
    file(
        step,
        "plan",
        "\n".join(row["text"] for row in answers["targets"]),
        details={
            "department": answers["department"],
            "targets": answers["targets"],
            "note": answers["note"],
        },
    )
    note(
        step,
        "handler.appointed",
        {
            "before": before,
            "after": person_id,
            "department": answers["department"],
        },
    )


@effect("file_completion", undoable=always)
def file_completion(step: Completed) -> None:
    """The lead unit reports the matter done; the report goes on paper (办结报告)."""
    answers = step.answers
    file(
        step,
        "completion",
        answers["result"],
        percent=answers["percent"],
        details={
            "measures_taken": answers["measures_taken"],
            "evidence": answers["evidence"],
            "remaining": answers["remaining"],
        },
    )
    papers.draft(
        step.loaded,
        "completion_report",
        title=f"关于{step.case.matter}的办结报告",
        issuer=step.assignment.unit_id,
        content={
            "matter": step.case.matter,
            "text": answers["measures_taken"],
            "results": answers["result"],
            "evidence": [answers["evidence"]],
            "co_opinions": _co_opinions(step.case.id),
        },
    )


@effect("sign_completion", undoable=unless_approved)
def sign_completion(step: Completed) -> None:
    """The unit's leader signs: the report goes to the supervising office.

    Where the case was put at this task again, the office has the report already.
    """
    if step.answers["decision"] != "approve":
        return
    report = papers.required(step.loaded, "completion_report")
    if report.state != "issued":
        office = papers.unit_ids([step.profile.supervising_office])
        papers.issue(step.loaded, report, actor=step.actor, to=office)


@effect("review_completion")
def review_completion(step: Completed) -> None:
    """The office looks into what was reported: pass, supplement or redo (domain row 22)."""
    answers = step.answers
    file(
        step,
        "review",
        answers["opinion"] or "",
        details={
            "decision": answers["decision"],
            "checks": answers["checks"],
        },
    )
    note(
        step,
        "completion.reviewed",
        {
            "decision": answers["decision"],
            "reason": answers["opinion"],
        },
    )


@effect("strike_off")
def strike_off(step: Completed) -> None:
    """Take the item off the ledger and fix what was handed in (not by its reviewer: `notBy`)."""
    evidence = list(_evidence(step.case.id))
    step.case.outcome = "completed"
    note(step, "item.struck_off", {"number": step.case.number, "evidence": evidence})


def file(
    step: Completed,
    kind: str,
    text: str,
    *,
    percent: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> Report:
    """Keep what a unit reported; reports are only ever added."""
    report = Report(
        case_id=step.case.id,
        unit_id=step.assignment.unit_id,
        kind=kind,
        text=text,
        percent=percent,
        details=dict(details or {}),
        at=step.now,
        by=step.actor.person_id,
    )
    session().add(report)
    if percent is not None:
        step.case.progress = percent
    return report


def _colleague(login: str, unit_id: int, step: Completed) -> int:
    found = advance.organisation().colleague(login, unit_id, step.now)
    if found is None:
        raise Invalid(
            _("The handler must be somebody of the unit."),
            fields={"handler": _("Choose somebody who works for your unit.")},
        )
    return found


def _co_opinions(case_id: int) -> str:
    """What the co-handlers said, unit by unit, for the lead's report."""
    rows = session().execute(
        select(Unit.name, Report.text)
        .join(Unit, Unit.id == Report.unit_id)
        .where(Report.case_id == case_id, Report.kind == "co_opinion")
        .order_by(Report.id)
    )
    return "\n".join(f"{row.name}：{row.text}" for row in rows)


def _evidence(case_id: int) -> Iterator[dict[str, Any]]:
    """What was handed in and issued until now, each with the hash it can be checked by."""
    documents = select(Document).where(Document.case_id == case_id, Document.state == "issued")
    for paper in session().scalars(documents.order_by(Document.id)):
        yield {
            "what": "document",
            "id": paper.id,
            "kind": paper.kind,
            "number": paper.number,
            "sha256": paper.sha256,
        }
    for report in session().scalars(
        select(Report).where(Report.case_id == case_id).order_by(Report.id)
    ):
        body = journal.canonical(
            {
                "kind": report.kind,
                "unit": report.unit_id,
                "text": report.text,
                "percent": report.percent,
                "details": report.details,
                "at": report.at,
            }
        )
        yield {
            "what": "report",
            "id": report.id,
            "kind": report.kind,
            "sha256": hashlib.sha256(body.encode()).hexdigest(),
        }

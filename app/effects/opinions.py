"""Work opinions: what a unit found and promises, signed, sent and reviewed; and their summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock, journal
from app.advance.timing import send_back_until
from app.db import session
from app.effects import notices, papers
from app.effects.measures import promise
from app.effects.registry import Completed, always, effect, unless_approved
from app.errors import Invalid
from app.i18n import _
from app.model import (
    ENDED_EARLY,
    Assignment,
    Case,
    CaseUnit,
    Document,
    Indicator,
    Ticket,
    Unit,
)
from app.rules.deadlines import due

KIND: Final = "work_opinion"
ADOPTION: Final = {"adopt": "采纳", "partial": "部分采纳", "reject": "不采纳"}


@effect("file_opinion", undoable=always)
def file_opinion(step: Completed) -> None:
    """Problems, gaps, weak links, and measures with owner, department and date (TX-08b, TH-08a)."""
    answers, unit = step.answers, step.assignment.unit_id
    adoption = _adoption(step)
    papers.draft(
        step.loaded,
        KIND,
        issuer=unit,
        title=f"关于{step.case.matter}的工作意见",
        content={
            **{
                name: [row["text"] for row in answers[name]]
                for name in ("problems", "gaps", "weak_links")
            },
            "measures": [
                {
                    "text": row["text"],
                    "owner_dept": row["owner_dept"],
                    "owner_person": row["owner_person"],
                    "due_on": row["due"],
                }
                for row in answers["measures"]
            ],
            "coordination": answers.get("coordination_needs"),
            "adoption": ADOPTION.get(adoption or ""),
            "adoption_reason": answers.get("adoption_reason"),
        },
    )
    promise(step, answers["measures"])


def _adoption(step: Completed) -> str | None:
    """A judicial suggestion is answered with whether it is adopted (ZJ-09); a notice is not."""
    adoption: str | None = step.answers.get("adoption")
    notice = papers.required(step.loaded, *notices.KINDS)
    if notice.kind == "judicial_suggestion" and not adoption:
        text = _("Say whether the judicial suggestion is adopted.")
        raise Invalid(text, fields={"adoption": text})
    return adoption if notice.kind == "judicial_suggestion" else None


@effect("sign_opinion", undoable=unless_approved)
def sign_opinion(step: Completed) -> None:
    """The unit's leader signs: the opinion goes to whom the mechanism names (TH-08b, TX-08)."""
    if step.answers["decision"] == "approve":
        papers.issue(
            step.loaded,
            papers.required(step.loaded, KIND),
            actor=step.actor,
            to=papers.unit_ids(step.profile.opinion_addressee),
        )


@effect("review_opinion")
def review_opinion(step: Completed) -> None:
    """The office accepts the opinion or asks for what is missing."""
    accepted = step.answers["decision"] == "accept"
    opinion = papers.required(step.loaded, KIND)
    if accepted:
        step.case.outcome = "accepted"
    else:
        until = due(step.profile.deadline("supplement"), step.now, advance.calendar())
        send_back_until(step.case, "work_opinion", until.day)
    journal.record(
        "opinion.accepted" if accepted else "opinion.supplement_asked",
        stream=step.stream,
        case_id=step.case.id,
        actor=step.actor,
        unit_id=step.assignment.unit_id,
        deputy_for=step.holding.deputy_for,
        data={
            "document": opinion.id,
            "number": opinion.number,
            "unit": opinion.issuer_unit_id,
            "opinion": step.answers.get("opinion"),
        },
    )


def consolidation(round_id: int) -> dict[str, list[dict[str, Any]]]:
    """All work opinions of a round in one table, and who has not answered (TX-08c)."""
    rows: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    for case, indicator, unit in notice_cases(round_id):
        notice = _issued(case.id, notices.KINDS)
        if notice is None:
            continue
        opinion = _issued(case.id, (KIND,))
        if opinion is None:
            missing.append(_missing(case, unit, notice))
        else:
            rows += _opinion_rows(opinion, indicator, unit, notice)
    return {"rows": rows, "missing": missing}


def notice_cases(round_id: int) -> list[tuple[Case, str, str]]:
    """The notices of a round that were not withdrawn: case, indicator and addressee."""
    rows = session().execute(
        select(Case, Indicator.name, Unit.name)
        .join(Indicator, Indicator.id == Case.indicator_id)
        .join(CaseUnit, (CaseUnit.case_id == Case.id) & (CaseUnit.role == "addressee"))
        .join(Unit, Unit.id == CaseUnit.unit_id)
        .where(
            Case.kind == "risk_notice", Case.round_id == round_id, Case.status.not_in(ENDED_EARLY)
        )
        .order_by(Case.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _issued(case_id: int, kinds: Sequence[str]) -> Document | None:
    return (
        session()
        .scalars(
            select(Document)
            .where(
                Document.case_id == case_id, Document.kind.in_(kinds), Document.state == "issued"
            )
            .order_by(Document.id.desc())
            .limit(1)
        )
        .one_or_none()
    )


def _opinion_rows(
    opinion: Document, indicator: str, unit: str, notice: Document
) -> list[dict[str, Any]]:
    return [
        {
            "notice": notice.number,
            "indicator": indicator,
            "unit": unit,
            "problems": "；".join(opinion.content["problems"]),
            "measure": each["text"],
            "owner_dept": each["owner_dept"],
            "owner_person": each["owner_person"],
            "due_on": each["due_on"],
        }
        for each in opinion.content["measures"]
    ]


def _missing(case: Case, unit: str, notice: Document) -> dict[str, Any]:
    due_at = session().scalar(
        select(Assignment.due_at)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.case_id == case.id, Ticket.node == "work_opinion")
        .order_by(Assignment.id)
        .limit(1)
    )
    return {
        "unit": unit,
        "notice": notice.number,
        "due_on": clock.local_day(due_at).isoformat() if due_at else None,
        "late": "是" if due_at and due_at < clock.now() else "否",
    }

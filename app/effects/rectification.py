"""Rectification (整改): a plan with measures, a report, an acceptance on record (TX-14b, TH-19)."""

from __future__ import annotations

from app.effects import papers
from app.effects.escalation import enter
from app.effects.handling import file
from app.effects.measures import promise
from app.effects.notes import note
from app.effects.registry import Completed, effect

STATES = {"done": "已完成", "going_on": "推进中", "not_done": "未完成"}


@effect("file_rectification_plan")
def file_rectification_plan(step: Completed) -> None:
    """The unit says why it came to this, and who does what until when."""
    answers, rows = step.answers, step.answers["measures"]
    promise(step, rows)
    paper = papers.draft(
        step.loaded,
        "rectification_plan",
        title=f"关于{step.case.matter}的整改方案",
        issuer=step.assignment.unit_id,
        content={
            "problems": [answers["causes"]],
            "measures": [
                {
                    "text": row["text"],
                    "owner_dept": row["owner_dept"],
                    "owner_person": row["owner_person"],
                    "due_on": row["due"],
                }
                for row in rows
            ],
            "text": answers["goal"],
        },
    )
    _send(step, paper.kind)


@effect("file_rectification_report")
def file_rectification_report(step: Completed) -> None:
    """The unit reports what became of every measure."""
    answers = step.answers
    done = [
        f"{row['text']}：{STATES[row['state']]}{'（' + row['note'] + '）' if row['note'] else ''}"
        for row in answers["measures_done"]
    ]
    file(
        step,
        "rectification",
        answers["result"],
        details={
            "measures_done": answers["measures_done"],
            "evidence": answers["evidence"],
        },
    )
    paper = papers.draft(
        step.loaded,
        "rectification_report",
        title=f"关于{step.case.matter}的整改报告",
        issuer=step.assignment.unit_id,
        content={
            "text": "\n".join(done),
            "results": answers["result"],
            "evidence": [answers["evidence"]],
        },
    )
    _send(step, paper.kind)


@effect("review_rectification")
def review_rectification(step: Completed) -> None:
    """Accepted, it goes into the unit's assessment record; otherwise it is done again."""
    accepted = step.answers["decision"] == "pass"
    if accepted:
        step.case.outcome = "rectified"
        named = step.case.number or step.case.title
        enter(step, "rectification", f"{step.case.matter}整改已通过验收（{named}）。")
    note(
        step,
        "rectification.accepted" if accepted else "rectification.returned",
        {
            "number": step.case.number,
            "reason": step.answers["opinion"],
        },
    )


def _send(step: Completed, kind: str) -> None:
    papers.issue(
        step.loaded,
        papers.required(step.loaded, kind),
        actor=step.actor,
        to=papers.unit_ids([step.profile.supervising_office]),
    )

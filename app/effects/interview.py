"""Interviews (约谈): notice, record, signature, then rectification (TH-15a, TH-19)."""

from __future__ import annotations

from datetime import date

from app.advance import Loaded
from app.effects import branches, dates, papers
from app.effects.escalation import enter
from app.effects.registry import Completed, effect


@effect("issue_interview_notice")
def issue_interview_notice(step: Completed) -> None:
    """Call the unit's head to an interview: on which ground, when and where."""
    answers, facts = step.answers, step.gathered
    paper = papers.draft(
        step.loaded,
        "interview_notice",
        title=f"关于{step.case.matter}的约谈通知书",
        content={
            "grounds": facts["ground_name"],
            "evidence": facts["evidence"],
            "person": answers["interviewee_post"],
            "held_on": answers["held_on"],
            "place": answers["place"],
            "requirements": "\n".join(filter(None, (answers["matters"], answers["materials"]))),
        },
    )
    step.case.facts = {
        **facts,
        "interviewer": answers["interviewer_post"],
        "interviewee": answers["interviewee_post"],
    }
    papers.issue(step.loaded, paper, actor=step.actor, to=step.loaded.units["lead"])


@effect("record_interview")
def record_interview(step: Completed) -> None:
    """Write down what was said; the unit signs it next."""
    answers, facts = step.answers, step.gathered
    papers.draft(
        step.loaded,
        "interview_record",
        title=f"关于{step.case.matter}的约谈纪要",
        content={
            "grounds": facts["ground_name"],
            "held_on": answers["held_on"],
            "place": answers["place"],
            "interviewer": facts["interviewer"],
            "person": facts["interviewee"],
            "problems": answers["problems"],
            "requirements": answers["requirements"],
            "response": answers["commitments"],
            "rectify_by": answers["rectification_due"],
        },
    )
    step.case.facts = {
        **facts,
        "requirements": answers["requirements"],
        "rectify_by": answers["rectification_due"],
    }


@effect("open_rectification")
def open_rectification(step: Completed) -> None:
    """Once signed: the record goes out, is entered, and rectification starts at once (TH-19)."""
    facts = step.gathered
    paper = papers.required(step.loaded, "interview_record")
    papers.issue(
        step.loaded,
        paper,
        actor=step.actor,
        to=step.loaded.units["lead"],
        cc=papers.unit_ids([step.profile.supervising_office]),
    )
    enter(step, "interview", f"因{facts['ground_name']}被约谈（{paper.number or paper.title}）。")
    order_rectification(
        step, content=facts["requirements"], due_day=date.fromisoformat(facts["rectify_by"])
    )


def order_rectification(step: Completed, *, content: str, due_day: date) -> Loaded:
    """Open the unit's rectification under the escalation, due on the day that was set."""
    return branches.branch(
        step.loaded,
        "rectification",
        actor=step.actor,
        title=f"{step.case.matter}整改",
        units={"lead": step.loaded.units["lead"]},
        unit_id=step.case.opened_unit_id,
        content=content,
        **dates.set_day(step.loaded, due_day, at=step.now),
    )

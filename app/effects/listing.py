"""Listed supervision (挂牌督办): a notice with a period, and the way off the list (TH-15b)."""

from __future__ import annotations

from datetime import date

from app.effects import branches, dates, papers
from app.effects.escalation import enter
from app.effects.handling import file
from app.effects.interview import order_rectification
from app.effects.registry import Completed, effect
from app.errors import Invalid
from app.i18n import _


@effect("issue_listing")
def issue_listing(step: Completed) -> None:
    """List the matter until a day; the unit rectifies until then (TH-15b, TH-19)."""
    answers, facts = step.answers, step.gathered
    until = date.fromisoformat(answers["listed_until"])
    due = dates.start_matter(step.loaded, day=until, at=step.now)
    paper = papers.draft(
        step.loaded,
        "listing_notice",
        title=f"关于对{step.case.matter}挂牌督办的通知",
        content={
            "grounds": f"{facts['ground_name']}。{answers['problems']}",
            "evidence": facts["evidence"],
            "matter": step.case.matter,
            "requirements": answers["requirements"],
            "listed_from": dates.local_iso(step.now),
            "listed_until": due.day.isoformat(),
        },
    )
    papers.issue(step.loaded, paper, actor=step.actor, to=step.loaded.units["lead"])
    named = paper.number or paper.title
    why = facts["ground_name"]
    enter(step, "listing", f"因{why}被挂牌督办，至{until.isoformat()}（{named}）。")
    order_rectification(step, content=answers["requirements"], due_day=until)


@effect("apply_delisting")
def apply_delisting(step: Completed) -> None:
    """The unit says what it did and asks to be taken off the list."""
    answers = step.answers
    file(
        step,
        "delisting",
        answers["result"],
        details={
            "measures_taken": answers["measures_taken"],
            "evidence": answers["evidence"],
        },
    )


@effect("decide_delisting")
def decide_delisting(step: Completed) -> None:
    """The convener takes the matter off the list, once the rectification was accepted."""
    if step.answers["decision"] != "approve":
        return
    if any(c.outcome != "rectified" for c in branches.branches(step.case.id, "rectification")):
        raise Invalid(_("The rectification has not been accepted yet; delisting comes after it."))
    paper = papers.draft(
        step.loaded,
        "delisting_decision",
        title=f"关于对{step.case.matter}摘牌的决定",
        content={
            "matter": step.case.matter,
            "findings": step.answers["opinion"],
            "decision": "经审核，符合摘牌条件，决定予以摘牌。",
        },
    )
    papers.issue(step.loaded, paper, actor=step.actor, to=step.loaded.units["lead"])
    enter(step, "delisting", f"已摘牌（{paper.number or paper.title}）。")

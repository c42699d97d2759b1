"""An item is signed for or handed back; what the office makes of a hand-back (domain row 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.effects import disagreements, papers, reassigning, receipts
from app.effects.notes import note
from app.effects.registry import Completed, effect
from app.model import Document

SIGNED = ("sign", "object")


@effect("sign_item")
def sign_item(step: Completed) -> None:
    """A unit signs for the notice, or says why it is not its matter.

    A co-handler may sign and object to the division of work: the office is told.
    """
    unit_id, answers = step.assignment.unit_id, step.answers
    paper = receipts.paper_for(step.loaded, step.profile.dispatch_document.key, unit_id)
    signed = answers["decision"] in SIGNED
    if not signed:
        receipts.require_handed_back_in_time(step.loaded, paper, unit_id, now=step.now)
    papers.receive(
        paper,
        unit_id,
        refused_reason=answers["reason"] or "",
        signed_at=step.now if signed else None,
        signed_by=step.actor.person_id if signed else None,
    )
    data = {**_names(paper), "unit": unit_id, "role": step.assignment.role}
    kind = "document.signed_for" if signed else "document.refused"
    note(step, kind, {**data, "reason": answers["reason"]})
    if answers["decision"] == "object":
        disagreements.disagree(step, "division", answers["reason"])
    if signed:
        receipts.start_clock(step.loaded, unit_id, step.assignment.role, actor=step.actor)


@effect("withdraw_item")
def withdraw_item(step: Completed) -> None:
    """What becomes of a hand-back: the office insists, re-assigns the item, or takes it back."""
    decision, why = step.answers["decision"], step.answers["explanation"]
    if decision == "reassign":
        _reassign(step)
        return
    if decision == "insist":
        receipts.give_time_to_sign(step.loaded, at=step.now)
        note(step, "item.upheld", {"number": step.case.number, "reason": why})
        return
    step.case.status, step.case.outcome = "void", "withdrawn"
    for kind in (step.profile.dispatch_document.key, receipts.REASSIGNED):
        paper = papers.newest(step.loaded, kind)
        if paper is not None:
            papers.withdraw(step.loaded, paper, actor=step.actor, reason=why)
    note(step, "item.withdrawn", {"number": step.case.number, "reason": why})


def _reassign(step: Completed) -> None:
    """Another unit has the item from now on, and is asked to sign for it."""
    named = step.answers["new_date"]
    reassigning.reassign(
        step.loaded,
        reassigning.Move(
            role="lead",
            before=step.loaded.units["lead"][0],
            after=papers.unit_ids([step.answers["unit"]])[0],
            reason=step.answers["explanation"],
            day=date.fromisoformat(named) if named else None,
            why_two=step.answers["override_reason"] or "",
        ),
        actor=step.actor,
        at=step.now,
    )


def _names(paper: Document) -> Mapping[str, Any]:
    return {
        "document": paper.id,
        "kind": paper.kind,
        "number": paper.number,
        "title": paper.title,
    }

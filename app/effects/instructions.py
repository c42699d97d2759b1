"""Leaders' instructions (批示, row 19): written down with whose they are and who wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app import clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import papers
from app.effects.registry import Completed, effect
from app.model import Instruction, InstructionItem

ASKS: Final = "act"
BY_THE_LEADER, FOR_THE_LEADER = "self", "on_behalf"


@effect("record_instruction")
def record_instruction(step: Completed) -> None:
    """A leader's words on what the task is about."""
    write(
        step.loaded,
        step.answers,
        actor=step.actor,
        unit_id=step.assignment.unit_id,
        deputy_for=step.holding.deputy_for,
    )


def write(
    loaded: Loaded,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    unit_id: int | None,
    deputy_for: int | None = None,
    document_id: int | None = None,
    scan_id: int | None = None,
) -> Instruction:
    """Keep an instruction on a case or one of its papers; the leader's own date is today's or
    the one named, and who enters it on whose behalf (代录) stays with it.
    """
    now, named = clock.now(), answers["given_on"]
    given = Instruction(
        case_id=loaded.case.id,
        document_id=document_id,
        leader_post=answers["leader_post"],
        kind=answers["kind"],
        text=answers["text"] or "",
        addressees=papers.unit_ids(answers["addressees"] or ()),
        given_on=date.fromisoformat(named) if named else clock.local_day(now),
        entry=answers["entry"],
        scan_id=scan_id,
        at=now,
        entered_by=actor.person_id,
    )
    session().add(given)
    session().flush()
    journal.record(
        "instruction.given",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=unit_id,
        deputy_for=deputy_for,
        data=_told(given),
    )
    return given


def _told(given: Instruction) -> dict[str, Any]:
    return {
        "instruction": given.id,
        "document": given.document_id,
        "leader_post": given.leader_post,
        "kind": given.kind,
        "text": given.text,
        "given_on": given.given_on,
        "entry": given.entry,
        "scan": given.scan_id,
        "addressees": given.addressees,
        "units": given.addressees,
    }


def followed(source: Loaded, instruction: Instruction, item: Loaded, *, actor: Actor) -> None:
    """Say on both sides that an item was opened because a leader asked for it."""
    session().add(InstructionItem(instruction_id=instruction.id, case_id=item.case.id))
    journal.record(
        "instruction.followed",
        stream=source.stream,
        case_id=source.case.id,
        actor=actor,
        unit_id=item.case.opened_unit_id,
        data={
            "instruction": instruction.id,
            "leader_post": instruction.leader_post,
            "child": item.case.id,
            "title": item.case.matter or item.case.title,
        },
    )

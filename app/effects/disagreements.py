"""A co-handler does not agree; the office is told and settles it (协办意见, domain row 21)."""

from __future__ import annotations

from typing import Final

from app import clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import papers
from app.effects.handling import file
from app.effects.notes import note
from app.effects.registry import Completed, effect
from app.model import Report

DISAGREEMENT: Final = "co_disagreement"
COORDINATION: Final = "coordination"


@effect("file_co_opinion")
def file_co_opinion(step: Completed) -> None:
    """A co-handler answers the lead; disagreement is kept in so many words."""
    answers = step.answers
    file(
        step,
        "co_opinion",
        answers["opinion"],
        details={
            "actions": answers["actions"],
            "agrees": answers["agrees"] == "agree",
            "disagreement": answers["disagreement"],
        },
    )
    if answers["agrees"] == "disagree":
        disagree(step, "opinion", answers["disagreement"])


def disagree(step: Completed, stage: str, text: str) -> None:
    """Keep what the unit objects to, and put it before the office; nothing waits for that."""
    file(step, DISAGREEMENT, text, details={"stage": stage})
    office = papers.unit_ids([step.profile.supervising_office])
    note(step, "co.disagreed", {"stage": stage, "text": text, "units": office})


def coordinate(loaded: Loaded, text: str, *, actor: Actor, unit_id: int) -> Report:
    """The office settles what lead and co-handlers do not agree on; all of them are told."""
    settled = Report(
        case_id=loaded.case.id,
        unit_id=unit_id,
        kind=COORDINATION,
        text=text,
        details={},
        at=clock.now(),
        by=actor.person_id,
    )
    session().add(settled)
    session().flush()
    units = [unit for role in ("lead", "co") for unit in loaded.units.get(role, ())]
    journal.record(
        "co.coordinated",
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        unit_id=unit_id,
        data={"report": settled.id, "text": text, "units": units},
    )
    return settled

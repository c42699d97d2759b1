"""Stop and restart a case's clock (中止、恢复): stopped days do not count, nobody is urged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app import advance, clock
from app.actor import Actor
from app.commands import faster, sight
from app.commands.command import command
from app.effects import standing_still
from app.effects.standing_still import GO_ON, KIND, STOP, Act
from app.errors import Invalid
from app.i18n import _
from app.rules import access
from app.rules.standing import CLOCKED

CLOCK_MOVED: Final = {**faster.STOPPED, "case.resumed": faster.always}
ASKED: Final = {**CLOCK_MOVED, "case.branched": faster.about(kind=KIND)}


@command
def suspend(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Stop the clock from now on, for a reason: tasks, timers and urging wait (domain row 16).

    On the day `resume_on`, where one is named, going on is proposed to the office.
    """
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, _("Only the supervising office may stop the clock."))
    faster.require_unchanged(loaded.stream, seen, CLOCK_MOVED)
    _require(loaded.case.status, STOP)
    said = sight.answered("suspend", answers, unit_id=actor.unit_id)

    day = _day(said["resume_on"])
    standing_still.suspend(loaded, Act(actor), reason=said["reason"], resume_on=day)
    return {"case": case_id}


@command
def resume(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Let the clock run again: every open date moves on by the working days that were lost."""
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, _("Only the supervising office may start the clock."))
    faster.require_unchanged(loaded.stream, seen, CLOCK_MOVED)
    _require(loaded.case.status, GO_ON)
    said = sight.answered("resume", answers, unit_id=actor.unit_id)

    standing_still.resume(loaded, Act(actor), reason=said["note"])
    return {"case": case_id}


@command
def ask_clock(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """A unit asks the office to stop the clock, or to let it run again: `{"case", "asks"}`.

    Until the office decides, nothing changes.
    """
    loaded = sight.seen(case_id, actor)
    why_not = _("Only the accountable unit may ask for this.")
    held = sight.staff(loaded, actor, "lead", "addressee", why_not=why_not)
    faster.require_unchanged(loaded.stream, seen, ASKED)
    if loaded.case.kind not in CLOCKED or loaded.case.status not in ("open", "suspended"):
        raise Invalid(_("The clock of this case neither runs nor stands still."))
    if loaded.case.kind == "supervision_item" and loaded.case.issued_at is None:
        raise Invalid(_("The item has not been dispatched yet."))
    if standing_still.asked(case_id):
        raise Invalid(_("A request about the clock is waiting for its decision already."))
    said = sight.answered("ask_clock", answers, unit_id=held.unit_id)

    asks = STOP if loaded.case.status == "open" else GO_ON
    act = Act(actor, held.unit_id, held.deputy_for)
    day = _day(said["resume_on"]) if asks == STOP else None
    child = standing_still.ask(loaded, act, asks, reason=said["reason"], resume_on=day)
    return {"case": child.case.id, "asks": asks}


@command
def propose_resume(case_id: int, *, actor: Actor) -> None:
    """Propose to the office that a case goes on, on the day named when it was suspended.

    Nothing happens where it goes on already, the day was moved, or a request is waiting.
    """
    access.only_the_system(actor)
    loaded = advance.load(case_id)
    day = loaded.case.resume_on
    if loaded.case.status != "suspended" or day is None or clock.today() < day:
        return
    if standing_still.asked(case_id):
        return

    reason = f"约定的恢复日期{day.isoformat()}已到，请决定是否恢复。"
    standing_still.ask(loaded, Act(actor), GO_ON, reason=reason)
    loaded.case.resume_on = None


def _require(status: str, wanted: str) -> None:
    problem = standing_still.why_not(status, wanted)
    if problem is not None:
        raise Invalid(problem)


def _day(named: str | None) -> date | None:
    return date.fromisoformat(named) if named else None

"""Stop and restart a case's clock (中止、恢复): stopped days do not count, nobody is urged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app import clock, journal
from app.actor import Actor
from app.commands import faster, sight
from app.commands.command import command
from app.effects import dates
from app.errors import Invalid
from app.i18n import _
from app.rules import access

CLOCK_MOVED: Final = {**faster.STOPPED, "case.resumed": faster.always}


@command
def suspend(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Stop the clock from now on, for a reason: tasks, timers and urging wait (domain row 16)."""
    loaded = sight.seen(case_id, actor)
    access.require(
        sight.supervises(loaded, actor), _("Only the supervising office may stop the clock.")
    )
    faster.require_unchanged(loaded.stream, seen, CLOCK_MOVED)
    if loaded.case.status != "open":
        raise Invalid(_("Only a case that is open can be suspended."))
    said = sight.answered("suspend", answers, unit_id=actor.unit_id)

    loaded.case.status, loaded.case.suspended_at = "suspended", clock.now()
    dates.turn_lights(loaded)
    journal.record(
        "case.suspended",
        stream=loaded.stream,
        case_id=case_id,
        actor=actor,
        data={"reason": said["reason"], "due_day": loaded.case.due_day},
    )
    return {"case": case_id}


@command
def resume(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Let the clock run again: every open date moves on by the working days that were lost."""
    loaded = sight.seen(case_id, actor)
    access.require(
        sight.supervises(loaded, actor), _("Only the supervising office may start the clock.")
    )
    faster.require_unchanged(loaded.stream, seen, CLOCK_MOVED)
    since = loaded.case.suspended_at
    if loaded.case.status != "suspended" or since is None:
        raise Invalid(_("Only a case that is suspended can be resumed."))
    said = sight.answered("resume", answers, unit_id=actor.unit_id)

    now, before = clock.now(), loaded.case.due_day
    span = [since.isoformat(), now.isoformat()]
    loaded.case.standstills = [*(loaded.case.standstills or ()), span]
    loaded.case.status, loaded.case.suspended_at = "open", None
    moved = dates.find_again(loaded)
    dates.turn_lights(loaded)
    journal.record(
        "case.resumed",
        stream=loaded.stream,
        case_id=case_id,
        actor=actor,
        data={
            "reason": said["note"],
            "stood_still": span,
            "before": before,
            "after": loaded.case.due_day,
            "moved": moved,
        },
    )
    return {"case": case_id}

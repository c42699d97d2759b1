"""A case's clock stops and runs again (中止、恢复, row 16), also when a unit asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app import clock, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import branches, dates, papers
from app.effects.notes import note
from app.effects.registry import Completed, effect
from app.errors import Invalid
from app.i18n import Text, _
from app.model import Work

KIND: Final = "clock_request"
WORK: Final = "propose_resume"
STOP, GO_ON = "suspend", "resume"
TITLES: Final = {STOP: "中止申请", GO_ON: "恢复申请"}


@dataclass(frozen=True)
class Act:
    """Who stops or starts the clock, under which holding, and the request it answers, if any."""

    actor: Actor
    unit_id: int | None = None
    deputy_for: int | None = None
    request: int | None = None


def suspend(loaded: Loaded, act: Act, *, reason: str, resume_on: date | None) -> None:
    """Stop the clock from now on; on the day named, going on is proposed to the office."""
    now = clock.now()
    if resume_on is not None and resume_on <= clock.today():
        text = _("The day to go on comes after today.")
        raise Invalid(text, fields={"resume_on": text})
    loaded.case.status, loaded.case.suspended_at = "suspended", now
    dates.turn_lights(loaded)
    propose_on(loaded, resume_on)
    data = {"reason": reason, "due_day": loaded.case.due_day, "resume_on": resume_on}
    _record(loaded, "case.suspended", act, data)


def propose_on(loaded: Loaded, day: date | None) -> None:
    """Remember the day to go on, and have that proposed then."""
    loaded.case.resume_on = day
    if day is not None:
        morning = loaded.profile.urging.quiet_until
        at = clock.from_local(day, hour=morning.hour, minute=morning.minute)
        session().add(Work(kind=WORK, reference=loaded.case.id, not_before=at))


def resume(loaded: Loaded, act: Act, *, reason: str | None) -> None:
    """Let the clock run again: every open date moves on by the working days that were lost."""
    case, now = loaded.case, clock.now()
    if case.suspended_at is None:
        raise ValueError(f"Case {case.id} does not stand still.")
    before, span = case.due_day, [case.suspended_at.isoformat(), now.isoformat()]
    case.standstills = [*(case.standstills or ()), span]
    case.status, case.suspended_at, case.resume_on = "open", None, None
    moved = dates.find_again(loaded)
    dates.turn_lights(loaded)
    data = {"stood_still": span, "before": before, "after": case.due_day, "moved": moved}
    _record(loaded, "case.resumed", act, {"reason": reason, **data})


def ask(
    loaded: Loaded, act: Act, asks: str, *, reason: str, resume_on: date | None = None
) -> Loaded:
    """Put a request about the clock before the office, as a small case of its own."""
    office = papers.unit_ids([loaded.profile.supervising_office])
    child = branches.branch(
        loaded,
        KIND,
        actor=act.actor,
        unit_id=act.unit_id or office[0],
        units={"lead": [unit for unit in (loaded.lead_unit_id,) if unit]},
        title=f"{loaded.case.matter or loaded.case.title}{TITLES[asks]}",
        content=reason,
        facts={"asks": asks, "wanted": resume_on.isoformat() if resume_on else None},
    )
    data = {"asks": asks, "wanted": resume_on, "reason": reason, "case": child.case.id}
    _record(loaded, "clock.asked", act, data)
    return child


def asked(case_id: int) -> bool:
    """Whether a request about the clock of this case waits for its decision."""
    return any(each.status == "open" for each in branches.branches(case_id, KIND))


@effect("decide_clock")
def decide_clock(step: Completed) -> None:
    """The office grants what was asked, or leaves the clock as it is and says why."""
    case = branches.parent_of(step.loaded)
    if case is None:
        raise Invalid(_("This request belongs to no case."))
    act = Act(step.actor, step.assignment.unit_id, step.holding.deputy_for, step.case.id)
    granted = step.answers["decision"] == "grant"
    step.case.outcome = "granted" if granted else "refused"
    if granted:
        _grant(step, case, act)
        return
    if case.case.status == "suspended":
        propose_on(case, _later(step.answers["resume_on"]))
    note(step, "clock.refused", {**_named(step), "reason": step.answers["opinion"]}, about=case)


def _grant(step: Completed, case: Loaded, act: Act) -> None:
    asks, status = step.case.facts["asks"], case.case.status
    if status not in ("open", "suspended"):
        raise Invalid(_("The case has ended meanwhile; the request can only be refused."))
    if asks == STOP and status == "open":
        wanted = step.answers["resume_on"] or step.case.facts["wanted"]
        suspend(case, act, reason=step.case.content, resume_on=_later(wanted))
    elif asks == GO_ON and status == "suspended":
        resume(case, act, reason=step.answers["opinion"] or step.case.content)


def _later(day: str | None) -> date | None:
    """The day if it still lies ahead."""
    found = date.fromisoformat(day) if day else None
    return found if found and found > clock.today() else None


def _named(step: Completed) -> dict[str, Any]:
    return {"asks": step.case.facts["asks"], "case": step.case.id}


def why_not(status: str, wanted: str) -> Text | None:
    """Why a case that stands so cannot be stopped, or cannot go on."""
    if wanted == STOP:
        return None if status == "open" else _("Only a case that is open can be suspended.")
    return None if status == "suspended" else _("Only a case that is suspended can be resumed.")


def _record(loaded: Loaded, kind: str, act: Act, data: Mapping[str, Any]) -> None:
    journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=act.actor,
        unit_id=act.unit_id,
        deputy_for=act.deputy_for,
        data={**data, "request": act.request},
    )

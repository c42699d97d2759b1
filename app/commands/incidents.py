"""What a supervisor does about an incident: put facts right, try again, skip it (two persons)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, select

from app import clock, engine
from app.actor import Actor
from app.advance import Loaded
from app.advance.settling import save_state, state_hash
from app.commands import faster, sight, stuck
from app.commands.command import command
from app.db import session
from app.engine import EngineError
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.i18n import _
from app.model import OPEN, Assignment, Case, Incident, Timer, Work
from app.rules import access, facts

SHORTEST_REASON: Final = 2
LONGEST_REASON: Final = 2000
ONE_LESS: Final = stuck.MOST_ATTEMPTS - 1
SKIPPABLE: Final = ("timer", "work")
FAILED: Final = (*SKIPPABLE, "act")
MOVE: Final = "move"
TOUCHED: Final = tuple(
    f"incident.{done}"
    for done in (
        "opened",
        "retried",
        "data_corrected",
        "skip_proposed",
        "skipped",
        "move_proposed",
        "resolved",
    )
)


@dataclass(frozen=True)
class Seen:
    """A locked incident with its case, if it has one."""

    incident: Incident
    loaded: Loaded | None


@command
def retry(incident_id: int, *, actor: Actor, version: int | None = None) -> dict[str, Any]:
    """Let it be tried again at once; if it fails again the incident is back: `{"state"}`."""
    seen = locked(incident_id, actor, version)
    incident = seen.incident
    _require(incident, "open")

    again = _failed(incident)
    if again is not None:
        again.state, again.attempts = "pending", ONE_LESS
        again.not_before = clock.now()
    _change(incident, state="retrying", retried_at=clock.now(), **_NO_PROPOSAL)
    stuck.record("incident.retried", seen.incident, actor, {})
    if again is None and incident.doing != "complete_task":
        resolve(incident, "retried", actor)
    return {"state": incident.state}


@command
def propose_skip(
    incident_id: int, reason: str, *, actor: Actor, version: int | None = None
) -> dict[str, Any]:
    """Say why it should not happen at all; a second person has to agree: `{"state"}`."""
    seen = locked(incident_id, actor, version)
    _require_skippable(seen.incident)
    said = _reason(reason)

    _change(seen.incident, proposed_by=actor.person_id, proposed_at=clock.now(), proposal=said)
    stuck.record("incident.skip_proposed", seen.incident, actor, {"reason": said})
    return {"state": seen.incident.state}


@command
def skip(incident_id: int, *, actor: Actor, version: int | None = None) -> dict[str, Any]:
    """Agree to skip it; never the person who proposed it: `{"state"}`."""
    seen = locked(incident_id, actor, version)
    incident = seen.incident
    _require_skippable(incident)
    if incident.proposed_by is None:
        raise Invalid(_("Nobody has proposed to skip this yet."))
    access.require(
        incident.proposed_by != actor.person_id,
        _("Whoever proposed to skip it cannot be the one who agrees."),
    )

    given_up = _failed(incident)
    if given_up is not None:
        given_up.state = "skipped"
    said = {"reason": incident.proposal, "proposed_by": incident.proposed_by}
    stuck.record("incident.skipped", seen.incident, actor, said)
    resolve(incident, "skipped", actor)
    return {"state": incident.state}


@command
def correct_data(
    incident_id: int,
    changes: Mapping[str, Any],
    reason: str,
    *,
    actor: Actor,
    version: int | None = None,
) -> dict[str, Any]:
    """Put facts of the case right that its diagram reads, each staying of its kind: `{"facts"}`."""
    seen = locked(incident_id, actor, version)
    loaded = seen.loaded
    _require(seen.incident, "open")
    if loaded is None:
        raise Invalid(_("This incident is about no case."))
    said = _reason(reason)
    before = _facts(loaded)
    after = facts.corrected(before, changes)

    try:
        state = engine.correct(loaded.compiled, loaded.state, after)
    except EngineError as problem:
        raise Invalid(problem.text) from problem
    kept = {name: value for name, value in after.items() if name in loaded.case.facts}
    loaded.case.facts = {**loaded.case.facts, **kept}
    _change(seen.incident)
    told = {
        "reason": said,
        "before": {name: before[name] for name in after},
        "after": after,
        "state": state_hash(state),
    }
    save_state(loaded, state, stuck.record("incident.data_corrected", seen.incident, actor, told))
    return {"facts": sorted(after)}


def resolve_settled(*, actor: Actor) -> int:
    """Close incidents whose trouble is over: fired, done, or no longer wanted; how many."""
    session().rollback()
    over = session().execute(
        select(Incident.id, Incident.case_id).where(Incident.unsolved(), _over())
    )
    found = over.all()
    session().rollback()
    return sum(_settle(incident_id, case_id, actor=actor) for incident_id, case_id in found)


@command
def _settle(incident_id: int, case_id: int | None, *, actor: Actor) -> bool:
    """Close one, if it is still so with its case locked; tries that came to nothing are dropped."""
    stuck.lock_case(case_id)
    incident = session().scalar(
        select(Incident)
        .where(Incident.id == incident_id, Incident.unsolved(), _over())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if incident is None:
        return False
    if incident.state == "counting":
        session().delete(incident)
        return False
    resolve(incident, "settled", actor)
    return True


def _over() -> ColumnElement[bool]:
    """Nothing waits any more: the timer or work is not failed, the task is not to be done."""
    timer = exists().where(
        Timer.id == Incident.reference,
        Timer.state.in_(("pending", "failed")),
        Case.id == Timer.case_id,
        Case.status.in_(("open", "suspended")),
        (Timer.assignment_id.is_(None))
        | exists().where(Assignment.id == Timer.assignment_id, Assignment.state.in_(OPEN)),
    )
    work = exists().where(
        Work.id == Incident.reference, Work.state.in_(("pending", "running", "failed"))
    )
    task = exists().where(Assignment.id == Incident.reference, Assignment.state.in_(OPEN))
    running = exists().where(Case.id == Incident.reference, Case.status.in_(("open", "suspended")))
    return (
        and_(Incident.kind == "timer", ~timer)
        | and_(Incident.kind == "work", ~work)
        | and_(Incident.kind == "act", Incident.doing == "complete_task", ~task)
        | and_(Incident.kind == MOVE, ~running)
    )


def locked(
    incident_id: int, actor: Actor, version: int | None, *, kinds: Collection[str] = FAILED
) -> Seen:
    """The incident for somebody who supervises its case; NotFound for strangers."""
    incident = session().get(Incident, incident_id)
    if incident is None or incident.state == "counting":
        raise NotFound
    loaded = None
    if incident.case_id is None:
        if not access.may_see_incidents(actor):
            raise NotFound
        allowed = access.may_settle_incidents(actor)
    else:
        loaded = sight.seen(incident.case_id, actor)
        allowed = sight.supervises(loaded, actor)
    access.require(allowed, _("Only the supervising office may do this."))
    if incident.kind not in kinds:
        raise Invalid(_("That cannot be done about this incident."))
    session().refresh(incident, with_for_update=True)
    if version not in (None, incident.version):
        raise Stale(
            _("Somebody else was faster: this was changed after you opened it."),
            details=_last_touched(incident),
        )
    return Seen(incident, loaded)


def _last_touched(incident: Incident) -> dict[str, Any]:
    touched = dict.fromkeys(TOUCHED, faster.about(incident=incident.id))
    return faster.last(stuck.stream_of(incident.case_id), touched, incident.version)


def _require(incident: Incident, state: str) -> None:
    if incident.state != state:
        raise Invalid(
            _("It is being tried again just now.")
            if incident.state == "retrying"
            else _("This incident is resolved already.")
        )


def _require_skippable(incident: Incident) -> None:
    _require(incident, "open")
    if incident.kind not in SKIPPABLE:
        raise NotAllowed(_("What a person does cannot be skipped; put the data right instead."))


def _reason(said: str) -> str:
    reason = said.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        text = _("Say why, in at most %(most)s characters.", most=LONGEST_REASON)
        raise Invalid(text, fields={"reason": text})
    return reason


def _facts(loaded: Loaded) -> dict[str, Any]:
    try:
        return engine.facts_ahead(loaded.compiled, loaded.state)
    except EngineError as problem:
        raise Invalid(problem.text) from problem


def _failed(incident: Incident) -> Timer | Work | None:
    """The timer or work that was given up, locked; None for acts."""
    if incident.kind not in SKIPPABLE:
        return None
    table: type[Timer | Work] = Timer if incident.kind == "timer" else Work
    found = session().get(table, incident.reference, with_for_update=True, populate_existing=True)
    assert found is None or isinstance(found, Timer | Work)  # noqa: S101 - for the type checker
    if found is None or found.state != "failed":
        raise Invalid(_("Nothing waits here any more."))
    return found


_NO_PROPOSAL: Final[Mapping[str, Any]] = {"proposed_by": None, "proposed_at": None, "proposal": ""}


def _change(incident: Incident, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(incident, name, value)
    incident.version += 1


def resolve(incident: Incident, how: str, actor: Actor) -> None:
    """Nothing has to be done about it any more."""
    _change(
        incident,
        state="resolved",
        resolution=how,
        resolved_at=clock.now(),
        resolved_by=actor.person_id,
    )
    stuck.record("incident.resolved", incident, actor, {"how": how})

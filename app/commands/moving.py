"""Put a running case at another task (任意跳转): one proposes it, another one agrees.

The proposal waits among the incidents; both persons are of the office that supervises the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from app import advance, clock, engine, forms
from app.actor import Actor
from app.advance import Loaded
from app.commands import faster, incidents, sight, stuck
from app.commands.command import command
from app.db import session
from app.effects import anew
from app.errors import Invalid
from app.forms.definition import NOTHING
from app.i18n import _
from app.model import Case, Event, Incident
from app.rules import access

KIND: Final = incidents.MOVE
PROPOSED: Final = "incident.move_proposed"
ONLY_OFFICE: Final = _("Only the supervising office may do this.")


@command
def propose_move(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Say at which task the case should stand instead, and why: `{"case", "incident"}`."""
    loaded = sight.seen(case_id, actor)
    actor = sight.of_office(loaded, actor, ONLY_OFFICE)
    faster.require_unchanged(loaded.stream, seen, {**faster.STOPPED, PROPOSED: faster.always})
    _require_open(loaded.case)
    names = {each.node: each for each in anew.entries(loaded.case)}
    form = forms.offering(forms.load("move"), "task", dict.fromkeys(names, NOTHING))
    said = forms.checked(form, answers, context=advance.form_context(actor.unit_id))
    task = names[said["task"]]
    _require_elsewhere(loaded, task.node)
    _require_none(case_id)

    now = clock.now()
    incident = Incident(
        kind=KIND,
        reference=case_id,
        doing="move_case",
        case_id=case_id,
        person_id=actor.person_id,
        problem=_("It is proposed to put it at “%(task)s”.", task=task.name).as_json(),
        element=task.node,
        state="open",
        attempts=0,
        first_at=now,
        last_at=now,
        opened_at=now,
        proposed_by=actor.person_id,
        proposed_at=now,
        proposal=said["reason"],
    )
    session().add(incident)
    session().flush()
    told = {"reason": said["reason"], "to": task.node, "to_name": task.name}
    stuck.record(PROPOSED, incident, actor, told)
    return {"case": case_id, "incident": incident.id}


@command
def move(incident_id: int, *, actor: Actor, version: int | None = None) -> dict[str, Any]:
    """Agree, never the one who proposed it: every open task is closed, and that one opened."""
    incident, loaded = _proposed(incident_id, actor, version)
    actor = sight.of_office(loaded, actor, ONLY_OFFICE)
    access.require(
        incident.proposed_by != actor.person_id,
        _("Whoever proposed it cannot be the one who agrees."),
    )
    _require_open(loaded.case)
    _require_unmoved(loaded)

    told = {
        "incident": incident.id,
        "reason": incident.proposal,
        "proposed_by": incident.proposed_by,
        "from": sorted({each.name for each in loaded.waiting}),
        "to": incident.element,
        "to_name": _name(loaded.case, incident.element),
    }
    anew.begin(loaded, anew.begun_at(loaded, incident.element), "case.moved", told, actor)
    incidents.resolve(incident, "moved", actor)
    return {"case": loaded.case.id}


@command
def decline_move(incident_id: int, *, actor: Actor, version: int | None = None) -> dict[str, Any]:
    """Leave the case where it is: the one who proposed it thought again, or another declines."""
    incident, loaded = _proposed(incident_id, actor, version)
    actor = sight.of_office(loaded, actor, ONLY_OFFICE)
    told = {"to": incident.element, "to_name": _name(loaded.case, incident.element)}
    stuck.record("incident.move_declined", incident, actor, told)
    incidents.resolve(incident, "declined", actor)
    return {"case": loaded.case.id}


def _proposed(incident_id: int, actor: Actor, version: int | None) -> tuple[Incident, Loaded]:
    seen = incidents.locked(incident_id, actor, version, kinds=(KIND,))
    if seen.loaded is None or seen.incident.state != "open":
        raise Invalid(_("This incident is resolved already."))
    return seen.incident, seen.loaded


def _name(case: Case, node: str) -> str:
    return next((each.name for each in anew.entries(case) if each.node == node), node)


def _require_open(case: Case) -> None:
    if case.status != "open":
        raise Invalid(_("Only a case that is open can be put at another task."))


def _require_elsewhere(loaded: Loaded, node: str) -> None:
    """A case that stands there and nowhere else would only lose what was begun."""
    steps = engine.open_steps(loaded.compiled, loaded.state)
    if [step.node for step in steps] == [node]:
        text = _("The case stands at this task already.")
        raise Invalid(text, fields={"task": text})


def _require_none(case_id: int) -> None:
    waiting = select(Incident.id).where(
        Incident.kind == KIND, Incident.reference == case_id, Incident.unsolved()
    )
    if session().scalar(waiting.limit(1)) is not None:
        raise Invalid(
            _("It is proposed already to put this case at another task; see the incidents.")
        )


def _require_unmoved(loaded: Loaded) -> None:
    """Whoever agrees has to have in mind what the other one had: the case as it stood then."""
    last = select(func.max(Event.seq)).where(Event.stream == loaded.stream, Event.kind == PROPOSED)
    if loaded.case.state_seq > (session().scalar(last) or 0):
        raise Invalid(
            _("The case has gone on since this was proposed. Decline it, and propose it anew.")
        )

"""What cannot go on by itself: counted, and after five tries put before a supervisor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock, journal
from app.actor import Actor
from app.db import session, transaction
from app.engine import EngineError
from app.errors import Busy, Invalid, Refusal, Stale
from app.i18n import Text, _
from app.model import Assignment, Case, Document, Incident

MOST_ATTEMPTS: Final = 5
STREAM: Final = "incidents"
TAKEN: Final = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


@dataclass(frozen=True)
class Trouble:
    """What fails: a timer, background work or an act; `reference` its id, `doing` what it does."""

    kind: str
    reference: int
    doing: str
    case_id: int | None = None


class Stuck(Invalid):
    """The engine cannot do this act just now; nothing was changed, and somebody will look."""

    code = "stuck"


def clashed(problem: BaseException) -> bool:
    """Whether somebody else was merely faster or the database away: tried again, never counted."""
    if isinstance(problem, IntegrityError):
        said = problem.orig
        code = getattr(said, "sqlstate", None) or getattr(said, "sqlite_errorname", None)
        return code in TAKEN
    return isinstance(problem, Stale | Busy)


def stream_of(case_id: int | None) -> str:
    """Where an incident is journalled: with its case, if it has one."""
    return STREAM if case_id is None else f"case:{case_id}"


def lock_case(case_id: int | None) -> None:
    """Lock the case alone: its state or mechanism may be what is broken."""
    if case_id is not None:
        session().execute(select(Case.id).where(Case.id == case_id).with_for_update())


def case_of_work(kind: str, reference: int) -> int | None:
    """The case that background work is about, if it is about one."""
    if kind == "propose_resume":
        return reference
    if kind != "deliver_reminder":
        return None
    return session().scalar(select(Document.case_id).where(Document.id == reference))


def open_incident(
    trouble: Trouble, problem: Exception, *, attempts: int, actor: Actor, element: str = ""
) -> Incident:
    """Put it before a supervisor, inside the transaction that gives it up; its case is locked."""
    incident = _counted(trouble, problem, actor, element)
    incident.attempts = max(attempts, incident.attempts)
    _give_up(incident, actor)
    return incident


def troubled(name: str, args: tuple[Any, ...], actor: Actor, problem: EngineError) -> Stuck:
    """Count a person's act that the engine refused; after five tries it is an incident.

    Called after the act was undone, so it has a transaction of its own.
    """
    subject = args[0] if args and isinstance(args[0], int) else 0
    with transaction():
        journal.forget()
        try:
            trouble = _act(name, subject)
            lock_case(trouble.case_id)
            incident = _counted(trouble, problem, actor, problem.element)
            if incident.state != "open" and incident.attempts >= MOST_ATTEMPTS:
                _give_up(incident, actor)
            number = incident.id if incident.state == "open" else None
            journal.flush()
        finally:
            journal.forget()
    return Stuck(_said(problem, number), details={"incident": number})


def words(problem: Exception) -> Text:
    """What went wrong, for people: never a value of the case, never the program's own words."""
    if isinstance(problem, Refusal | EngineError):
        return problem.text
    return _(
        "An error in the program (%(kind)s); its log has the details.", kind=type(problem).__name__
    )


def _act(name: str, subject: int) -> Trouble:
    if name == "complete_task":
        found = select(Assignment.case_id).where(Assignment.id == subject)
    else:
        found = select(Case.id).where(Case.id == subject)
    return Trouble("act", subject, name, session().scalar(found))


def _counted(trouble: Trouble, problem: Exception, actor: Actor, element: str) -> Incident:
    """The incident of this trouble with one more try counted; new where it is the first."""
    now = clock.now()
    incident = session().scalar(
        select(Incident)
        .where(
            Incident.kind == trouble.kind,
            Incident.reference == trouble.reference,
            Incident.doing == trouble.doing,
            Incident.unsolved(),
        )
        .with_for_update()
    )
    if incident is None:
        incident = Incident(
            kind=trouble.kind,
            reference=trouble.reference,
            doing=trouble.doing,
            case_id=trouble.case_id,
            state="counting",
            attempts=0,
            first_at=now,
        )
        session().add(incident)
    incident.problem, incident.element = words(problem).as_json(), element
    incident.person_id = actor.person_id
    incident.attempts += 1
    incident.last_at = now
    session().flush()
    return incident


def _give_up(incident: Incident, actor: Actor) -> None:
    incident.state, incident.version = "open", (incident.version or 0) + 1
    incident.opened_at = incident.opened_at or incident.last_at
    told = {"attempts": incident.attempts, "problem": incident.problem}
    record("incident.opened", incident, actor, told)


def record(kind: str, incident: Incident, actor: Actor, data: Mapping[str, Any]) -> int:
    """Journal what became of an incident, with its case if it has one; the row's place."""
    return journal.record(
        kind,
        stream=stream_of(incident.case_id),
        case_id=incident.case_id,
        actor=actor,
        data={
            "incident": incident.id,
            "about": incident.kind,
            "doing": incident.doing,
            "reference": incident.reference,
            **data,
        },
    )


def _said(problem: EngineError, number: int | None) -> Text:
    if number is None:
        return _("%(why)s Nothing was changed. Try again in a moment.", why=problem.text)
    return _(
        "%(why)s Nothing was changed. The supervising office has it before it as incident "
        "%(number)s and will put it right; then send this again.",
        why=problem.text,
        number=number,
    )

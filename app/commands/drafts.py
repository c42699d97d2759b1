"""Keep what somebody typed into a task's form until they submit it (暂存, domain row 31).

A draft is one person's own: colleagues of the post see what was written once it is submitted.
Handing the task on hands the draft on. It is no part of the journal and decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, exists, select

from app import advance, clock
from app.actor import Actor
from app.commands import sight
from app.commands.command import command
from app.db import constants, session
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.i18n import _
from app.model import OPEN, Assignment, Case, Draft
from app.rules import access

LONGEST: Final = 200_000
KEPT: Final = timedelta(days=400)
TOO_LONG: Final = _("This is too long to keep as a draft: at most 200,000 characters.")
NOT_OPEN: Final = _("This task is not open just now, so no draft of it is kept.")
OTHER_WINDOW: Final = _("You saved another draft of this task in the meantime, in another window.")


@command
def save_draft(
    assignment_id: int, fields: Sequence[tuple[str, str]], *, actor: Actor, seen: int
) -> dict[str, Any]:
    """Keep these fields for this person; `seen` is the version they typed on (0: none yet).

    Returns the draft's version and when it was saved. What is there already is not saved again.
    Raises Stale when another window of theirs saved something else meanwhile.
    """
    found = _task(assignment_id)
    if _holding(found, actor) is None:
        _refuse(assignment_id, actor)
    if found.state != "active" or found.status != "open":
        raise Invalid(NOT_OPEN)
    text = json.dumps(list(fields), ensure_ascii=False)
    if len(text) > LONGEST:
        raise Invalid(TOO_LONG)

    now, place = clock.now(), {"assignment_id": assignment_id, "person_id": actor.person_id}
    there = session().get(Draft, place, with_for_update=True, populate_existing=True)
    if there is None:
        session().add(there := Draft(**place))
    elif there.fields == text:
        return {"version": there.version, "at": there.saved_at.isoformat()}
    elif there.version != seen:
        raise Stale(
            OTHER_WINDOW,
            details={"by": actor.name, "at": there.saved_at, "what": "", "version": there.version},
        )
    there.fields, there.version, there.saved_at = text, seen + 1, now
    return {"version": there.version, "at": there.saved_at.isoformat()}


@command
def drop_draft(assignment_id: int, *, actor: Actor) -> None:
    """Throw one's own draft away; the form is as it was before anything was typed."""
    if _holding(_task(assignment_id), actor) is None:
        _refuse(assignment_id, actor)
    mine = (Draft.assignment_id == assignment_id, Draft.person_id == actor.person_id)
    session().execute(delete(Draft).where(*mine))


@command
def forget_drafts(*, actor: Actor) -> int:
    """Drop the drafts of tasks that are over (nobody is shown them), and the very old ones."""
    access.only_the_system(actor)
    open_ = exists().where(
        Assignment.id == Draft.assignment_id, Assignment.state.in_(constants(*OPEN))
    )
    gone = delete(Draft).where(~open_ | (Draft.saved_at < clock.now() - KEPT))
    return len(session().scalars(gone.returning(Draft.assignment_id)).all())


def _task(assignment_id: int) -> Any:
    columns = (Assignment.unit_id, Assignment.post, Assignment.person_id, Assignment.state)
    found = session().execute(
        select(*columns, Case.status, Case.kind)
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.id == assignment_id)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


def _holding(task: Any, actor: Actor) -> Any:
    return access.completes(
        actor, unit_id=task.unit_id, post=task.post, person_id=task.person_id, kind=task.kind
    )


def _refuse(assignment_id: int, actor: Actor) -> None:
    """A stranger hears nothing of the task; others, why it is not theirs."""
    loaded, _ticket, assignment = advance.load_by_assignment(assignment_id)
    sight.require_seen(loaded, actor, assignment.unit_id)
    raise NotAllowed(_("Only the post this task belongs to may complete it."))

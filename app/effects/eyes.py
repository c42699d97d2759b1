"""Four eyes: who did certain other tasks, or signed already, and so may not do this one."""

from __future__ import annotations

from sqlalchemy import select

from app.advance.regaining import FIRST
from app.db import session
from app.i18n import Text, _
from app.model import Assignment, Ticket


def barred(case_id: int, not_by: str, person_id: int | None) -> Text | None:
    """Why this person may not do a task with that `wv:notBy`; the last time of each counts."""
    name = did(case_id, not_by, person_id)
    if name is None:
        return None
    return _(
        "You completed “%(task)s” yourself, so somebody else has to do this one: another"
        " person of this post, or a deputy.",
        task=name,
    )


def did(case_id: int, not_by: str, person_id: int | None) -> str | None:
    """The name of the task this person did that bars them, if they did one."""
    if not not_by:
        return None
    rows = session().execute(
        select(Ticket.node, Ticket.id, Ticket.name, Assignment.done_by)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(
            Ticket.case_id == case_id,
            Ticket.node.in_(not_by.split()),
            Assignment.state == "done",
            Assignment.kind != "before",
        )
        .order_by(Ticket.id.desc())
    )
    last: dict[str, int] = {}
    for node, ticket_id, name, done_by in rows:
        if last.setdefault(node, ticket_id) == ticket_id and done_by == person_id:
            return str(name)
    return None


def signed_already(ticket: Ticket, part: Assignment, person_id: int | None) -> Text | None:
    """Why this person may not sign a task that others of their unit were asked to sign besides.

    One person is one voice, however the parts were handed on; for somebody else a deputy signs.
    """
    if part.kind in FIRST or (not part.kind and ticket.policy == "any"):
        return None
    theirs = select(Assignment.id).where(
        Assignment.ticket_id == ticket.id,
        Assignment.unit_id == part.unit_id,
        Assignment.id != part.id,
        Assignment.state == "done",
        Assignment.kind.not_in(FIRST),
        Assignment.done_by == person_id,
    )
    if not part.kind:
        theirs = theirs.where(Assignment.kind != "")
    if session().scalar(theirs.limit(1)) is None:
        return None
    return _("You have signed this task already; somebody else has to sign this part.")

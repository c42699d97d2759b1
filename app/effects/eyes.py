"""Four eyes: who did certain earlier tasks of a case, and so may not do this one (`wv:notBy`)."""

from __future__ import annotations

from sqlalchemy import select

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

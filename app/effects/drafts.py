"""What was typed into a task's form goes along when the task is handed on."""

from __future__ import annotations

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased

from app.db import session
from app.model import Draft


def pass_on(assignment_id: int, giver: int | None, taker: int) -> None:
    """The next holder goes on from the giver's draft, unless they have one of their own."""
    own = aliased(Draft)
    has = exists().where(own.assignment_id == assignment_id, own.person_id == taker)
    session().execute(
        update(Draft)
        .where(Draft.assignment_id == assignment_id, Draft.person_id == giver, ~has)
        .values(person_id=taker, version=Draft.version + 1)
    )

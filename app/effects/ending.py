"""End a case before its diagram does: whether somebody took it up, and what ends along with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app import advance, clock
from app.actor import Actor
from app.advance import Loaded
from app.db import constants, session
from app.effects import extension, papers, standing_still
from app.model import RUNNING, Assignment, Case, Document

NEVER_WITHOUT: Final = (extension.KIND, standing_still.KIND)
"""Kinds of cases that are about nothing once the case they came from has ended."""


@dataclass(frozen=True)
class Branch:
    """A case that still runs and came, directly or not, out of another one."""

    id: int
    kind: str
    name: str


def taken_up() -> ColumnElement[bool]:
    """Whether anybody but who opened a case acted on it: did, claimed or was handed a task of it.

    Papers that were issued and cases opened out of it count as well: they stand by themselves.
    """
    other = or_(
        and_(Assignment.state == "done", Assignment.done_by != Case.opened_by),
        Assignment.person_id != Case.opened_by,
    )
    child = aliased(Case)
    return or_(
        exists().where(Assignment.case_id == Case.id, other),
        exists().where(Document.case_id == Case.id, Document.issued_at.is_not(None)),
        exists().where(child.parent_id == Case.id),
    )


def running_below(case_id: Any) -> Select[int, str, str]:
    """Id, kind and name of what still runs of the cases that came out of this one.

    The newest first: in this order they are locked, and all of them before the case itself.
    """
    below = select(Case.id).where(Case.parent_id == case_id).cte("below", recursive=True)
    below = below.union_all(select(Case.id).where(Case.parent_id == below.c.id))
    return (
        select(Case.id, Case.kind, func.coalesce(Case.number, Case.title).label("name"))
        .where(Case.id.in_(select(below.c.id)), Case.status.in_(constants(*RUNNING)))
        .order_by(Case.id.desc())
    )


def branches_of(case_id: int) -> list[Branch]:
    """The same, read."""
    return [Branch(*row) for row in session().execute(running_below(case_id))]


def end(
    loaded: Loaded, status: str, *, actor: Actor, reason: str, along_with: int | None = None
) -> None:
    """Close every open task and draft; what was issued in error (`void`) is void as well.

    The number stays taken, the clock stands, and nothing that was submitted or issued is lost.
    What came to its own end in the moment before it was locked stays as it ended.
    """
    case = loaded.case
    if case.status not in RUNNING:
        return
    if case.suspended_at is not None:
        span = [case.suspended_at.isoformat(), clock.now().isoformat()]
        case.standstills, case.suspended_at = [*(case.standstills or ()), span], None
        case.resume_on = None
    for paper in _papers(case.id):
        if status == "void" or paper.state != "issued":
            papers.withdraw(loaded, paper, actor=actor, reason=reason)
    told: dict[str, Any] = {"number": case.number, "along_with": along_with}
    advance.close_case(loaded, actor=actor, status=status, reason=reason, told=told)


def _papers(case_id: int) -> Sequence[Document]:
    found = select(Document).where(Document.case_id == case_id, Document.state != "void")
    return session().scalars(found.order_by(Document.id)).all()

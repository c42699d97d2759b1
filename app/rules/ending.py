"""Who may end a case before its time, and who may have it run again (撤销、终止、作废、重启)."""

from __future__ import annotations

from app.actor import Actor
from app.rules.standing import May, Standing

RUNNING = ("open", "suspended")


def may_revoke(actor: Actor, case: Standing) -> May:
    """Whoever opened it, until somebody else takes it up."""
    mine = case.opener is not None and case.opener == actor.person_id
    return mine and case.status in RUNNING and not case.taken_up


def may_end(actor: Actor, case: Standing) -> May:
    """The head of the supervising office, as long as the case runs."""
    return heads_office(actor, case) and case.status in RUNNING


def heads_office(actor: Actor, case: Standing) -> bool:
    """Whether this person leads the office that supervises the case."""
    return any(actor.holding(unit, ("supervision_director",)) for unit in case.office_units)

"""Who may end a case before its time, and who may have it run again (撤销、终止、作废、重启)."""

from __future__ import annotations

from typing import Final

from app.actor import Actor
from app.i18n import _
from app.rules.standing import CLOCKED, May, Standing
from app.rules.supervising import of_office

RUNNING: Final = ("open", "suspended")
ENDED: Final = ("closed", "terminated")
REOPENABLE: Final = CLOCKED


def may_revoke(actor: Actor, case: Standing) -> May:
    """Whoever opened it, until somebody else takes it up."""
    mine = case.opener is not None and case.opener == actor.person_id
    return mine and case.status in RUNNING and not case.taken_up


def may_end(actor: Actor, case: Standing) -> May:
    """The head of the supervising office, as long as the case runs."""
    return heads_office(actor, case) and case.status in RUNNING


def may_reopen(actor: Actor, case: Standing) -> May:
    """The supervising office, for what has a clock and was closed or terminated."""
    return of_office(actor, case) and case.status in ENDED and case.kind in REOPENABLE


def may_move(actor: Actor, case: Standing) -> May:
    """One person of the supervising office proposes it; another one has to agree."""
    if not of_office(actor, case) or case.status != "open" or not case.entries:
        return False
    if case.moving:
        return _("It is proposed already to put this case at another task; see the incidents.")
    return True


def heads_office(actor: Actor, case: Standing) -> bool:
    """Whether this person leads the office that supervises the case."""
    return any(actor.holding(unit, ("supervision_director",)) for unit in case.office_units)

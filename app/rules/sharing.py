"""Who may send a case round for reading, and speak in its thread (domain rows 13, 14, 31)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from app.actor import Actor, Holding
from app.forms import Words, load
from app.i18n import Text, _
from app.rules import access, handing
from app.rules.handing import TaskStanding
from app.rules.standing import May, Standing

OFFICE: Final = ("supervision_clerk", "supervision_director")
OVER: Final = ("void", "terminated")
WITHDRAWN_WITHIN: Final = timedelta(minutes=10)
TOO_LATE: Final = _(
    "A comment can be withdrawn within ten minutes; later, write another one that corrects it."
)
IS_OVER: Final = _("The case was declared void or terminated; nothing of it is sent any more.")


def sending_for(actor: Actor, case: Standing) -> Holding | None:
    """The holding under which this person answers for the case: office, opener or lead unit."""
    return _works_for(actor, (*case.office_units, case.opener_unit or 0, *case.lead_units))


def reading_for(actor: Actor, case: Standing) -> Holding | None:
    """The same, also for units that help or got a copy: they may read it together."""
    others = (*case.co_units, *case.copied_units)
    return sending_for(actor, case) or _works_for(actor, others)


def may_send_copies(actor: Actor, case: Standing) -> May:
    """Who answers for the case sends copies of it and its papers (抄送、抄报), closed or not."""
    return sending_for(actor, case) is not None and _sent(case)


def may_circulate(actor: Actor, case: Standing) -> May:
    """Who works on the case, or for a unit that got a copy, has colleagues read it (传阅)."""
    return reading_for(actor, case) is not None and _sent(case)


def may_circulate_widely(actor: Actor, case: Standing) -> May:
    """The supervising office has posts of several units read it."""
    if not any(actor.holding(unit, OFFICE) for unit in case.office_units):
        return False
    return _sent(case)


def may_circulate_first(actor: Actor, task: TaskStanding) -> May:
    """Whoever may complete a task has colleagues read the case before."""
    if handing.completing(actor, task) is None:
        return False
    if not task.open:
        return handing.NOT_OPEN
    return handing.FORBIDDEN if "circulate_first" in task.forbids else True


def copied(papers: Mapping[str, str]) -> dict[str, Words]:
    """What copies may be sent of: the case itself, and its papers by the value that says which."""
    what = load("copy").field("what")
    itself = {option.value: option.label for option in what.options} if what else {}
    return {**itself, **{value: Words(title, title) for value, title in papers.items()}}


def may_recall(actor: Actor, unit_id: int) -> bool:
    """Who works for the unit that sent it."""
    return _works_for(actor, (unit_id,)) is not None


def may_comment(actor: Actor, status: str) -> May:
    """Whoever may know of the case and works on cases; who only watches or audits does not."""
    if not access.units_worked_for(actor):
        return False
    if status not in ("open", "suspended"):
        return _("The case is closed, and its thread with it.")
    return True


def _works_for(actor: Actor, units: Collection[int]) -> Holding | None:
    found = (actor.holding(unit, access.WORKERS) for unit in units)
    return next((held for held in found if held is not None), None)


def _sent(case: Standing) -> Text | bool:
    return IS_OVER if case.status in OVER else True


def still_read(left: int) -> Text:
    """Why a task cannot be completed yet."""
    return _("%(count)s still have to read the case first, or the list is recalled.", count=left)

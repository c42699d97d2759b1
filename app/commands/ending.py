"""End a case before its diagram does: revoked (撤销), terminated (终止) or declared void (作废)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from app import advance, forms
from app.actor import Actor
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.effects import ending
from app.effects.ending import Branch
from app.errors import Invalid, NotAllowed, Stale
from app.i18n import _
from app.model import RUNNING, Case
from app.rules import access, posts

KEEP: Final = "keep"


@command
def revoke(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Take back a whole case one has opened, before anybody takes it up (撤销, domain row 11).

    Taken up is a case in which somebody else signed for, claimed, was handed or completed a task,
    or out of which a paper or another case has come. What was submitted stays to be read.
    """
    loaded = sight.seen(case_id, actor)
    mine = actor.person_id is not None and loaded.case.opened_by == actor.person_id
    access.require(mine, _("Only whoever opened this case may revoke it."))
    faster.require_unchanged(loaded.stream, seen, faster.STOPPED)
    _require_running(loaded.case)
    said = sight.answered("revoke", answers, unit_id=actor.unit_id)
    if session().scalar(select(Case.id).where(Case.id == case_id, ending.taken_up())):
        raise NotAllowed(
            _("Somebody has taken this up already. Ask the supervising office to end it.")
        )

    ending.end(loaded, "revoked", actor=actor, reason=said["reason"])
    return {"case": case_id}


@command
def terminate(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Break a running case off, for a reason (终止, domain row 17); what was issued stands."""
    return _end(case_id, "terminate", "terminated", answers, actor=actor, seen=seen)


@command
def declare_void(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """End a case as opened in error (作废): its papers are void, its numbers are never reused."""
    return _end(case_id, "declare_void", "void", answers, actor=actor, seen=seen)


def _end(
    case_id: int,
    form: str,
    status: str,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    seen: int | None,
) -> dict[str, Any]:
    """End it with what is about nothing without it, and with the rest if that was answered."""
    branches = ending.branches_of(case_id)
    below = {each.id: advance.load(each.id) for each in branches}
    loaded = sight.seen(case_id, actor)
    heads = posts.held(actor, loaded.profile, "supervising_director")
    access.require(heads, _("Only the head of the supervising office may do this."))
    actor = actor.acting_as(heads)
    faster.require_unchanged(loaded.stream, seen, faster.ENDED)
    _require_running(loaded.case)
    _require_all(case_id, branches)
    said = _answered(form, answers, branches, actor)

    running = [each for each in branches if below[each.id].case.status in RUNNING]
    along = [each for each in running if _ends_along(each, said.get("branches", KEEP))]
    for each in along:
        ending.end(below[each.id], status, actor=actor, reason=said["reason"], along_with=case_id)
    ending.end(loaded, status, actor=actor, reason=said["reason"])
    return {"case": case_id, "along": [each.id for each in along]}


def _answered(
    name: str, answers: Mapping[str, Any], branches: Sequence[Branch], actor: Actor
) -> dict[str, Any]:
    """Whether cases that stand by themselves end as well is asked only while there are such."""
    form = forms.load(name)
    if all(each.kind in ending.NEVER_WITHOUT for each in branches):
        form = forms.offering(form, "branches", {})
        answers = {key: value for key, value in answers.items() if key != "branches"}
    return forms.checked(form, answers, context=advance.form_context(actor.unit_id))


def _ends_along(branch: Branch, answer: str) -> bool:
    return branch.kind in ending.NEVER_WITHOUT or answer != KEEP


def _require_all(case_id: int, locked: Sequence[Branch]) -> None:
    """Refuse where a case was opened out of this one in the moment before it was locked."""
    if not {each.id for each in ending.branches_of(case_id)} <= {each.id for each in locked}:
        raise Stale(faster.CHANGED, details={"by": "", "at": None})


def _require_running(case: Case) -> None:
    if case.status not in RUNNING:
        raise Invalid(_("This case has ended already."))

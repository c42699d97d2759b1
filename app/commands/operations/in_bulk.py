"""One operation for many tasks: each in a transaction of its own, with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Final

from app import forms
from app.actor import Actor
from app.commands.completion import complete_task
from app.commands.operations import ON_CASES, ON_TASKS
from app.commands.operations.shape import Operation, everybody
from app.errors import Busy, Invalid, NotFound, Refusal
from app.i18n import Text, _

MOST: Final = 200
SIGN: Final = "sign"
TOO_MANY: Final = _("At most %(most)s at once. Take fewer.", most=MOST)
ITS_OWN_ANSWERS: Final = _("This one asks for answers of its own. Open it.")
NOT_TRIED: Final = _("Not tried: the system was too busy for the one before. Try again soon.")


@dataclass(frozen=True)
class Bulk:
    """What may be done for many tasks at once; without a `form` nothing is asked."""

    name: str
    label: Text
    icon: str
    form: forms.Form | None
    whom: Callable[[Actor], bool]


@dataclass(frozen=True)
class Row:
    """A task somebody chose, as they saw it; `form` is the one it is completed with."""

    assignment_id: int
    case_id: int
    form: str
    version: int | None = None


@dataclass(frozen=True)
class Done:
    """What became of one row; `refusal` says why not, and what of the answers was wrong."""

    row: Row
    refusal: Refusal | None = None


def offered_to(viewer: Actor) -> list[Bulk]:
    """What this person is offered for many tasks; whether they may is asked of each of them."""
    return [each for each in everything() if each.whom(viewer)]


def named(viewer: Actor, name: str) -> Bulk:
    """One of them; NotFound where there is none for this person."""
    found = next((each for each in offered_to(viewer) if each.name == name), None)
    if found is None:
        raise NotFound
    return found


def perform(
    name: str, rows: Sequence[Row], answers: Mapping[str, Any], *, actor: Actor, key: str | None
) -> list[Done]:
    """Do it for each row in turn; what one is refused stops none of the others.

    Each carries a key of its own made of `key`, so that a repeat does none of them twice.
    """
    if len(rows) > MOST:
        raise Invalid(TOO_MANY)
    named(actor, name)
    found: list[Done] = []
    for row in rows:
        if found and isinstance(found[-1].refusal, Busy):
            found.append(Done(row, Busy(NOT_TRIED)))
            continue
        try:
            _one(name, row, answers, actor=actor, key=key)
        except Refusal as refusal:
            found.append(Done(row, refusal))
        else:
            found.append(Done(row))
    return found


def _own(key: str | None, what: str) -> str | None:
    """One task's own key: never longer than a key may be."""
    return sha256(f"{key}.{what}".encode()).hexdigest() if key else None


def _one(name: str, row: Row, answers: Mapping[str, Any], *, actor: Actor, key: str | None) -> None:
    own = _own(key, str(row.assignment_id))
    if name == SIGN:
        _sign(row, actor=actor, key=own)
    elif any(each.name == name for each in ON_TASKS.rows):
        ON_TASKS.perform(
            name, row.assignment_id, answers, actor=actor, idempotency_key=own, seen=row.version
        )
    else:  # once for each case, however many of its tasks were chosen
        own = _own(key, f"case{row.case_id}")
        ON_CASES.perform(name, row.case_id, answers, actor=actor, idempotency_key=own)


def _sign(row: Row, *, actor: Actor, key: str | None) -> None:
    signs = forms.load(row.form).signs
    if signs is None:
        raise Invalid(ITS_OWN_ANSWERS)
    complete_task.once(key, row.assignment_id, dict(signs), actor=actor, version=row.version)


@cache
def everything() -> list[Bulk]:
    """Everything that may be done so, whomever it is for."""
    sign = Bulk(SIGN, _("Sign for"), "signature", None, everybody)
    rows = [each for each in (*ON_TASKS.rows, *ON_CASES.rows) if each.in_bulk]
    return [sign, *(_of(each) for each in rows)]


def _of(operation: Operation) -> Bulk:
    whom = operation.in_bulk or everybody
    form = forms.load(operation.form)
    return Bulk(operation.name, operation.label, operation.icon, form, whom)

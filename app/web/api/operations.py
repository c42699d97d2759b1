"""Operations for programs: what is offered on a case, task, person or unit, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g

from app import forms
from app.actor import Actor
from app.commands.operations import ON_CASES, ON_PEOPLE, ON_TASKS, ON_UNITS, Offer, Operations
from app.i18n import Text, _
from app.queries.history import place
from app.queries.pickers import choices
from app.queries.sharing import pickable
from app.queries.staff import colleagues as deputies_of
from app.queries.staff import person_page
from app.queries.standing import standing
from app.queries.tasks import task_page
from app.queries.units import unit_choices, unit_page
from app.web.api.asking import Said
from app.web.api.doors import Row, acts, reads
from app.web.api.telling import Choices, OperationsOut, operation
from app.web.policy import Policy, current_actor, signed_in
from app.web.tasks import colleagues
from app.web.units import READERS


@dataclass(frozen=True)
class Stands:
    """How something stands, the version of that, and what an operation's pickers offer there."""

    standing: Any
    version: int
    unit_id: int | None
    own: Callable[[str], Choices]


def _task(viewer: Actor, number: int) -> Stands:
    page = task_page(viewer, number)
    task = page.task_standing
    return Stands(task, page.version, task.unit_id, lambda name: colleagues(viewer, task, name))


def _case(viewer: Actor, number: int) -> Stands:
    seen, case = place(f"case:{number}"), standing(viewer, number)
    return Stands(case, seen, viewer.unit_id, lambda name: pickable(viewer, case, name, g.now))


def _person(viewer: Actor, number: int) -> Stands:
    person = person_page(viewer, number, now=g.now).standing

    def own(name: str) -> Choices:
        return {"person": deputies_of(viewer, person)} if name == "deputy" else _units(viewer)

    return Stands(person, person.seen, viewer.unit_id, own)


def _unit(viewer: Actor, number: int) -> Stands:
    unit = unit_page(viewer, number).standing
    return Stands(unit, unit.seen, None, lambda _name: _units(viewer))


def _units(viewer: Actor) -> Choices:
    return {"unit": [(code, name) for _number, code, name in unit_choices(viewer)]}


def asked_by(offers: Sequence[Offer]) -> forms.Form:
    """All their questions together: what there is to choose from is read once."""
    fields = tuple(field for each in offers for field in each.form.fields)
    return forms.Form("", forms.Words("", ""), fields)


def _opened(
    address: str,
    what: Text,
    table: Operations,
    stands_of: Callable[[Actor, int], Stands],
    *,
    policy: Policy = signed_in,
    hidden: bool = False,
) -> None:
    """The two addresses of a table of operations; `hidden`: its commands leave strangers to us."""

    @reads(f"{address}/operations", what, OperationsOut, policy=policy)
    def offered(number: int) -> Mapping[str, Any]:
        """What I am offered on it, with forms, consequences, and why not now."""
        viewer = current_actor()
        stands = stands_of(viewer, number)
        offers = table.offers(viewer, stands.standing)
        pickers = choices(asked_by(offers), stands.unit_id)
        told = [operation(each, {**pickers, **stands.own(each.name)}) for each in offers]
        return {"version": stands.version, "operations": told}

    rows = tuple(
        Row(each.name, each.label, each.form, each.consequence, further=each.further is not None)
        for each in table.rows
    )

    @acts(f"{address}/operations/<name>", what, rows=rows, policy=policy)
    def operate(number: int, name: str, said: Said) -> tuple[Text, Any]:
        """Do one of them."""
        if hidden:
            stands_of(current_actor(), number)
        done = table.perform(
            name,
            number,
            said.answers,
            actor=current_actor(),
            idempotency_key=said.key,
            seen=said.seen,
        )
        return table.named(name).done, done


_opened("/tasks/<int:number>", _("Operations on a task"), ON_TASKS, _task)
_opened("/cases/<int:number>", _("Operations on a case"), ON_CASES, _case)
_opened("/people/<int:number>", _("Operations on a person"), ON_PEOPLE, _person, hidden=True)
_opened("/units/<int:number>", _("Operations on a unit"), ON_UNITS, _unit, policy=READERS)

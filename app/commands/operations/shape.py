"""What an operation is (name, label, form, who may, what it does), and to whom it is offered.

A row of a table becomes a button or an entry of a menu, a page with its form, an address to post
to, and a line of the permission matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app import forms
from app.actor import Actor
from app.commands.command import Command
from app.errors import NotAllowed, NotFound
from app.i18n import Text, _
from app.rules.standing import Standing

May = Callable[[Actor, Any], Text | bool]
Choice = tuple[str, Callable[[Any], Mapping[str, forms.Words]]]
TOO_LATE: Final = _("As the case stands now, this is no longer to be done.")


def everybody(_actor: Actor) -> bool:
    """Offered in bulk to whoever has a list."""
    return True


def supervisors(actor: Actor) -> bool:
    """Offered in bulk to the staff of supervising offices."""
    return actor.has("supervision_clerk", "supervision_director")


@dataclass(frozen=True)
class Operation:
    """One operation, on a case or on a task, by how that stands.

    `may` answers True, False (not offered) or the reason why not now.

    `choices` name questions of its form whose answers depend on how the case stands, `told` says
    its consequence where that does; `further` adds questions that do. `in_bulk`: whom it is
    offered to for many tasks at once (commands/operations/in_bulk.py); whether they may is asked
    for each of them.
    """

    name: str
    label: Text
    icon: str
    form: str
    done: Text
    may: May
    act: Command[..., Any]
    consequence: Text | None = None
    choices: tuple[Choice, ...] = ()
    told: Callable[[Standing], Text | None] | None = None
    in_bulk: Callable[[Actor], bool] | None = None
    further: Callable[[Any], Sequence[forms.Field]] | None = None


@dataclass(frozen=True)
class Offer:
    """An operation as one person meets it on one case; `why_not` is set when it is not now."""

    name: str
    label: Text
    icon: str
    form: forms.Form
    done: Text
    consequence: Text | None
    why_not: Text | None


@dataclass(frozen=True)
class Operations:
    """The operations on one sort of thing, in the order in which they are offered.

    `seen_as` is how their commands call what a person saw when the form was drawn: `seen`, a place
    in the case's journal, or `version`, that of a task (commands/faster.py).
    """

    rows: tuple[Operation, ...]
    seen_as: str

    def offers(self, viewer: Actor, standing: Any) -> list[Offer]:
        """What this person is offered on a case or task that stands so."""
        found = []
        for operation in self.rows:
            answer = operation.may(viewer, standing)
            if answer is not False:
                found.append(_offer(operation, standing, None if answer is True else answer))
        return found

    def offered(self, viewer: Actor, standing: Any, name: str) -> Offer:
        """One of them by name; whoever may see the case but not do this hears so."""
        operation = self.named(name)
        answer = operation.may(viewer, standing)
        if answer is False:
            raise NotAllowed(_("On this case this is for others to do."))
        return _offer(operation, standing, None if answer is True else answer)

    def after(self, viewer: Actor, standing: Any, name: str) -> Offer:
        """One of them for somebody whose form was refused: it may be offered no more since."""
        operation = self.named(name)
        answer = operation.may(viewer, standing)
        why_not = TOO_LATE if answer is False else None if answer is True else answer
        return _offer(operation, standing, why_not)

    def named(self, name: str) -> Operation:
        """The operation of that name; NotFound when there is none."""
        found = next((each for each in self.rows if each.name == name), None)
        if found is None:
            raise NotFound
        return found

    def perform(
        self,
        name: str,
        number: int,
        answers: Mapping[str, Any],
        *,
        actor: Actor,
        idempotency_key: str | None = None,
        seen: int | None = None,
    ) -> Any:
        """Do it on the thing of that number.

        The command behind it checks form, permission and state again under its lock.
        """
        act = self.named(name).act
        return act.once(idempotency_key, number, answers, actor=actor, **{self.seen_as: seen})


def _offer(operation: Operation, standing: Any, why_not: Text | bool | None) -> Offer:
    form = forms.load(operation.form)
    for name, answers in operation.choices:
        form = forms.offering(form, name, answers(standing))
    if operation.further:
        form = replace(form, fields=(*form.fields, *operation.further(standing)))
    return Offer(
        name=operation.name,
        label=operation.label,
        icon=operation.icon,
        form=form,
        done=operation.done,
        consequence=operation.told(standing) if operation.told else operation.consequence,
        why_not=why_not if isinstance(why_not, Text) else None,
    )

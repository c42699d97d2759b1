"""Effects: what a completed step does to the records besides moving the case on.

A diagram names an effect (`wv:effect`) by the name it is registered under here; it can never
carry code of its own. Effects run inside the command's transaction, before the engine's step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app import forms
from app.actor import Actor, Holding
from app.advance import Loaded, Verdict
from app.advance.deciding import SIGNERS
from app.errors import Invalid
from app.i18n import _
from app.model import Assignment, Case, Ticket
from app.rules.profiles import Profile


class Gathered(dict[str, Any]):
    """What a case has gathered; a case put at a task by hand may lack what comes before it."""

    def __missing__(self, name: str) -> Any:
        raise Invalid(
            _(
                "This builds on an earlier task that nobody has done in this case. Send it back, "
                "or have the supervising office put the case at that task."
            )
        )


@dataclass(frozen=True)
class Completed:
    """A step somebody completes: the locked case, the task, the checked answers, who and when."""

    loaded: Loaded
    ticket: Ticket
    assignment: Assignment
    answers: Mapping[str, Any]
    actor: Actor
    holding: Holding
    now: datetime

    @property
    def case(self) -> Case:
        """The locked case."""
        return self.loaded.case

    @property
    def gathered(self) -> Gathered:
        """The facts of the case, for effects that build on what another one left there."""
        return Gathered(self.case.facts)

    @property
    def profile(self) -> Profile:
        """The mechanism profile the case runs under."""
        return self.loaded.profile

    @property
    def by(self) -> int | None:
        """Who gave the answers; where several sign, not always who acts last."""
        return self.assignment.done_by or self.actor.person_id

    @property
    def stream(self) -> str:
        """The case's journal stream."""
        return self.loaded.stream


Effect = Callable[[Completed], Mapping[str, Any] | None]
Answered = Callable[[Mapping[str, Any]], bool]
EFFECTS: dict[str, Effect] = {}
_UNDOABLE: dict[str, Answered] = {}


def never(_answers: Mapping[str, Any]) -> bool:
    """Papers, numbers, cases or dates came of it: there is no taking it back."""
    return False


def always(_answers: Mapping[str, Any]) -> bool:
    """It only wrote what doing the task again replaces; nothing outside the case rests on it."""
    return True


def unless_approved(answers: Mapping[str, Any]) -> bool:
    """Only an approval does anything."""
    return answers.get("decision") != "approve"


def effect(name: str, *, undoable: Answered = never) -> Callable[[Effect], Effect]:
    """Register a function under the name diagrams use; it may return facts for the gateways.

    `undoable` says by the answers whether the task may be taken back once the effect has run.
    """

    def register(do: Effect) -> Effect:
        if name in EFFECTS:
            raise ValueError(f"Two effects are named {name}.")
        EFFECTS[name] = do
        _UNDOABLE[name] = undoable
        return do

    return register


def can_be_undone(name: str, answers: Mapping[str, Any]) -> bool:
    """Whether a task with that effect (or none) and those answers may be taken back."""
    return not name or _UNDOABLE[name](answers)


def run(step: Completed) -> dict[str, Any]:
    """Run the step's effect, if it has one; returns the facts it adds."""
    if not step.ticket.effect:
        return {}
    return dict(EFFECTS[step.ticket.effect](step) or {})


def conclude(step: Completed, verdict: Verdict) -> dict[str, Any] | None:
    """Run the effect of a part that is done, or of the ticket it decides; what the gateways read.

    None while it is not decided. Where there is a vote, the effect runs once, when it is decided,
    with the outcome as answer.
    """
    form = forms.load(step.ticket.form)
    if form.vote is not None or step.assignment.kind not in SIGNERS:
        return concluded(step, verdict)
    told = {**forms.facts(form, step.answers), **run(step)}
    return told if verdict.decided else None


def concluded(step: Completed, verdict: Verdict) -> dict[str, Any] | None:
    """The same where nobody answers for a part now, but the ticket may be decided."""
    if not verdict.decided:
        return None
    if verdict.part is None:
        return dict(verdict.answers)
    form = forms.load(step.ticket.form)
    told = forms.facts(form, verdict.answers)
    if form.vote is None:
        return told
    return {**told, **run(replace(step, assignment=verdict.part, answers=verdict.answers))}

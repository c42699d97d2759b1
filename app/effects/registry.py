"""Effects: what a completed step does to the records besides moving the case on.

A diagram names an effect (`wv:effect`) by the name it is registered under here; it can never
carry code of its own. Effects run inside the command's transaction, before the engine's step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.actor import Actor, Holding
from app.advance import Loaded
from app.model import Assignment, Case, Ticket
from app.rules.profiles import Profile


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
    def profile(self) -> Profile:
        """The mechanism profile the case runs under."""
        return self.loaded.profile

    @property
    def stream(self) -> str:
        """The case's journal stream."""
        return self.loaded.stream


Effect = Callable[[Completed], Mapping[str, Any] | None]
EFFECTS: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register a function under the name diagrams use; it may return facts for the gateways."""

    def register(do: Effect) -> Effect:
        if name in EFFECTS:
            raise ValueError(f"Two effects are named {name}.")
        EFFECTS[name] = do
        return do

    return register


def run(step: Completed) -> dict[str, Any]:
    """Run the step's effect, if it has one; returns the facts it adds."""
    if not step.ticket.effect:
        return {}
    return dict(EFFECTS[step.ticket.effect](step) or {})

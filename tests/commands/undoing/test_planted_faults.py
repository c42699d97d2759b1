"""Faults planted in going back, each alone: the random lives have to find every one of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import pytest

from app.advance import lineage, restoring, straight
from app.commands import undoing
from tests import going_back
from tests.commands.undoing.test_random_lives import live


def blindly() -> AbstractContextManager[Any]:
    """Plant: the state before the act is restored whatever came later."""
    whole = lineage.rebuilt

    def restored(case: Any, acts: list[Any], undone: Any) -> Any:
        first = min(place for place, act in enumerate(acts) if act.seq in undone)
        return whole(case, acts[: first + 1], undone)

    return patch.object(lineage, "rebuilt", restored)


def without_tickets() -> AbstractContextManager[Any]:
    """Plant: the engine goes back and the tickets stay as they are."""
    return patch.object(restoring, "settle", lambda *_args, **_named: [])


def taking_all_along() -> AbstractContextManager[Any]:
    """Plant: a return does not ask whose work it takes along."""
    return patch.object(undoing, "_leads_to", lambda *_args: True)


def never_straight() -> AbstractContextManager[Any]:
    """Plant: who wanted the case straight back never gets it so."""
    return patch.object(straight, "_straight", lambda *_args: None)


def not_counting_again() -> AbstractContextManager[Any]:
    """Plant: the case is straight back, and what came between stays taken back."""
    return patch.object(restoring, "_count_again", lambda *_args: None)


TOO_LONG = pytest.mark.soak("R13", only=True)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    "plant",
    [
        blindly,
        without_tickets,
        never_straight,
        not_counting_again,
        pytest.param(taking_all_along, marks=TOO_LONG),
    ],
)
def test_a_planted_fault_turns_it_red(county, plant):
    with plant(), pytest.raises((AssertionError, StopIteration)):
        live(county, examples=150, steps=16, shapes=(going_back.fork,))

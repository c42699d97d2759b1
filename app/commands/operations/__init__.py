"""Every operation people are offered, as tables: on cases and tasks, on people and units."""

from typing import Final

from app.commands.operations import on_cases, on_lives, on_people, on_supervised, on_tasks
from app.commands.operations.shape import Offer, Operation, Operations

ON_CASES: Final = Operations((*on_cases.ROWS, *on_supervised.ROWS, *on_lives.ROWS), seen_as="seen")
ON_TASKS: Final = Operations(on_tasks.ROWS, seen_as="version")
ON_PEOPLE: Final = Operations(on_people.ON_PEOPLE, seen_as="seen")
ON_UNITS: Final = Operations(on_people.ON_UNITS, seen_as="seen")

__all__ = ["ON_CASES", "ON_PEOPLE", "ON_TASKS", "ON_UNITS", "Offer", "Operation", "Operations"]

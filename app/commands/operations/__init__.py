"""Every operation people are offered on cases and tasks, as two tables (domain.md 2.2)."""

from typing import Final

from app.commands.operations import on_cases, on_lives, on_supervised, on_tasks
from app.commands.operations.shape import Offer, Operation, Operations

ON_CASES: Final = Operations((*on_cases.ROWS, *on_supervised.ROWS, *on_lives.ROWS), seen_as="seen")
ON_TASKS: Final = Operations(on_tasks.ROWS, seen_as="version")

__all__ = ["ON_CASES", "ON_TASKS", "Offer", "Operation", "Operations"]

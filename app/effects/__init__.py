"""What completed steps do to the records; importing this package registers every effect."""

from app.effects import (
    briefs,
    deductions,
    escalation,
    evaluation,
    extension,
    handling,
    interview,
    items,
    listing,
    meetings,
    minutes,
    notices,
    opinions,
    rectification,
    resolutions,
    rounds,
)
from app.effects.registry import EFFECTS, Completed, effect, run

__all__ = [
    "EFFECTS",
    "Completed",
    "briefs",
    "deductions",
    "effect",
    "escalation",
    "evaluation",
    "extension",
    "handling",
    "interview",
    "items",
    "listing",
    "meetings",
    "minutes",
    "notices",
    "opinions",
    "rectification",
    "resolutions",
    "rounds",
    "run",
]

"""What completed steps do to the records; importing this package registers every effect."""

from app.effects import meetings, minutes, notices, opinions, resolutions, rounds
from app.effects.registry import EFFECTS, Completed, effect, run

__all__ = [
    "EFFECTS", "Completed", "effect", "meetings", "minutes", "notices", "opinions", "resolutions",
    "rounds", "run",
]

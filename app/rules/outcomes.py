"""What became of a risk: the outcome of an annual evaluation and the deductions it proposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from app.i18n import Text, _

LEVELS: Final = ("low", "medium", "high")
OUTCOMES: Final = ("resolved", "eased", "unchanged", "worsened")
ROLES: Final = ("lead", "co")
WORDS: Final[Mapping[str, Text]] = {
    "resolved": _("Resolved"),
    "eased": _("Eased"),
    "unchanged": _("Unchanged"),
    "worsened": _("Worsened"),
}


@dataclass(frozen=True)
class Thresholds:
    """From how many points on a change counts, and which outcomes show no effect."""

    eased_points: Decimal
    worsened_points: Decimal
    without_effect: tuple[str, ...] = ("unchanged", "worsened")
    sample: bool = False


@dataclass(frozen=True)
class Measured:
    """What a round found for an indicator; a missing value leaves only the level to compare."""

    level: str
    value: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """The outcome with its word and the comparison that led to it."""

    code: str
    word: Text
    reason: Text


def outcome(
    before: Measured, after: Measured, thresholds: Thresholds, *, direction: str = "positive"
) -> Outcome:
    """Compare two rounds: levels first, and points within the same level."""
    gain = _gain(before, after, direction)
    fall = LEVELS.index(before.level) - LEVELS.index(after.level)
    if fall:
        code = _by_level(fall, after)
        return Outcome(code, WORDS[code], _LEVEL_REASONS[before.level, after.level])

    code = _by_points(gain, thresholds)
    return Outcome(code, WORDS[code], _points_reason(gain))


@dataclass(frozen=True)
class Ground:
    """A reason for a deduction: when it applies, in which schemes, to whom, for how much."""

    key: str
    name: str
    name_en: str
    when: str
    schemes: tuple[str, ...]
    roles: tuple[str, ...]
    points: Mapping[str, Decimal | None]
    source: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Handling:
    """What one unit owed on one item; `answered_at` is None while the answer is outstanding."""

    item: str
    unit: str
    role: str
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True)
class Proposal:
    """A deduction for a person to confirm; `points` is None where no scale is configured."""

    item: str
    unit: str
    role: str
    ground: str
    scheme: str
    points: Decimal | None
    reason: Text


def proposals(
    handlings: Iterable[Handling],
    found: str | None,
    grounds: Iterable[Ground],
    thresholds: Thresholds,
    *,
    now: datetime,
) -> tuple[Proposal, ...]:
    """The deductions that follow from how units answered and what came of it.

    Lead and co-handlers are looked at separately, each by their own clock. `found` is the code of
    the outcome, or None while the effect is not evaluated yet.
    """
    every = tuple(grounds)
    return tuple(
        Proposal(
            handling.item,
            handling.unit,
            handling.role,
            ground.key,
            scheme,
            ground.points.get(handling.role),
            reason,
        )
        for handling in handlings
        for ground in every
        if handling.role in ground.roles
        for reason in _reasons(ground, handling, found, thresholds, now)
        for scheme in ground.schemes
    )


def _gain(before: Measured, after: Measured, direction: str) -> Decimal | None:
    """How many points better it became, whichever way the indicator points."""
    if before.value is None or after.value is None:
        return None
    gain = after.value - before.value
    return gain if direction == "positive" else -gain


def _by_level(fall: int, after: Measured) -> str:
    if fall < 0:
        return "worsened"
    return "resolved" if after.level == "low" else "eased"


def _by_points(gain: Decimal | None, thresholds: Thresholds) -> str:
    if gain is not None and gain >= thresholds.eased_points:
        return "eased"
    if gain is not None and gain <= -thresholds.worsened_points:
        return "worsened"
    return "unchanged"


_LEVEL_REASONS: Final[Mapping[tuple[str, str], Text]] = {
    ("high", "medium"): _("The level fell from high to medium."),
    ("high", "low"): _("The level fell from high to low."),
    ("medium", "low"): _("The level fell from medium to low."),
    ("low", "medium"): _("The level rose from low to medium."),
    ("low", "high"): _("The level rose from low to high."),
    ("medium", "high"): _("The level rose from medium to high."),
}


def _points_reason(gain: Decimal | None) -> Text:
    if gain is None:
        return _("The level is the same; there are no two values to compare.")
    if gain == 0:
        return _("The level and the value are the same.")
    if gain > 0:
        return _("The level is the same; the value is %(points)s points better.", points=str(gain))
    return _("The level is the same; the value is %(points)s points worse.", points=str(-gain))


def _reasons(
    ground: Ground,
    handling: Handling,
    found: str | None,
    thresholds: Thresholds,
    now: datetime,
) -> tuple[Text, ...]:
    """Why the ground applies: one sentence, or none."""
    if ground.when == "ineffective":
        if found not in thresholds.without_effect:
            return ()
        return (_("The evaluation found no effect: %(outcome)s.", outcome=WORDS[found]),)
    return _late(handling, now)


def _late(handling: Handling, now: datetime) -> tuple[Text, ...]:
    if handling.due_at is None or (handling.answered_at or now) <= handling.due_at:
        return ()
    if handling.answered_at is None:
        return (_("The answer was due and is still outstanding."),)
    return (_("The answer came after the due date."),)

"""Grading: a county's decision table turns one reading into a risk level with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.engine import DecisionError, decide
from app.errors import Invalid
from app.i18n import _
from app.rules.outcomes import LEVELS


@dataclass(frozen=True)
class Grade:
    """A level, and the rule that gave it with its words in both languages."""

    level: str
    rule: str
    reason: str
    reason_en: str


def grade(
    table: bytes,
    *,
    value: Decimal,
    change: Decimal | None = None,
    benchmark_intermediate: Decimal | None = None,
    benchmark_high: Decimal | None = None,
) -> Grade:
    """Ask the decision table (a DMN file) about a reading; what is not known is left out."""
    try:
        decision = decide(
            table,
            {
                "value": value,
                "change": change,
                "benchmark_intermediate": benchmark_intermediate,
                "benchmark_high": benchmark_high,
            },
        )
    except DecisionError as error:
        raise Invalid(error.text) from error

    level = decision.outputs.get("level")
    if level not in LEVELS:
        raise Invalid(_("The decision table gave no risk level but “%(level)s”.", level=level))
    reason = str(decision.outputs.get("reason") or decision.rule_text)
    return Grade(level, decision.rule_id, reason, str(decision.outputs.get("reason_en") or reason))

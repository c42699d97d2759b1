"""Several sign one task (会签、依次、或签、票签): passed, failed, or still open? No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from app.forms import Field

FOR, AGAINST, ABSTAINED = "for", "against", "abstained"
PASSED, FAILED, OPEN = "passed", "failed", "open"
AGREEING: Final = ("approve", "pass")
ABSTAINING: Final = "abstain"
NOT_COUNTED: Final = "not_counted"
SIGNATURE: Final = "signature"
"""The form of those who give an opinion before, or sign after somebody else."""


@dataclass(frozen=True)
class Rule:
    """When it is passed: the policy, and for a vote how many (`count`) or which part (`share`).

    `abstain` says how an abstention counts: not_counted, against or for.
    """

    policy: str
    count: int | None = None
    share: Fraction | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    abstain: str = NOT_COUNTED

    def weight(self, role: str) -> int:
        """How much the voice of that role weighs."""
        return self.weights.get(role, 1)


@dataclass(frozen=True)
class Voice:
    """One signer: what they said (None: nothing yet), and how much it weighs."""

    said: str | None = None
    weight: int = 1


def rule_of(policy: str, voting: Mapping[str, str] | None) -> Rule:
    """The rule of a task, from what its diagram says (`wv:pass`, `wv:weights`, `wv:abstain`)."""
    told = voting or {}
    rule = Rule(policy, abstain=told.get("abstain", NOT_COUNTED))
    if policy != "vote":
        return rule
    passes = told["pass"]
    if not passes.endswith("%"):
        return replace(rule, count=int(passes))
    share = Fraction(int(passes.removeprefix("weight ").removesuffix("%")), 100)
    pairs = [each.split("=") for each in told.get("weights", "").split()]
    return replace(rule, share=share, weights={role: int(weight) for role, weight in pairs})


def form_of(kind: str, form: str) -> str:
    """The form somebody fills in who was asked so, for a task with that form."""
    return SIGNATURE if kind in ("before", "after") else form


def said(value: str | None) -> str | None:
    """What an answer to the vote says: for, against, abstained; nothing yet."""
    if value is None or value in AGREEING:
        return value and FOR
    return ABSTAINED if value == ABSTAINING else AGAINST


def verdict(rule: Rule, voices: Sequence[Voice]) -> str:
    """What these voices, in the order in which they were given, decide."""
    counted = [each for each in (_counted(rule, voice) for voice in voices) if each is not None]
    spoken = [each.said for each in counted if each.said is not None]
    if rule.policy == "vote":
        return _voted(rule, counted)
    if rule.policy == "any" and spoken:
        return PASSED if spoken[0] == FOR else FAILED
    if AGAINST in spoken:
        return FAILED
    if len(spoken) < len(counted):
        return OPEN
    return PASSED if spoken else FAILED


def outcome(question: Field, decided: str, voices: Sequence[tuple[str | None, int]]) -> str:
    """The collective answer: what agrees, or the refusal with the most weight behind it.

    `voices` are the answers given, with their weights.
    """
    values = [option.value for option in question.options]
    if decided == PASSED:
        return next(value for value in values if value in AGREEING)
    refusing = [value for value in values if said(value) == AGAINST]
    behind = {value: sum(weight for each, weight in voices if each == value) for value in refusing}
    return max(refusing, key=lambda value: behind[value])


def _counted(rule: Rule, voice: Voice) -> Voice | None:
    """A voice as it counts; none where an abstention does not."""
    if voice.said != ABSTAINED:
        return voice
    return None if rule.abstain == NOT_COUNTED else replace(voice, said=rule.abstain)


def _voted(rule: Rule, counted: Sequence[Voice]) -> str:
    """Passed once the rest cannot undo it, failed once they cannot reach it any more."""
    by_weight = bool(rule.weights)
    said_so = {
        what: sum(each.weight if by_weight else 1 for each in counted if each.said == what)
        for what in (FOR, AGAINST, None)
    }
    agreed, best = said_so[FOR], said_so[FOR] + said_so[None]
    needed = rule.count or (rule.share or 1) * (best + said_so[AGAINST])
    if best == 0 or best < needed:
        return FAILED
    return PASSED if agreed and agreed >= needed else OPEN

"""Is a ticket decided? By the parts that are done, by those still open, and by what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from app import clock, forms
from app.advance.loading import Loaded, Waiting
from app.db import session
from app.model import OPEN, Assignment, Ticket
from app.rules import signing
from app.rules.signing import ABSTAINED, AGAINST, FOR, Voice

SIGNERS: Final = ("", "added")
"""Kinds of assignments that the policy counts."""
COUNTED: Final = (*OPEN, "done")


@dataclass(frozen=True)
class Verdict:
    """Whether a ticket is decided, and for its effect and the gateways: whose answers count.

    In `answers` the vote, where the form has one, is the outcome of all voices.
    """

    decided: bool
    part: Assignment | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """What somebody is about to do to a ticket: answer for a part, or take parts away."""

    part: Assignment | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()


def verdict(loaded: Loaded, ticket: Ticket, act: Act) -> Verdict:
    """What becomes of the ticket by that act; nothing may be changed yet."""
    question = forms.load(ticket.form).vote
    rest = _rest(loaded, ticket, act)
    if act.part is not None and _alone(ticket, act.part, rest, question, act.answers):
        return Verdict(decided=True, part=act.part, answers=act.answers)
    parts = _parts(ticket)
    if question is not None:
        return _voted(ticket, question, parts, act)
    if ticket.policy == "any" and any(_done(each, act) for each in parts if _signs(each)):
        rest = [each for each in rest if each.kind == "after"]
    return _counting(parts, act) if not rest else Verdict(decided=False)


def _alone(
    ticket: Ticket,
    part: Assignment,
    rest: Sequence[Waiting],
    question: forms.Field | None,
    answers: Mapping[str, Any],
) -> bool:
    """Most tasks: one does it, and nobody was asked to sign besides."""
    if part.kind or any(each.parent_id == part.id for each in rest):
        return False
    if question is None:
        return ticket.policy == "any" or not rest
    return ticket.policy == "any" and signing.said(answers[question.name]) != ABSTAINED


def _rest(loaded: Loaded, ticket: Ticket, act: Act) -> list[Waiting]:
    """Who else still has a say in the ticket."""
    gone = {*act.gone, act.part.id if act.part else 0}
    return [
        each
        for each in loaded.waiting
        if each.ticket_id == ticket.id
        and each.kind in (*SIGNERS, "after")
        and each.assignment_id not in gone
    ]


def _voted(ticket: Ticket, question: forms.Field, parts: Sequence[Assignment], act: Act) -> Verdict:
    rule = signing.rule_of(ticket.policy, ticket.voting)
    kept = [each for each in parts if each.id not in act.gone]
    signers = [each for each in kept if _signs(each)]
    done = sorted((each for each in signers if _done(each, act)), key=lambda a: _when(a, act))
    given = [(_answers(each, act).get(question.name), rule.weight(each.role)) for each in done]
    voices = [
        Voice(_countersigned(signing.said(value), each, kept, act), weight)
        for each, (value, weight) in zip(done, given, strict=True)
    ]
    silent = [Voice(None, rule.weight(a.role)) for a in signers if not _done(a, act)]
    decided = signing.verdict(rule, [*voices, *silent])
    if decided == signing.OPEN:
        return Verdict(decided=False)
    return _outcome(question, decided, given, parts, act)


def _question(form: str) -> forms.Field:
    question = forms.load(form).vote
    assert question is not None  # noqa: S101 - narrows for the type checker
    return question


def _countersigned(
    voice: str | None, part: Assignment, parts: Sequence[Assignment], act: Act
) -> str | None:
    """A voice in favour counts once all who sign after it have; a refusal of theirs turns it."""
    after = [each for each in parts if each.kind == "after" and each.parent_id == part.id]
    if voice != FOR or not after:
        return voice
    name = _question(signing.SIGNATURE).name
    said = [signing.said(_answers(a, act).get(name)) if _done(a, act) else None for a in after]
    if AGAINST in said:
        return AGAINST
    return None if None in said else FOR


def _outcome(
    question: forms.Field,
    decided: str,
    given: Sequence[tuple[str | None, int]],
    parts: Sequence[Assignment],
    act: Act,
) -> Verdict:
    found = _counting(parts, act)
    value = signing.outcome(question, decided, given)
    return Verdict(decided=True, part=found.part, answers={**found.answers, question.name: value})


def _counting(parts: Sequence[Assignment], act: Act) -> Verdict:
    """The answers that stand for the whole: of who acts now, or after whom; else the last ones."""
    part = act.part
    if part is not None and part.kind == "after":
        part = next(each for each in parts if each.id == part.parent_id)
    if part is None:
        done = [each for each in parts if _signs(each) and each.state == "done"]
        part = max(done, key=lambda a: _when(a, act), default=None)
    return Verdict(decided=True, part=part, answers=_answers(part, act) if part else {})


def _parts(ticket: Ticket) -> Sequence[Assignment]:
    """Those of a ticket that count: open or done."""
    return (
        session()
        .scalars(
            select(Assignment)
            .where(Assignment.ticket_id == ticket.id, Assignment.state.in_(COUNTED))
            .order_by(Assignment.id)
            .execution_options(populate_existing=True)
        )
        .all()
    )


def _signs(part: Assignment) -> bool:
    return part.kind in SIGNERS


def _done(part: Assignment, act: Act) -> bool:
    return part.state == "done" or (act.part is not None and part.id == act.part.id)


def _answers(part: Assignment, act: Act) -> Mapping[str, Any]:
    mine = act.part is not None and part.id == act.part.id
    return act.answers if mine else part.answers or {}


def _when(part: Assignment, act: Act) -> Any:
    """When it was done; what is done now comes last."""
    acting = act.part is not None and part.id == act.part.id
    return (acting, part.done_at or clock.now(), part.id)

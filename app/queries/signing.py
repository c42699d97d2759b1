"""Who signs a task, who was asked for it, what they said, and how many are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import aliased

from app import forms
from app.db import constants
from app.forms import Words
from app.forms.definition import NOTHING
from app.i18n import Text, _
from app.model import OPEN, Assignment, Person, Unit
from app.queries.reading import read
from app.rules import signing
from app.rules.handing import Helper

COUNTED: Final = (*OPEN, "done")
OTHER: Final = aliased(Assignment)
OTHERS: Final[ScalarSelect[int]] = (
    select(func.count())
    .where(
        OTHER.ticket_id == Assignment.ticket_id,
        OTHER.state.in_(constants(*COUNTED)),
        OTHER.id != Assignment.id,
    )
    .correlate(Assignment)
    .scalar_subquery()
)
"""How many others have a part in the ticket of an assignment."""
WHO: Final = aliased(Person)
PARTS: Final = (
    select(
        *(Assignment.id, Assignment.parent_id, Assignment.kind, Assignment.role, Assignment.state),
        *(Assignment.unit_id, Assignment.post, Assignment.person_id),
        *(Assignment.done_at, Assignment.answers),
        *(Unit.name.label("unit"), WHO.name.label("person")),
    )
    .join(Unit, Unit.id == Assignment.unit_id)
    .outerjoin(WHO, WHO.id == func.coalesce(Assignment.done_by, Assignment.person_id))
    .where(Assignment.ticket_id == bindparam("ticket"), Assignment.state.in_(constants(*COUNTED)))
    .order_by(Assignment.id)
)


BY_VOICES: Final = _(
    "It takes %(share)s in favour: %(agreed)s in favour, %(refused)s against,"
    " %(abstained)s abstained, %(missing)s to come."
)
BY_WEIGHT: Final = _(
    "It takes %(share)s of the weight in favour: %(agreed)s in favour, %(refused)s against,"
    " %(abstained)s abstained, %(missing)s to come."
)


@dataclass(frozen=True)
class Signer:
    """Somebody with a part in a task: how they were asked, and what they said to the vote."""

    assignment_id: int
    parent_id: int | None
    kind: str
    state: str
    unit_id: int
    unit: str
    post: str
    person_id: int | None
    person: str
    done_at: datetime | None
    said: str | None
    words: Words
    opinion: str


@dataclass(frozen=True)
class Signing:
    """How a task with several signers stands; `passes` is what its vote needs, if it has one.

    `agreed`, `refused`, `abstained` and `missing` count those whose voice counts.
    """

    policy: str
    passes: str
    voted: bool
    signers: tuple[Signer, ...]

    @property
    def told(self) -> Text:
        """How many said what and how many are missing, in words."""
        numbers = {
            "agreed": self.agreed,
            "refused": self.refused,
            "abstained": self.abstained,
            "missing": self.missing,
        }
        if not self.voted:
            return _("%(agreed)s done, %(missing)s to come.", **numbers)
        if self.policy == "any":
            return _("The first who decides decides for all; %(missing)s to come.", **numbers)
        if self.policy != "vote":
            return _("All have to agree: %(agreed)s agreed, %(missing)s to come.", **numbers)
        sentence = BY_WEIGHT if self.passes.startswith("weight") else BY_VOICES
        share = self.passes.removeprefix("weight ")
        return Text(sentence.msgid, {**numbers, "share": share})

    def number(self, *said: str | None) -> int:
        """How many of those who count said so; None: nothing yet."""
        counting = [each for each in self.signers if each.kind in ("", "added")]
        found = Counter(each.said if each.state == "done" else None for each in counting)
        return sum(found[each] for each in said)

    @property
    def agreed(self) -> int:
        """Voices in favour; without a vote, parts that are done."""
        return self.number(signing.FOR)

    @property
    def refused(self) -> int:
        """Voices against."""
        return self.number(signing.AGAINST)

    @property
    def abstained(self) -> int:
        """Abstentions."""
        return self.number(signing.ABSTAINED)

    @property
    def missing(self) -> int:
        """Those who have said nothing yet."""
        return self.number(None)


def signing_of(ticket: Any) -> Signing:
    """Everybody with a part in a ticket, from the database."""
    return stand(ticket, read(PARTS, {"ticket": ticket.id}))


def stand(ticket: Any, parts: Iterable[Any]) -> Signing:
    """The same from rows that were read already."""
    question = forms.load(ticket.form).vote
    return Signing(
        policy=ticket.policy,
        passes=(ticket.voting or {}).get("pass", ""),
        voted=question is not None,
        signers=tuple(_signer(each, ticket) for each in parts),
    )


def helpers(signers: Sequence[Signer], of: int) -> list[Helper]:
    """Who was asked for one's own part."""
    return [
        Helper(
            each.assignment_id,
            each.kind,
            each.state in OPEN,
            each.unit_id,
            each.person_id,
            f"{each.unit}（{each.person}）" if each.person else each.unit,
        )
        for each in signers
        if each.parent_id == of
    ]


def _signer(row: Any, ticket: Any) -> Signer:
    question = forms.load(signing.form_of(row.kind, ticket.form)).vote
    answers = row.answers or {}
    value = answers.get(question.name) if question and row.state == "done" else None
    option = question.option(value) if question else None
    said = signing.said(value) if question else signing.FOR if row.state == "done" else None
    return Signer(
        assignment_id=row.id,
        parent_id=row.parent_id,
        kind=row.kind,
        state=row.state,
        unit_id=row.unit_id,
        unit=row.unit,
        post=row.post,
        person_id=row.person_id,
        person=row.person or "",
        done_at=row.done_at,
        said=said,
        words=option.label if option else NOTHING,
        opinion=answers.get("opinion") or "",
    )

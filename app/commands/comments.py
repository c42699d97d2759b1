"""The thread of a case (评论, domain row 31): comments with mentions, at most withdrawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock, forms, journal
from app.actor import Actor
from app.advance import Loaded
from app.commands import sight
from app.commands.command import command
from app.db import session
from app.effects import readership
from app.errors import Invalid, NotAllowed, NotFound
from app.i18n import Text, _
from app.model import Comment, Person
from app.rules import access, sharing

MENTION: Final = re.compile(r"(?<![A-Za-z0-9_.@])@([A-Za-z0-9_.-]*[A-Za-z0-9_])")


@command
def comment(case_id: int, answers: Mapping[str, Any], *, actor: Actor) -> dict[str, Any]:
    """Say something in the thread, to whoever may know of the case; `@login` addresses somebody.

    Nothing is changed afterwards: a correction is a comment of its own.
    """
    loaded = sight.seen(case_id, actor)
    _require_may(loaded, actor)
    readers = readership.readers_of(case_id, loaded.case.kind, clock.now())
    known = {row.login: row.id for row in session().execute(readers)}
    context = replace(advance.form_context(None), persons=frozenset(known))
    said = forms.checked(forms.load("comment"), answers, context=context)
    mentions = _mentioned(said, known)

    unit_id = _unit(loaded, actor)
    made = Comment(
        case_id=case_id,
        person_id=actor.person_id,
        unit_id=unit_id,
        text=said["text"],
        mentions=mentions,
        at=clock.now(),
    )
    session().add(made)
    session().flush()
    loaded.case.comment_count += 1
    journal.record(
        "comment.added",
        stream=loaded.stream,
        case_id=case_id,
        actor=actor,
        unit_id=unit_id,
        data={"comment": made.id, "persons": mentions},
        personal={"text": made.text},
    )
    return {"case": case_id, "comment": made.id}


@command
def withdraw(comment_id: int, *, actor: Actor) -> dict[str, Any]:
    """Take one's own comment out of sight, shortly after; the record keeps what it said."""
    found = session().get(Comment, comment_id)
    if found is None:
        raise NotFound
    loaded = sight.seen(found.case_id, actor)
    if found.person_id != actor.person_id:
        raise NotAllowed(_("Only who wrote a comment may withdraw it."))
    session().refresh(found)
    if found.withdrawn_at is not None:
        raise Invalid(_("You have withdrawn it already."))
    if clock.now() > found.at + sharing.WITHDRAWN_WITHIN:
        raise Invalid(sharing.TOO_LATE)

    found.withdrawn_at = clock.now()
    journal.record(
        "comment.withdrawn",
        stream=loaded.stream,
        case_id=found.case_id,
        actor=actor,
        unit_id=found.unit_id,
        data={"comment": found.id, "persons": found.mentions},
    )
    return {"case": found.case_id}


def _require_may(loaded: Loaded, actor: Actor) -> None:
    answer = sharing.may_comment(actor, loaded.case.status)
    if isinstance(answer, Text):
        raise Invalid(answer)
    access.require(answer, _("Who only watches or audits does not take part in the thread."))


def _mentioned(said: Mapping[str, Any], known: Mapping[str, int]) -> list[int]:
    """Whom a comment is addressed to; refused where somebody may not know of the case."""
    named = dict.fromkeys((*said["people"], *MENTION.findall(said["text"])))
    strangers = [login for login in named if login not in known]
    others = session().scalars(select(Person.login).where(Person.login.in_(strangers))).all()
    if others:
        text = _(
            "%(people)s may not know of this case; send them a copy first, or leave the @ out.",
            people="、".join(others),
        )
        raise Invalid(text, fields={"text": text})
    return sorted({known[login] for login in named if login in known})


def _unit(loaded: Loaded, actor: Actor) -> int:
    """For which of their units somebody speaks: one with a part in the case before others."""
    held = sharing.reading_for(actor, sight.as_it_stands(loaded))
    return held.unit_id if held else min(access.units_worked_for(actor))

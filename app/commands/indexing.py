"""Keep the index of words in step with the records: what an act changed is found seconds later.

The journal says which cases were acted on: their words are read anew and written beside the last
journal row they hold. No act waits for this, and nothing is lost if it comes late or twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Integer, Select, func, literal_column, or_, select

from app import clock, forms
from app.actor import SYSTEM, Actor
from app.commands.command import command
from app.db import session
from app.model import (
    Assignment,
    Attachment,
    Case,
    CaseUnit,
    Comment,
    Document,
    Event,
    Instruction,
    Measure,
    Report,
    SearchText,
    Setting,
    Ticket,
    Unit,
)
from app.rules import access, lookup

CURSOR: Final = "search.read_until"
LONGEST_ACT: Final = timedelta(seconds=60)
"""No act takes longer: beside journal rows older than that, no earlier ones are still to come."""
STRIDE: Final = 1_000
AT_ONCE: Final = 100
RUNNING: Final = ("open", "suspended")
WRITTEN: Final = ("text", "textarea")


def catch_up(*, actor: Actor = SYSTEM) -> int:
    """Write down what the cases say that were acted on since; how many those were."""
    done = 0
    while found := _behind():
        done += index(found, actor=actor)
    until = _read_by_all()
    if until - _cursor() > STRIDE:
        remember(until, actor=actor)
    return done


@command
def index(found: Mapping[int, int], *, actor: Actor) -> int:
    """Write down what these cases say now; of each the journal row up to which it is known."""
    access.only_the_system(actor)
    there = {
        (row.case_id, row.document_id): row
        for row in session().scalars(
            select(SearchText).where(SearchText.case_id.in_(found)).with_for_update()
        )
    }
    states = select(Case.id, Case.status).where(Case.id.in_(found))
    status = dict(iter(session().execute(states)))
    for (case_id, document_id), text in _said(found).items():
        row = there.get((case_id, document_id))
        if row is None:
            row = SearchText(case_id=case_id, document_id=document_id)
            session().add(row)
        if row.text != text:
            row.text, row.grams = text, lookup.grams(text)
        row.running = status[case_id] in RUNNING
        row.event_id = found[case_id]
    return len(found)


@command
def remember(until: int, *, actor: Actor) -> None:
    """Up to which row the journal need not be looked at again."""
    access.only_the_system(actor)
    session().merge(Setting(key=CURSOR, value=json.dumps(until)))


def _behind() -> dict[int, int]:
    """Cases acted on after what is known of them, and their newest journal row; locks nothing."""
    newest = (
        select(Event.case_id, func.max(Event.id).label("last"))
        .where(Event.id > _cursor(), Event.case_id.is_not(None))
        .group_by(Event.case_id)
        .subquery()
    )
    known = (SearchText.case_id == newest.c.case_id) & (SearchText.document_id == 0)
    behind = or_(SearchText.id.is_(None), SearchText.event_id < newest.c.last)
    rows = session().execute(
        select(newest.c.case_id, newest.c.last)
        .outerjoin(SearchText, known)
        .where(behind)
        .order_by(newest.c.last)
        .limit(AT_ONCE)
    )
    found = dict(iter(rows))
    session().rollback()
    return found


def _cursor() -> int:
    value = session().scalar(select(Setting.value).where(Setting.key == CURSOR))
    return int(json.loads(value)) if value else 0


def _read_by_all() -> int:
    """The newest row of the journal that no act still under way could come before."""
    settled = Event.at < clock.now() - LONGEST_ACT
    last = select(func.max(Event.id)).where(Event.id > _cursor(), settled)
    found = session().scalar(last) or 0
    session().rollback()
    return found


def _said(cases: Collection[int]) -> dict[tuple[int, int], str]:
    """What cases and their documents (0: the case itself) say, folded."""
    said: dict[tuple[int, int], list[str]] = defaultdict(list)
    for source in _sources(cases):
        for case_id, document_id, *texts in session().execute(source):
            said[case_id, document_id] += filter(None, texts)
    for case_id, form, answers in session().execute(_answers(cases)):
        said[case_id, 0] += _written(forms.load(form), answers)
    return {place: lookup.joined(texts) for place, texts in said.items()}


def _sources(cases: Collection[int]) -> Iterator[Select[*tuple[Any, ...]]]:
    """Case, document (0: none) and texts, what is asked for most often first."""
    itself = literal_column("0", Integer)
    yield select(Case.id, itself, Case.number, Case.title, Case.matter, Case.content).where(
        Case.id.in_(cases)
    )
    yield select(Document.case_id, Document.id, Document.number, Document.title).where(
        Document.case_id.in_(cases)
    )
    yield (
        select(CaseUnit.case_id, itself, Unit.name)
        .join(Unit, Unit.id == CaseUnit.unit_id)
        .where(CaseUnit.case_id.in_(cases))
        .order_by(CaseUnit.id)
    )
    yield (
        select(Attachment.case_id, itself, Attachment.name)
        .where(Attachment.case_id.in_(cases), Attachment.withdrawn_at.is_(None))
        .order_by(Attachment.id.desc())
    )
    yield (
        select(Comment.case_id, itself, Comment.text)
        .where(Comment.case_id.in_(cases), Comment.withdrawn_at.is_(None))
        .order_by(Comment.id.desc())
    )
    for table in (Report, Measure, Instruction):
        yield (
            select(table.case_id, itself, table.text)
            .where(table.case_id.in_(cases))
            .order_by(table.id.desc())
        )


def _answers(cases: Collection[int]) -> Select[int, str, dict[str, Any] | None]:
    return (
        select(Assignment.case_id, Ticket.form, Assignment.answers)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.case_id.in_(cases), Assignment.state == "done")
        .order_by(Assignment.id.desc())
    )


def _written(form: forms.Form, answers: Mapping[str, Any] | None) -> Iterator[str]:
    """What somebody wrote into a form themselves, tables included."""
    for field in form.fields:
        given = (answers or {}).get(field.name)
        if field.type in WRITTEN and isinstance(given, str):
            yield given
        rows = given if isinstance(given, list) else []
        for column in field.columns:
            if column.type in WRITTEN:
                yield from (str(row[column.name]) for row in rows if row.get(column.name))

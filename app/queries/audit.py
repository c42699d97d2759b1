"""Prove the journal whole: every chain, the values beside it, and the facts it vouches for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import files, journal
from app.db import session, snapshot
from app.effects import intake
from app.effects.papers import content_hash
from app.i18n import Text, _
from app.model import (
    Attachment,
    CaseState,
    DefinitionVersion,
    Document,
    Event,
    ImportBatch,
    PersonalValue,
    ProfileVersion,
)

_BATCH = 5_000
VOUCHED = ("attachment", "document", "definition_version", "profile_version", "import_batch")


@dataclass(frozen=True)
class Break:
    """Where something does not fit: the stream, the row's place in it, and what is wrong."""

    stream: str
    seq: int
    problem: Text


@dataclass(frozen=True)
class Verdict:
    """What was checked and every place where it breaks; `whole` when there is none."""

    streams: int
    rows: int
    states: int
    facts: int
    breaks: tuple[Break, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was altered."""
        return not self.breaks


def verify() -> Verdict:
    """Check every stream from its first row; for operators and auditors (reads everything).

    As of one moment: what people do meanwhile is not taken for something altered.
    """
    chain = _Chain()
    with snapshot():
        for event in _events():
            chain.check(event)
        breaks = [*chain.breaks, *_personal_breaks()]
        states, state_breaks = _state_breaks(chain.states)
        facts, fact_breaks = _fact_breaks(chain.vouched)
    return Verdict(
        streams=len(chain.heads),
        rows=chain.rows,
        states=states,
        facts=facts,
        breaks=(*breaks, *state_breaks, *fact_breaks),
    )


class _Chain:
    """Walks the rows stream by stream and remembers what they vouch for."""

    def __init__(self) -> None:
        self.rows = 0
        self.heads: dict[str, tuple[int, str]] = {}
        self.breaks: list[Break] = []
        self.states: dict[tuple[int, int], str] = {}
        self.vouched: dict[tuple[str, str], tuple[str, int]] = {}

    def check(self, event: Event) -> None:
        """One row: its place, the row before it, its own hash, and its columns against its body."""
        self.rows += 1
        seq, before = self.heads.get(event.stream, (0, journal.NOTHING_BEFORE))
        if event.seq != seq + 1:
            self._break(event, _("Row %(expected)s is missing.", expected=seq + 1))
        elif event.previous != before:
            self._break(event, _("The row does not follow the one before it."))
        found = journal.chain_hash(
            event.format, event.stream, event.seq, event.previous, event.body
        )
        if found != event.hash:
            self._break(event, _("The row's content was changed after it was written."))
        self._compare(event)
        self.heads[event.stream] = (event.seq, event.hash)

    def _compare(self, event: Event) -> None:
        body = _read(event.body)
        if not body:
            self._break(event, _("The row's content cannot be read."))
        columns = {
            "at": json.loads(journal.canonical(event.at)),
            "kind": event.kind,
            "case": event.case_id,
            "person": event.person_id,
            "unit": event.unit_id,
        }
        for name, value in columns.items():
            if body.get(name) != value:
                self._break(event, _("The column “%(name)s” was changed.", name=name))
        data = body.get("data")
        if isinstance(data, dict):
            self._remember(event, data)

    def _remember(self, event: Event, data: dict[str, Any]) -> None:
        if event.case_id is not None and "state" in data:
            self.states[event.case_id, event.seq] = data["state"]
        for kind in VOUCHED:
            if kind in data and "sha256" in data:
                self.vouched[kind, str(data[kind])] = (data["sha256"], event.seq)

    def _break(self, event: Event, problem: Text) -> None:
        self.breaks.append(Break(event.stream, event.seq, problem))


def _read(body: str) -> dict[str, Any]:
    """A row's content; nothing where tampering left no readable one."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _events() -> Iterator[Event]:
    """Every row, stream by stream in order, without holding them all in memory."""
    rows = session().execute(
        select(Event).order_by(Event.stream, Event.seq),
        execution_options={"yield_per": _BATCH, "populate_existing": True},
    )
    yield from rows.scalars()


def _personal_breaks() -> Iterator[Break]:
    """Values beside the rows must give the salted hash inside them, unless they were erased."""
    rows = session().execute(
        select(PersonalValue, Event.body).join(
            Event, (Event.stream == PersonalValue.stream) & (Event.seq == PersonalValue.seq)
        )
    )
    for kept, body in rows:
        if kept.value is None:
            continue
        inside = (_read(body).get("personal") or {}).get(kept.name)
        if inside != journal.personal_hash(kept.salt, kept.value):
            yield Break(
                kept.stream,
                kept.seq,
                _("The personal value “%(name)s” beside the row was changed.", name=kept.name),
            )


def _state_breaks(vouched: dict[tuple[int, int], str]) -> tuple[int, list[Break]]:
    """Every stored engine state must be the one its journal row names, and none may be missing."""
    left = dict(vouched)
    breaks: list[Break] = []
    count = 0
    rows = session().execute(select(CaseState), execution_options={"yield_per": 500})
    for state in rows.scalars():
        count += 1
        expected = left.pop((state.case_id, state.seq), None)
        actual = hashlib.sha256(state.blob).hexdigest()
        if not expected == actual == state.sha256:
            breaks.append(
                Break(
                    f"case:{state.case_id}",
                    state.seq,
                    _("The stored state of the case was changed."),
                )
            )
    breaks += [
        Break(f"case:{case_id}", seq, _("The stored state of the case is missing."))
        for case_id, seq in left
    ]
    return count, breaks


def _fact_breaks(vouched: dict[tuple[str, str], tuple[str, int]]) -> tuple[int, list[Break]]:
    """Papers, files, definitions, profiles and readings: as the journal vouches for them."""
    breaks: list[Break] = []
    count = 0
    for kind, row_id, stream, actual in _facts():
        count += 1
        expected = vouched.get((kind, str(row_id)))
        if expected is None or expected[0] != actual:
            breaks.append(
                Break(
                    stream,
                    expected[1] if expected else 0,
                    _(
                        "The content of %(kind)s %(id)s is not what the journal vouches for.",
                        kind=kind,
                        id=row_id,
                    ),
                )
            )
    return count, breaks


def _facts() -> Iterator[tuple[str, int, str, str]]:
    documents = session().execute(
        select(Document).where(Document.state == "issued"), execution_options={"yield_per": 500}
    )
    for each in documents.scalars():
        yield "document", each.id, f"case:{each.case_id}", content_hash(each)
    for definition in session().execute(select(DefinitionVersion)).scalars():
        yield (
            "definition_version",
            definition.id,
            f"definition:{definition.key}",
            _digest(definition.source),
        )
    for profile in session().execute(select(ProfileVersion)).scalars():
        yield "profile_version", profile.id, "settings", _digest(journal.canonical(profile.data))
    added = select(Attachment.id, Attachment.case_id, Attachment.sha256)
    for attachment_id, case_id, sha256 in session().execute(added).all():
        actual = sha256 if files.there(sha256) else ""
        yield "attachment", attachment_id, f"case:{case_id}", actual
    confirmed = select(ImportBatch.id, ImportBatch.round_id).where(ImportBatch.state == "confirmed")
    for batch_id, round_id in session().execute(confirmed).all():
        yield "import_batch", batch_id, f"round:{round_id}", intake.digest(batch_id)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()

"""The append-only journal: one hash-chained row per act, written in the act's own transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select, text

from app import clock
from app.actor import Actor
from app.db import dialect, known, session
from app.model import Event, PersonalValue

FORMAT: Final = 1
NOTHING_BEFORE: Final = "0" * 64


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and no floats: the same facts always give the same text."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def chain_hash(format_: int, stream: str, seq: int, previous: str, body: str) -> str:
    """SHA-256 (hex) over format version, stream, seq, previous hash and canonical body."""
    return hashlib.sha256(f"{format_}\n{stream}\n{seq}\n{previous}\n{body}".encode()).hexdigest()


def personal_hash(salt: str, value: str) -> str:
    """What the hashed row holds in place of a personal value."""
    return hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()


def record(
    kind: str,
    *,
    stream: str,
    actor: Actor,
    data: Mapping[str, Any],
    case_id: int | None = None,
    unit_id: int | None = None,
    deputy_for: int | None = None,
    personal: Mapping[str, str] | None = None,
) -> int:
    """Add one act to a stream; returns its place (seq). Written when the command ends.

    `data` says what changed (`before`/`after` where something was replaced); `personal` values
    are stored beside the row and only their salted hashes inside it, so that they can be erased.
    Unit and `deputy_for` are those of the post the actor acts in, where nothing else is said.
    """
    open_ = _open()
    head = open_.head(stream)
    moment = clock.now()
    under = actor.under
    unit = next((u for u in (unit_id, under and under.unit_id) if u is not None), actor.unit_id)
    deputy_for = deputy_for or (under.deputy_for if under else None)
    body = canonical(
        {
            "at": moment,
            "kind": kind,
            "case": case_id,
            "person": actor.person_id,
            "unit": unit,
            "deputy_for": deputy_for,
            "data": dict(data),
            "personal": open_.keep_aside(stream, head.seq + 1, personal or {}),
        }
    )
    columns = {"kind": kind, "case_id": case_id, "person_id": actor.person_id, "unit_id": unit}
    open_.add(head, stream, {"at": moment, "body": body, **columns})
    return head.seq


def next_seq(stream: str) -> int:
    """The place the next act of a stream will take."""
    return _open().head(stream).seq + 1


def know_head(stream: str, seq: int, hash_: str) -> None:
    """Tell the journal where a stream ends when its row was read (and locked) already."""
    _open().heads.setdefault(stream, _Head(seq, hash_))


def flush() -> int:
    """Write everything recorded in this transaction, and what was put off; how many acts it was."""
    open_ = _open()
    session().put_off(Event, *open_.events)
    session().put_off(PersonalValue, *open_.aside)
    session().send()
    count = len(open_.events)
    known().pop("heads", None)
    forget()
    return count


def forget() -> None:
    """Drop what was recorded and not written (the transaction was rolled back)."""
    session().info.pop("journal", None)


@dataclass
class _Head:
    seq: int
    hash: str


@dataclass
class _Open:
    """What one transaction has recorded so far."""

    heads: dict[str, _Head] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    aside: list[dict[str, Any]] = field(default_factory=list)

    def head(self, stream: str) -> _Head:
        if stream not in self.heads:
            self.heads[stream] = _read_head(stream)
        return self.heads[stream]

    def add(self, head: _Head, stream: str, row: dict[str, Any]) -> None:
        """Chain a row to the last one of its stream."""
        place = {"format": FORMAT, "stream": stream, "seq": head.seq + 1, "previous": head.hash}
        hashed = chain_hash(FORMAT, stream, head.seq + 1, head.hash, row["body"])
        self.events.append({**row, **place, "hash": hashed})
        head.seq, head.hash = head.seq + 1, hashed

    def keep_aside(self, stream: str, seq: int, values: Mapping[str, str]) -> dict[str, str]:
        """Put personal values beside the row; what the row itself holds of them."""
        hashes = {}
        for name, value in values.items():
            salt = secrets.token_hex(16)
            hashes[name] = personal_hash(salt, value)
            place = {"stream": stream, "seq": seq, "name": name}
            self.aside.append({**place, "salt": salt, "value": value})
        return hashes


def _open() -> _Open:
    info = session().info
    if "journal" not in info:
        info["journal"] = _Open()
    found: _Open = info["journal"]
    return found


def _read_head(stream: str) -> _Head:
    """The last row of a stream; on PostgreSQL other writers of the stream wait from here on."""
    if dialect() == "postgresql":
        session().execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:stream, 0))"), {"stream": stream}
        )
    last = (
        session()
        .execute(
            select(Event.seq, Event.hash)
            .where(Event.stream == stream)
            .order_by(Event.seq.desc())
            .limit(1)
        )
        .one_or_none()
    )
    return _Head(last.seq, last.hash) if last else _Head(0, NOTHING_BEFORE)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(clock.UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if hasattr(value, "as_json"):
        return value.as_json()
    raise TypeError(f"{type(value).__name__} cannot stand in a journal row.")

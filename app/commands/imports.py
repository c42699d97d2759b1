"""Bring a file of readings into a round: upload, clear its preview up, confirm all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from sqlalchemy import delete, select

from app import clock, journal
from app.actor import Actor
from app.commands import batches
from app.commands.command import command
from app.db import session
from app.effects import intake, previews
from app.errors import Invalid, NotFound, Stale
from app.i18n import Text, _
from app.model import Case, ImportBatch, ImportRow, Round, Work
from app.rules import access, importing, readings
from app.rules.importing import BLOCKING, EXCLUDED, NEW, SAME

WORK: Final = "import_preview"
ROW_KINDS: Final = ("import.row_left_out", "import.row_taken_back")
WAITING: Final = ("uploaded", "reading", "previewed")
LONGEST_NAME: Final = 200
MOST_LINES_NAMED: Final = 50


@command
def upload(round_id: int, file_name: str, content: bytes, *, actor: Actor) -> dict[str, Any]:
    """Take a file in and ask for its preview.

    Returns `{"batch": id, "already", "waiting", "small"}`: this very file was confirmed in this
    round before (nothing changes); is being previewed already; is read in no time.
    """
    round_ = batches.locked_round(round_id, actor)
    batches.require_analyst(actor)

    sha256 = hashlib.sha256(content).hexdigest()
    known = _known(round_.id, sha256)
    if known is not None:
        done = known.state == "confirmed"
        return {"batch": known.id, "already": done, "waiting": not done, "small": False}
    _require_open(round_)
    encoding = readings.read(content).encoding
    batch = ImportBatch(
        round_id=round_.id,
        file_name=_plain_name(file_name),
        sha256=sha256,
        encoding=encoding,
        content=content,
        rows_total=importing.rows_in(content, encoding),
        counts={},
        mapping={},
        uploaded_at=clock.now(),
        uploaded_by=actor.person_id,
    )
    session().add(batch)
    session().flush()
    session().add(Work(kind=WORK, reference=batch.id, not_before=batch.uploaded_at))

    _record("import.uploaded", batch, actor, {"bytes": len(content), "encoding": encoding})
    small = batch.rows_total <= importing.SMALL
    return {"batch": batch.id, "already": False, "waiting": False, "small": small}


@command
def map_unknown(
    batch_id: int,
    mapping: Mapping[str, Mapping[str, Any]],
    *,
    actor: Actor,
    seen: int | None = None,
) -> dict[str, int]:
    """Say what unknown names mean; returns how many rows have which verdict now.

    `mapping` is `{"indicator": {name: wish}, "area": {"county/新野": wish}}`; a wish is
    `{"to": id}`, `{"create": True}` (with `"aspect": code` for an indicator, `"own": True` for an
    area), or empty to take an earlier one back.
    """
    batch = batches.to_clear_up(batch_id, actor, seen, "import.mapped")

    batch.mapping = intake.merged(batch.mapping, mapping)
    counts = previews.match(batch)

    _record("import.mapped", batch, actor, {"mapping": mapping, "counts": counts})
    return counts


@command
def create_all_unknown(
    batch_id: int, *, actor: Actor, aspect: str | None = None, seen: int | None = None
) -> dict[str, int]:
    """Create every name that is still unknown, new indicators under one aspect or none."""
    batch = batches.to_clear_up(batch_id, actor, seen, "import.mapped")

    wishes = intake.creating_all(batch.id, aspect)
    batch.mapping = intake.merged(batch.mapping, wishes)
    counts = previews.match(batch)

    _record("import.mapped", batch, actor, {"mapping": wishes, "counts": counts})
    return counts


@command
def leave_out(batch_id: int, line: int, *, actor: Actor, seen: int | None = None) -> dict[str, int]:
    """Leave one doubtful row out of the import; the file is taken in without it."""
    batch = batches.to_clear_up(batch_id, actor, seen, *ROW_KINDS, line=line)
    row = _row(batch.id, line)
    if row.verdict not in BLOCKING:
        raise Invalid(_("Line %(line)s can be taken in as it is.", line=line))

    before, row.verdict = row.verdict, EXCLUDED
    session().flush()
    counts = previews.count(batch)

    _record("import.row_left_out", batch, actor, {"line": line, "before": before})
    return counts


@command
def take_back_in(
    batch_id: int, line: int, *, actor: Actor, seen: int | None = None
) -> dict[str, int]:
    """Undo leaving a row out."""
    batch = batches.to_clear_up(batch_id, actor, seen, *ROW_KINDS, line=line)
    row = _row(batch.id, line)
    if row.verdict != EXCLUDED:
        raise Invalid(_("Line %(line)s was not left out.", line=line))

    row.verdict = importing.verdict_of(row.findings)
    session().flush()
    counts = previews.match(batch)
    session().refresh(row)

    _record("import.row_taken_back", batch, actor, {"line": line, "after": row.verdict})
    return counts


@command
def confirm(batch_id: int, *, actor: Actor, seen: int | None = None) -> dict[str, int]:
    """Make the previewed rows readings of the round: all of them, or nothing at all.

    Returns `{"new", "same", "excluded", "indicators", "areas"}`. Journalled with the file's hash
    and a digest over the readings, from which `audit verify` sees any later change.
    """
    batch = batches.previewed(batch_id, actor)
    access.require(
        access.may_confirm_readings(actor), _("Only the court's analyst confirms an import.")
    )
    batches.require_unchanged(batch, seen, *batches.CHANGING)
    round_ = session().get_one(Round, batch.round_id)
    _require_open(round_)
    counts = previews.match(batch)
    _require_clear(batch.id, counts)

    left_out = _lines(batch.id, EXCLUDED)
    created = intake.create_wanted(batch, actor)
    if intake.take_in(batch) != counts[NEW]:
        raise Stale(_("The preview changed in the meantime. Open it again."))
    batch.state, batch.confirmed_at, batch.confirmed_by = "confirmed", clock.now(), actor.person_id
    _forget_rows(batch.id)

    numbers = {
        **{verdict: counts.get(verdict, 0) for verdict in (NEW, SAME, EXCLUDED)},
        "indicators": len(created["indicators"]),
        "areas": len(created["areas"]),
    }
    said = {"counts": numbers, "left_out": left_out, "provenance": batch.provenance}
    vouched = {"import_batch": batch.id, "sha256": intake.digest(batch.id)}
    _record("reading.imported", batch, actor, {**said, **vouched, "mapping": batch.mapping})
    return numbers


@command
def discard(batch_id: int, *, actor: Actor, seen: int | None = None) -> None:
    """Drop an upload that was not confirmed; nothing of it reaches the round."""
    batch = batches.locked(batch_id, actor)
    own = batch.uploaded_by == actor.person_id and access.may_bring_in_readings(actor)
    access.require(
        own or access.may_confirm_readings(actor),
        _("Only who uploaded a file, or the court's analyst, may discard it."),
    )
    batches.require_unchanged(batch, seen or 0, *(batches.CHANGING if seen else ()))

    before, batch.state = batch.state, "discarded"
    _forget_rows(batch.id)

    _record("import.discarded", batch, actor, {"before": before})


def _known(round_id: int, sha256: str) -> ImportBatch | None:
    """The same content in this round: confirmed before, else still being looked at."""
    found = session().scalars(
        select(ImportBatch)
        .where(
            ImportBatch.round_id == round_id,
            ImportBatch.sha256 == sha256,
            ImportBatch.state.in_(("confirmed", *WAITING)),
        )
        .order_by(ImportBatch.state != "confirmed", ImportBatch.id)
    )
    return found.first()


def _require_open(round_: Round) -> None:
    """Figures come in while the round's case is open; afterwards its levels were given on them."""
    of_round = (Case.round_id == round_.id, Case.kind == "assessment_round")
    states = session().scalars(select(Case.status).where(*of_round)).all()
    if states and "open" not in states:
        raise Invalid(_("The round %(round)s is closed; its figures stand.", round=round_.code))


def _require_clear(batch_id: int, counts: Mapping[str, int]) -> None:
    """Nothing unknown, contradictory or unreadable may be left, and something must be new."""
    left: dict[str, Text] = {
        verdict: importing.left_over(verdict, counts[verdict], _lines(batch_id, verdict))
        for verdict in BLOCKING
        if counts.get(verdict)
    }
    if left:
        raise Invalid(_("Nothing was imported: some rows are not clear yet."), fields=left)
    if not counts.get(NEW):
        raise Invalid(_("Nothing in this file is new to the round, so nothing changes."))


def _row(batch_id: int, line: int) -> ImportRow:
    row = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.line == line)
    found = session().scalars(row.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def _lines(batch_id: int, verdict: str) -> list[int]:
    lines = (
        select(ImportRow.line)
        .where(ImportRow.batch_id == batch_id, ImportRow.verdict == verdict)
        .order_by(ImportRow.line)
    )
    return list(session().scalars(lines.limit(MOST_LINES_NAMED)))


def _forget_rows(batch_id: int) -> None:
    session().execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))


def _plain_name(file_name: str) -> str:
    """The name without folders; only ever shown, never used to open anything."""
    name = PurePath(file_name.replace("\\", "/")).name.strip()
    return name[-LONGEST_NAME:] or "readings"


def _record(kind: str, batch: ImportBatch, actor: Actor, data: Mapping[str, Any]) -> None:
    journal.record(
        kind,
        stream=f"round:{batch.round_id}",
        actor=actor,
        data={"batch": batch.id, "file": batch.file_name, "file_sha256": batch.sha256, **data},
    )

"""Whose part of an item can go to another unit, who has to sign for one, and a case's papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, exists, literal, select
from sqlalchemy.orm import aliased

from app.db import constant, constants
from app.effects.disagreements import COORDINATION, DISAGREEMENT
from app.effects.receipts import OVERTAKEN, REASSIGNED
from app.model import Assignment, Attachment, CaseUnit, Delivery, Document, Report, Unit

PART, TO_SIGN, PAPER, DISAGREED = "part", "to_sign", "paper", "disagreed"
FILE: Final = "file"
SETTLED: Final = aliased(Report)
ASKED_TO_SIGN: Final = exists().where(
    Assignment.case_id == Document.case_id,
    Assignment.unit_id == Delivery.unit_id,
    Assignment.state == constant("active"),
    Assignment.receipt,
)
STILL_THEIRS: Final = exists().where(
    CaseUnit.case_id == Document.case_id,
    CaseUnit.unit_id == Delivery.unit_id,
    CaseUnit.role.in_(constants("lead", "co")),
)
AROUND: Final = (
    select(constant(PART), CaseUnit.role.concat(literal(":")).concat(Unit.name), Unit.id)
    .join(Unit, Unit.id == CaseUnit.unit_id)
    .where(CaseUnit.case_id == bindparam("case"), CaseUnit.role.in_(constants("lead", "co"))),
    select(constant(TO_SIGN), literal(""), Delivery.unit_id)
    .join(Document, Document.id == Delivery.document_id)
    .where(
        Document.case_id == bindparam("case"),
        Document.kind == constant(REASSIGNED),
        Document.state == constant("issued"),
        Delivery.role == constant("main"),
        Delivery.signed_at.is_(None),
        ~ASKED_TO_SIGN,
        STILL_THEIRS,
        ~OVERTAKEN,
    ),
    select(constant(PAPER), Document.title, Document.id).where(
        Document.case_id == bindparam("case"), Document.state == constant("issued")
    ),
    select(constant(FILE), Attachment.name, Attachment.id).where(
        Attachment.case_id == bindparam("case"), Attachment.withdrawn_at.is_(None)
    ),
    select(constant(DISAGREED), literal(""), Report.id).where(
        Report.case_id == bindparam("case"),
        Report.kind == constant(DISAGREEMENT),
        ~exists().where(
            SETTLED.case_id == Report.case_id,
            SETTLED.kind == constant(COORDINATION),
            SETTLED.id > Report.id,
        ),
    ),
)  # fmt: skip


def supervised(around: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, Any]:
    """What the standing of a case says about these: see `rules.standing.Standing`."""
    parts = {}
    for word, unit_id in around[PART]:
        role, _colon, name = word.partition(":")
        parts[f"{role}:{unit_id}"] = name
    return {
        "parts": parts,
        "to_sign": frozenset(unit_id for _word, unit_id in around[TO_SIGN]),
        "disagreed": bool(around[DISAGREED]),
        "papers": {str(number): title for title, number in around[PAPER]},
        "files": {str(number): name for name, number in around[FILE]},
    }

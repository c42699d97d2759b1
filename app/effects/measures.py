"""Measures a unit promises: what it will do, who answers for it, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, update

from app.db import session
from app.effects.registry import Completed
from app.model import Measure


def promise(step: Completed, rows: Sequence[Mapping[str, Any]]) -> None:
    """The measures promised now; earlier ones of the same unit stay on record as replaced."""
    case, unit = step.case, step.assignment.unit_id
    theirs = (Measure.case_id == case.id, Measure.unit_id == unit)
    promised = [
        {
            "case_id": case.id,
            "unit_id": unit,
            "indicator_id": case.indicator_id,
            "text": row["text"],
            "owner_person": row["owner_person"],
            "owner_dept": row["owner_dept"],
            "due_on": date.fromisoformat(row["due"]),
            "at": step.now,
        }
        for row in rows
    ]
    with session().no_autoflush:
        session().execute(update(Measure).where(*theirs).values(replaced=True))
        if promised:
            session().execute(insert(Measure), promised)

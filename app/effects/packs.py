"""The status pack of a meeting (TH-09c): per unit, what it got, answered, does and is late with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app import clock
from app.db import session
from app.effects import papers
from app.model import Assignment, Case, CaseUnit, Document, ProfileVersion
from app.rules.profiles import Profile

FIGURES = ("notices", "opinions", "opinions_missing", "open", "overdue", "closed")


def units_concerned(profile: Profile, round_id: int | None) -> list[int]:
    """The units that got a notice (of that round, if one is named) or work on an open item."""
    rows = session().execute(
        select(CaseUnit.unit_id)
        .join(Case, Case.id == CaseUnit.case_id)
        .where(
            _of(profile),
            _issued_notice(round_id) & (CaseUnit.role == "addressee")
            | _item() & Case.status.in_(("open", "suspended")) & CaseUnit.role.in_(("lead", "co")),
        )
        .group_by(CaseUnit.unit_id)
        .order_by(func.min(CaseUnit.id))
    )
    return [row.unit_id for row in rows]


def status_pack(
    profile: Profile, round_id: int | None, unit_ids: Iterable[int]
) -> list[dict[str, Any]]:
    """One row per unit: notices, opinions filed and missing, items open, overdue and closed."""
    units = list(dict.fromkeys(unit_ids))
    names = papers.unit_names(units)
    counts: Counter[tuple[int, str]] = Counter()
    counts.update(_notices(profile, round_id, units))
    counts.update(_items(profile, units))
    return [
        {
            "unit_id": unit,
            "unit": names[unit],
            **{figure: counts[unit, figure] for figure in FIGURES},
        }
        for unit in units
    ]


def _notices(
    profile: Profile, round_id: int | None, units: Sequence[int]
) -> Iterable[tuple[int, str]]:
    filed = exists(
        select(Document.id).where(
            Document.case_id == Case.id, Document.kind == "work_opinion", Document.state == "issued"
        )
    )
    rows = session().execute(
        select(CaseUnit.unit_id, filed.label("filed"))
        .join(Case, Case.id == CaseUnit.case_id)
        .where(
            _of(profile),
            _issued_notice(round_id),
            CaseUnit.role == "addressee",
            CaseUnit.unit_id.in_(units),
        )
    )
    for row in rows:
        yield row.unit_id, "notices"
        yield row.unit_id, "opinions" if row.filed else "opinions_missing"


def _items(profile: Profile, units: Sequence[int]) -> Iterable[tuple[int, str]]:
    late = exists(
        select(Assignment.id).where(
            Assignment.case_id == Case.id,
            Assignment.unit_id == CaseUnit.unit_id,
            Assignment.state == "active",
            Assignment.due_at < clock.now(),
        )
    )
    rows = session().execute(
        select(CaseUnit.unit_id, Case.status, late.label("late"))
        .join(Case, Case.id == CaseUnit.case_id)
        .where(
            _of(profile), _item(), CaseUnit.role.in_(("lead", "co")), CaseUnit.unit_id.in_(units)
        )
    )
    for row in rows:
        if row.status == "closed":
            yield row.unit_id, "closed"
        elif row.status in ("open", "suspended"):
            yield row.unit_id, "open"
            if row.late:
                yield row.unit_id, "overdue"


def _of(profile: Profile) -> ColumnElement[bool]:
    return Case.profile_id.in_(select(ProfileVersion.id).where(ProfileVersion.key == profile.key))


def _issued_notice(round_id: int | None) -> ColumnElement[bool]:
    issued = (Case.kind == "risk_notice") & (Case.status != "void") & Case.issued_at.is_not(None)
    return issued if round_id is None else issued & (Case.round_id == round_id)


def _item() -> ColumnElement[bool]:
    return Case.kind == "supervision_item"

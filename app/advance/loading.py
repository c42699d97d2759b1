"""Load and lock: the first beat of every act on a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app import engine, journal
from app.advance import reference
from app.db import session
from app.errors import NotFound
from app.model import Assignment, Case, CaseState, CaseUnit, Event, ProfileVersion, Ticket
from app.rules.profiles import Profile


@dataclass
class Loaded:
    """A locked case with everything an act on it needs."""

    case: Case
    state: bytes
    profile: Profile
    units: Mapping[str, Sequence[int]]

    @property
    def stream(self) -> str:
        """The case's journal stream."""
        return f"case:{self.case.id}"

    @property
    def compiled(self) -> engine.Compiled:
        """The process the case runs on."""
        return reference.compiled(self.case.bundle)

    @property
    def lead_unit_id(self) -> int | None:
        """The one accountable unit, once there is one."""
        leads = self.units.get("lead") or self.units.get("addressee") or ()
        return leads[0] if leads else None


def load(case_id: int) -> Loaded:
    """Lock a case and read it; raises NotFound.

    Two statements on purpose: what is joined to a row that had to be waited for would be as it
    was before the wait (PostgreSQL reads it again for the locked table only).
    """
    locked = (
        session()
        .execute(select(Case.id).where(Case.id == case_id).with_for_update())
        .scalar_one_or_none()
    )
    if locked is None:
        raise NotFound
    return _read(case_id)


def load_by_assignment(assignment_id: int) -> tuple[Loaded, Ticket, Assignment]:
    """Lock the case of an assignment, then read ticket and assignment as they are now."""
    case_id = (
        session()
        .execute(
            select(Case.id)
            .join(Assignment, Assignment.case_id == Case.id)
            .where(Assignment.id == assignment_id)
            .with_for_update(of=Case)
        )
        .scalar_one_or_none()
    )
    if case_id is None:
        raise NotFound
    loaded = _read(case_id)
    found = (
        session()
        .execute(
            select(Ticket, Assignment)
            .join(Assignment, Assignment.ticket_id == Ticket.id)
            .where(Assignment.id == assignment_id)
            .execution_options(populate_existing=True)
        )
        .one()
    )
    return loaded, found.Ticket, found.Assignment


def _read(case_id: int) -> Loaded:
    stream = f"case:{case_id}"
    last = select(func.max(Event.seq)).where(Event.stream == stream).scalar_subquery()
    found = (
        session()
        .execute(
            select(Case, CaseState.blob, ProfileVersion.sha256, Event.seq, Event.hash)
            .join(ProfileVersion, ProfileVersion.id == Case.profile_id)
            .outerjoin(
                CaseState, (CaseState.case_id == Case.id) & (CaseState.seq == Case.state_seq)
            )
            .outerjoin(Event, (Event.stream == stream) & (Event.seq == last))
            .where(Case.id == case_id)
            .execution_options(populate_existing=True)
        )
        .one()
    )
    if found.seq is not None:
        journal.know_head(stream, found.seq, found.hash)
    return Loaded(
        case=found.Case,
        state=found.blob or b"",
        profile=reference.profile_with(found.sha256, found.Case.profile_id),
        units=units_of(case_id),
    )


def units_of(case_id: int) -> dict[str, list[int]]:
    """The units of a case by their role in it, in the order they were named."""
    rows = session().execute(
        select(CaseUnit.role, CaseUnit.unit_id)
        .where(CaseUnit.case_id == case_id)
        .order_by(CaseUnit.id)
    )
    units: dict[str, list[int]] = {}
    for role, unit_id in rows:
        units.setdefault(role, []).append(unit_id)
    return units

"""The assessment rounds, and one round's page: every indicator with what it came to and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select, true

from app.actor import Actor
from app.db import session
from app.effects import levels
from app.errors import Invalid, NotFound
from app.i18n import Text
from app.model import Area, Case, Grading, ProfileVersion, Reading, Round
from app.queries.round_findings import AspectBlock, CaseLink, aspects, link
from app.queries.trends import strips
from app.queries.visibility import visible
from app.rules import access, periods

LEVELS: Final = ("high", "medium", "low")


@dataclass(frozen=True)
class RoundLine:
    """A round in the list; `levels` counts indicators per level, `case_id` only if open to one."""

    round_id: int
    code: str
    label: Text | None
    starts_on: date
    ends_on: date
    mechanism: str
    mechanism_en: str
    report_title: str
    readings: int
    levels: Mapping[str, int]
    evaluated_on: date | None
    synthetic: bool
    sample: bool
    case_id: int | None
    case_status: str


@dataclass(frozen=True)
class RoundPage:
    """A round with its indicators; `problem` says why there are none yet."""

    round: RoundLine
    aspects: tuple[AspectBlock, ...]
    periods: tuple[str, ...]
    area: str
    problem: Text | None
    may_see_imports: bool
    may_bring_in: bool

    @property
    def indicators(self) -> int:
        """How many indicators have a reading of our own."""
        return sum(len(block.lines) for block in self.aspects)


def rounds(viewer: Actor) -> tuple[RoundLine, ...]:
    """Every round, newest first."""
    if not access.may_see_rounds(viewer):
        raise NotFound
    return _lines(viewer)


def round_line(viewer: Actor, round_id: int) -> RoundLine:
    """One round; NotFound for a stranger."""
    if not access.may_see_rounds(viewer):
        raise NotFound
    found = _lines(viewer, round_id)
    if not found:
        raise NotFound
    return found[0]


def round_page(viewer: Actor, round_id: int) -> RoundPage:
    """One round with every indicator by aspect; NotFound for a stranger."""
    line = round_line(viewer, round_id)
    round_ = session().get_one(Round, round_id)
    problem: Text | None = None
    readings: Mapping[int, Reading] = {}
    try:
        readings = levels.own_readings(round_)
    except Invalid as refusal:
        problem = refusal.text
    area_id = next((each.area_id for each in readings.values()), None)
    codes, strip_of = strips(round_, area_id, list(readings))
    return RoundPage(
        round=line,
        aspects=aspects(viewer, round_, readings, strip_of),
        periods=codes,
        area=session().scalar(select(Area.name).where(Area.id == area_id)) or "",
        problem=problem,
        may_see_imports=access.may_see_imports(viewer),
        may_bring_in=access.may_bring_in_readings(viewer) and line.case_status in ("open", ""),
    )


def round_id_of(viewer: Actor, code: str) -> int | None:
    """The round with that code, if there is one."""
    if not access.may_see_rounds(viewer):
        raise NotFound
    return session().scalar(select(Round.id).where(Round.code == code))


def _lines(viewer: Actor, round_id: int | None = None) -> tuple[RoundLine, ...]:
    read = (
        select(Reading.round_id, func.count().label("count")).group_by(Reading.round_id).subquery()
    )
    rows = (
        session()
        .execute(
            select(Round, ProfileVersion.data, read.c.count)
            .join(ProfileVersion, ProfileVersion.id == Round.profile_id)
            .outerjoin(read, read.c.round_id == Round.id)
            .where(true() if round_id is None else Round.id == round_id)
            .order_by(Round.ends_on.desc(), Round.id.desc())
        )
        .all()
    )
    counts, cases = _level_counts(), _own_cases(viewer)
    return tuple(
        RoundLine(
            round_id=round_.id,
            code=round_.code,
            label=_label(round_.code),
            starts_on=round_.starts_on,
            ends_on=round_.ends_on,
            mechanism=str(data["name"]),
            mechanism_en=str(data["name_en"]),
            report_title=round_.report_title,
            readings=count or 0,
            levels=counts.get(round_.id, {}),
            evaluated_on=round_.evaluated_on,
            synthetic=round_.synthetic,
            sample=bool(data["grading"].get("sample")),
            case_id=cases[round_.id].case_id if round_.id in cases else None,
            case_status=cases[round_.id].status if round_.id in cases else "",
        )
        for round_, data, count in rows
    )


def _label(code: str) -> Text | None:
    try:
        return periods.parse(code).label
    except Invalid:
        return None


def _level_counts() -> dict[int, dict[str, int]]:
    """How many indicators have which level now, by round."""
    newest = (
        select(func.max(Grading.id).label("id"))
        .group_by(Grading.round_id, Grading.indicator_id)
        .subquery()
    )
    rows = session().execute(
        select(Grading.round_id, Grading.level, func.count())
        .join(newest, newest.c.id == Grading.id)
        .group_by(Grading.round_id, Grading.level)
    )
    found: dict[int, dict[str, int]] = {}
    for round_id, level, count in rows:
        found.setdefault(round_id, {})[level] = count
    return found


def _own_cases(viewer: Actor) -> dict[int, CaseLink]:
    """The case each round runs as."""
    rows = session().scalars(
        select(Case).where(Case.kind == "assessment_round", visible(viewer)).order_by(Case.id)
    )
    return {case.round_id: link(case) for case in rows if case.round_id}

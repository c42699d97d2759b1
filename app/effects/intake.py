"""Take a cleared preview into its round: what names mean, what is created, and the readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import func, insert, literal, select

from app import journal
from app.actor import Actor
from app.db import session
from app.effects import previews
from app.errors import Invalid
from app.i18n import _
from app.model import Area, Aspect, ImportBatch, ImportRow, Indicator, Reading
from app.model.imported import imported_readings
from app.rules import importing
from app.rules.importing import NEW, UNKNOWN

COUNTY: Final = "county"
FIGURES: Final = (
    "indicator_id",
    "area_id",
    "period",
    "value",
    "year_before",
    "change",
    "case_count",
)
TARGETS: Final[Mapping[str, type[Indicator | Area]]] = {"indicator": Indicator, "area": Area}


def merged(
    before: Mapping[str, Any], wishes: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The mapping with those wishes in place; refuses to point at what does not exist."""
    after = {kind: dict(before.get(kind, {})) for kind in TARGETS}
    for kind, by_name in wishes.items():
        if kind not in TARGETS:
            raise Invalid(_("Only indicators and areas can be assigned."))
        for name, wish in by_name.items():
            after[kind].pop(name, None)
            if wish:
                after[kind][name] = _checked(kind, name, wish)
    return after


def _checked(kind: str, name: str, wish: Mapping[str, Any]) -> dict[str, Any]:
    if "to" in wish:
        if session().get(TARGETS[kind], wish["to"]) is None:
            raise Invalid(_("What “%(name)s” was assigned to does not exist.", name=name))
        return {"to": int(wish["to"])}
    if not wish.get("create"):
        raise Invalid(_("Say what “%(name)s” means, or create it.", name=name))
    if kind == "area":
        return {"create": True, "own": bool(wish.get("own"))}
    if wish.get("aspect"):
        aspect_id(wish["aspect"])
    return {"create": True, "aspect": wish.get("aspect") or None}


def aspect_id(code: str) -> int:
    """The aspect with that code; refused when there is none."""
    found = session().scalar(select(Aspect.id).where(Aspect.code == code))
    if found is None:
        raise Invalid(_("There is no aspect with the code %(code)s.", code=code))
    return found


def creating_all(batch_id: int, aspect: str | None) -> dict[str, dict[str, Any]]:
    """The wishes that create everything still unknown."""
    unknown = (ImportRow.batch_id == batch_id, ImportRow.verdict == UNKNOWN)
    indicators = select(ImportRow.indicator).where(*unknown, ImportRow.indicator_id.is_(None))
    areas = select(previews.AREA_KEY).where(*unknown, ImportRow.area_id.is_(None))
    return {
        "indicator": {
            name: {"create": True, "aspect": aspect}
            for name in session().scalars(indicators.distinct())
        },
        "area": {name: {"create": True} for name in session().scalars(areas.distinct())},
    }


def create_wanted(batch: ImportBatch, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Create what new rows name and somebody said to create; journalled in `settings`."""
    indicators = _distinct(batch.id, ImportRow.indicator, where=ImportRow.indicator_id)
    areas = _distinct(batch.id, ImportRow.area_level, ImportRow.area, where=ImportRow.area_id)
    created: dict[str, list[dict[str, Any]]] = {"indicators": [], "areas": []}
    if not indicators and not areas:
        return created
    journal.next_seq("settings")  # from here on nobody else creates things
    names = [name for (name,) in indicators]
    created["indicators"] = _create_indicators(batch, names)
    created["areas"] = _create_areas(batch, areas)
    journal.record(
        "indicator.added",
        stream="settings",
        actor=actor,
        data={"batch": batch.id, "file": batch.file_name, **created},
    )
    previews.look_created_up(batch.id)
    return created


def _distinct(batch_id: int, *columns: Any, where: Any) -> list[Any]:
    """Names of new rows without a meaning yet, in the order of the file."""
    rows = session().execute(
        select(*columns)
        .where(ImportRow.batch_id == batch_id, ImportRow.verdict == NEW, where.is_(None))
        .group_by(*columns)
        .order_by(func.min(ImportRow.line))
    )
    return list(rows)


def free_codes() -> Iterator[str]:
    """Codes no indicator has: N001, N002 …"""
    taken = set(session().scalars(select(Indicator.code)))
    number = 0
    while True:
        number += 1
        if f"N{number:03}" not in taken:
            yield f"N{number:03}"


def _create_indicators(batch: ImportBatch, names: list[str]) -> list[dict[str, Any]]:
    wishes = batch.mapping["indicator"]
    codes = {code: aspect_id(code) for code in {wishes[n].get("aspect") for n in names} if code}
    rows = [
        Indicator(
            code=code,
            name=name,
            aspect_id=codes.get(wishes[name].get("aspect")),
            source=batch.file_name,
        )
        for name, code in zip(names, free_codes(), strict=False)
    ]
    session().add_all(rows)
    session().flush()
    return [
        {"id": row.id, "code": row.code, "name": row.name, "aspect": row.aspect_id} for row in rows
    ]


def _create_areas(batch: ImportBatch, areas: list[Any]) -> list[dict[str, Any]]:
    """The first county becomes the county's own area when none is marked or chosen."""
    wishes = batch.mapping["area"]
    chosen = [each for each in areas if wishes["/".join(each)].get("own")]
    counties = [each for each in areas if each[0] == COUNTY]
    if not chosen and session().scalar(select(Area.id).where(Area.own).limit(1)) is None:
        chosen = counties[:1]
    for level, _name in chosen[:1]:
        _claim_own(level)
    rows = [Area(level=each[0], name=each[1], own=each in chosen[:1]) for each in areas]
    session().add_all(rows)
    session().flush()
    return [{"id": row.id, "level": row.level, "name": row.name, "own": row.own} for row in rows]


def _claim_own(level: str) -> None:
    """Only a county can be our own, and there is one of it."""
    if level != COUNTY:
        raise Invalid(_("Only a county can be our own area."))
    for area in session().scalars(select(Area).where(Area.own)):
        area.own = False


def take_in(batch: ImportBatch) -> int:
    """Every new row becomes a reading, in one statement; returns how many."""
    rows = select(
        literal(batch.round_id),
        *(getattr(ImportRow, name) for name in FIGURES),
        literal(batch.id),
    ).where(
        ImportRow.batch_id == batch.id,
        ImportRow.verdict == NEW,
        ImportRow.indicator_id.is_not(None),
        ImportRow.area_id.is_not(None),
    )
    session().execute(insert(Reading).from_select(["round_id", *FIGURES, "batch_id"], rows))
    taken = select(func.count()).select_from(Reading).where(Reading.batch_id == batch.id)
    return session().scalar(taken) or 0


def digest(batch_id: int) -> str:
    """The digest over the readings a batch brought, as it stands in the journal."""
    rows = session().execute(imported_readings(batch_id), execution_options={"yield_per": 5_000})
    return importing.digest(rows)

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
    wishes = batch.mapping
    for name, code in zip((row[0] for row in indicators), free_codes(), strict=False):
        wish = wishes["indicator"][name]
        created["indicators"].append(_create_indicator(batch, name, code, wish.get("aspect")))
    for level, name in areas:
        wish = wishes["area"][f"{level}/{name}"]
        created["areas"].append(_create_area(level, name, own=bool(wish.get("own"))))
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


def _create_indicator(
    batch: ImportBatch, name: str, code: str, aspect: str | None
) -> dict[str, Any]:
    indicator = Indicator(
        code=code,
        name=name,
        aspect_id=aspect_id(aspect) if aspect else None,
        source=batch.file_name,
    )
    session().add(indicator)
    session().flush()
    return {"id": indicator.id, "code": code, "name": name, "aspect": aspect}


def _create_area(level: str, name: str, *, own: bool) -> dict[str, Any]:
    """The first county becomes the county's own area when none is marked yet."""
    first = level == COUNTY and session().scalar(select(Area.id).where(Area.own).limit(1)) is None
    area = Area(level=level, name=name, own=first or (own and _claim_own(level)))
    session().add(area)
    session().flush()
    return {"id": area.id, "level": level, "name": name, "own": area.own}


def _claim_own(level: str) -> bool:
    """Only a county can be our own, and there is one of it."""
    if level != COUNTY:
        raise Invalid(_("Only a county can be our own area."))
    for area in session().scalars(select(Area).where(Area.own)):
        area.own = False
    return True


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
    done = session().execute(insert(Reading).from_select(["round_id", *FIGURES, "batch_id"], rows))
    return int(getattr(done, "rowcount", 0))


def digest(batch_id: int) -> str:
    """The digest over the readings a batch brought, as it stands in the journal."""
    rows = session().execute(imported_readings(batch_id), execution_options={"yield_per": 5_000})
    return importing.digest(rows)

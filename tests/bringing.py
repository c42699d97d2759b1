"""Verbs for tests that bring readings into a round."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app import clock, journal
from app.actor import SYSTEM, Actor
from app.commands.cases import start_round
from app.commands.imports import confirm, create_all_unknown, upload
from app.commands.staging import stage
from app.db import session, transaction
from app.effects import intake
from app.model import Area, ImportBatch, Reading
from app.rules import periods

PUBLISHED = Path(__file__).parent / "data" / "xinye_2022Q3.csv"
HEADER = "indicator,period,area_level,area,value,value_year_before,change,case_count\n"
COMMERCIAL = "商事活动纠纷风险防控指数"
INVESTORS = "中小投资者权益保护指数"
CONSTRUCTION = "建设工程施工合同纠纷风险指数"


def opened(code: str, analyst: Actor, profile: str = "tanghe") -> int:
    """Open a round; returns its id."""
    period = periods.parse(code)
    made = start_round(code, period.kind, period.start, period.end, profile, actor=analyst)
    return int(made["round"])


def previewed(
    round_id: int, content: str | bytes, analyst: Actor, name: str = "readings.csv"
) -> tuple[int, dict[str, int] | None]:
    """Upload a file and read it; returns its batch and how many rows have which verdict."""
    data = content if isinstance(content, bytes) else (HEADER + content).encode()
    batch = upload(round_id, name, data, actor=analyst)["batch"]
    return batch, stage(batch, actor=analyst)


def taken_in(round_id: int, content: str | bytes, analyst: Actor) -> tuple[int, dict[str, int]]:
    """Upload, read, create whatever is unknown and confirm."""
    batch, _counts = previewed(round_id, content, analyst)
    create_all_unknown(batch, actor=analyst)
    return batch, confirm(batch, actor=analyst)


def number_of(model: Any) -> int:
    """How many rows a table has."""
    return session().scalar(select(func.count()).select_from(model)) or 0


def batch_row(batch_id: int) -> ImportBatch:
    """A batch as the database has it now."""
    return session().get_one(ImportBatch, batch_id, populate_existing=True)


def published(
    round_id: int,
    values: Mapping[int, tuple[str, str | None]],
    *,
    period: str = "2026H1",
    area: tuple[str, str] = ("county", "示例县"),
) -> None:
    """Readings by indicator id as a confirmed import leaves them, without a file."""
    with transaction():
        batch = confirmed_batch(round_id)
        place = area_id(*area)
        session().add_all(
            Reading(
                round_id=round_id,
                indicator_id=indicator,
                area_id=place,
                period=period,
                value=Decimal(value),
                change=None if change is None else Decimal(change),
                batch_id=batch.id,
            )
            for indicator, (value, change) in values.items()
        )
        session().flush()
        said = {"file": batch.file_name, "counts": {"new": len(values)}}
        vouched = {"import_batch": batch.id, "sha256": intake.digest(batch.id)}
        stream = f"round:{round_id}"
        journal.record("reading.imported", stream=stream, actor=SYSTEM, data=said | vouched)
        journal.flush()


def confirmed_batch(round_id: int) -> ImportBatch:
    """A file as it stands after its confirmation."""
    now = clock.now()
    batch = ImportBatch(
        round_id=round_id,
        file_name="readings.csv",
        sha256="0" * 64,
        content=b"",
        state="confirmed",
        uploaded_at=now,
        confirmed_at=now,
    )
    session().add(batch)
    session().flush()
    return batch


def area_id(level: str, name: str) -> int:
    """The area of that level and name, made if it is not there."""
    found = session().scalar(select(Area.id).where(Area.level == level, Area.name == name))
    if found:
        return found
    area = Area(level=level, name=name)
    session().add(area)
    session().flush()
    return area.id

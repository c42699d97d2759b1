"""Published processes and decision tables: their versions, and how many cases run on which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.db import session
from app.errors import NotFound
from app.model import Case, DefinitionVersion


@dataclass(frozen=True)
class DefinitionLine:
    """The newest version of a definition; `running` counts open cases of that process."""

    version_id: int
    key: str
    kind: str
    title: str
    title_en: str
    version: int
    published_at: datetime
    sha256: str
    running: int


def definitions() -> tuple[DefinitionLine, ...]:
    """The newest version of each, processes first."""
    newest = select(func.max(DefinitionVersion.id)).group_by(DefinitionVersion.key)
    by_kind = select(Case.kind, func.count()).where(Case.status == "open").group_by(Case.kind)
    running: dict[str, int] = dict(session().execute(by_kind).all())
    rows = (
        session()
        .execute(
            select(DefinitionVersion)
            .where(DefinitionVersion.id.in_(newest))
            .order_by(DefinitionVersion.kind, DefinitionVersion.key)
        )
        .scalars()
    )
    return tuple(
        DefinitionLine(
            version_id=d.id,
            key=d.key,
            kind=d.kind,
            title=d.title,
            title_en=d.title_en,
            version=d.version,
            published_at=d.published_at,
            sha256=d.sha256,
            running=running.get(d.key, 0),
        )
        for d in rows
    )


def definition(version_id: int) -> tuple[DefinitionLine, str]:
    """One version and its source; NotFound when there is none."""
    found = session().get(DefinitionVersion, version_id)
    if found is None:
        raise NotFound
    line = DefinitionLine(
        version_id=found.id,
        key=found.key,
        kind=found.kind,
        title=found.title,
        title_en=found.title_en,
        version=found.version,
        published_at=found.published_at,
        sha256=found.sha256,
        running=0,
    )
    return line, found.source

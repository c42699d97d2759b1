"""Put what the system ships with into the database: calendar, mechanism profiles, definitions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from app import clock, engine, journal
from app.actor import SYSTEM, Actor
from app.commands import soundness
from app.commands.command import command
from app.commands.soundness import DEFINITIONS, Looked
from app.db import Base, session
from app.effects import redating
from app.errors import Invalid
from app.i18n import _
from app.model import (
    CalendarDay,
    CalendarYear,
    DefinitionVersion,
    ProfileVersion,
)
from app.rules import profiles, workdays

SOURCE: Final = "国务院办公厅节假日安排（chinesecalendar）"


@command
def install(*folders: Path, actor: Actor = SYSTEM) -> dict[str, Any]:
    """Bring calendar, profiles and definitions up to what this release ships; safe to repeat.

    Diagrams and tables in `folders` come on top; one of a shipped name takes its place.
    Returns `{"years": […], "profiles": […], "definitions": […]}`: what was added, each as
    `key vN`. What is in use keeps running on its own version.
    """
    return {
        "years": _add_years(actor),
        "profiles": [_publish_profile(key, data, actor) for key, data in _changed_profiles()],
        "definitions": [
            _publish(path, source, actor) for path, source in _changed_definitions(folders)
        ],
    }


def create_schema() -> None:
    """Create every table that is missing; databases meant to last use the migrations instead."""
    Base.metadata.create_all(session().get_bind())
    session().rollback()  # a look that began before would not see the tables


def _add_years(actor: Actor) -> list[int]:
    """Years the statutory schedules speak about and the calendar does not know yet."""
    known = set(session().scalars(select(CalendarYear.year)))
    edited = set(session().scalars(select(CalendarDay.day)))
    days = [each for each in workdays.statutory_days() if each.day.year not in known]
    last = workdays.statutory_coverage().year
    years = sorted({each.day.year for each in days if each.day.year <= last})
    if not years:
        return []
    session().add_all(CalendarYear(year=year, source=SOURCE) for year in years)
    new = [each for each in days if each.day not in edited]
    session().add_all(
        CalendarDay(day=each.day, kind=each.kind, source=SOURCE, note=each.note) for each in new
    )
    journal.record(
        "calendar.extended",
        stream="calendar",
        actor=actor,
        data={
            "years": years,
            "source": SOURCE,
            "covered_until": date(years[-1], 12, 31),
            "days": [[each.day, each.kind] for each in new],
        },
    )
    journal.flush()
    redating.find_again_from(date(years[0], 1, 1), actor)
    return years


def _changed_profiles() -> Iterator[tuple[str, dict[str, Any]]]:
    """Shipped profiles whose content no version holds yet, checked."""
    for key, data in profiles.available().items():
        profiles.parse(data)
        if _newest_hash(ProfileVersion, key) != _hash(journal.canonical(data)):
            yield key, data


def _publish_profile(key: str, data: dict[str, Any], actor: Actor) -> str:
    before = _newest_hash(ProfileVersion, key)
    profile = ProfileVersion(
        key=key,
        version=_next_version(ProfileVersion, key),
        data=data,
        sha256=_hash(journal.canonical(data)),
        at=clock.now(),
    )
    session().add(profile)
    session().flush()
    journal.record(
        "profile.published",
        stream="settings",
        actor=actor,
        data={
            "profile_version": profile.id,
            "key": key,
            "version": profile.version,
            "sha256": profile.sha256,
            "before": before,
        },
    )
    return f"{key} v{profile.version}"


def _changed_definitions(folders: Sequence[Path]) -> Iterator[tuple[Path, bytes]]:
    """Diagrams and tables whose content is not the newest version, checked at the gate."""
    paths = soundness.files_in(DEFINITIONS, *folders)
    for looked in soundness.look(paths):
        digest = hashlib.sha256(looked.source).hexdigest()
        if _newest_hash(DefinitionVersion, looked.path.stem) != digest:
            _require_sound(looked)
            yield looked.path, looked.source


def _require_sound(looked: Looked) -> None:
    if looked.errors:
        raise Invalid(
            _("%(file)s cannot be published.", file=looked.path.name),
            fields={each.element or each.code: each.message for each in looked.errors},
        )


def _publish(path: Path, source: bytes, actor: Actor) -> str:
    said = engine.describe(source)
    before = _newest_hash(DefinitionVersion, path.stem)
    definition = DefinitionVersion(
        key=path.stem,
        kind=path.suffix[1:],
        version=_next_version(DefinitionVersion, path.stem),
        title=said.title,
        title_en=said.title_en or said.title,
        calls=[*said.calls, *said.decisions],
        source=source.decode(),
        sha256=_hash(source.decode()),
        published_at=clock.now(),
        published_by=actor.person_id,
    )
    session().add(definition)
    session().flush()
    journal.record(
        "definition.published",
        stream=f"definition:{definition.key}",
        actor=actor,
        data={
            "definition_version": definition.id,
            "version": definition.version,
            "title": said.title,
            "sha256": definition.sha256,
            "before": before,
        },
    )
    return f"{definition.key} v{definition.version}"


Versions = type[ProfileVersion] | type[DefinitionVersion]


def _newest_hash(versions: Versions, key: str) -> str | None:
    newest = select(versions.sha256).where(versions.key == key).order_by(versions.version.desc())
    return session().scalar(newest.limit(1))


def _next_version(versions: Versions, key: str) -> int:
    last = session().scalar(select(func.max(versions.version)).where(versions.key == key))
    return (last or 0) + 1


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()

"""What never changes once written: profiles, definitions, one state of calendar and organisation.

Everything is keyed by content hash, never by row id, so that several databases in one process
(tests, the story) cannot see each other's. Calendar and organisation are kept per head of their
journal stream, which is read along with the case after its lock: what was changed one commit ago
counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, bindparam, select
from sqlalchemy.orm import aliased

from app import engine
from app.advance.organisation import Organisation, read_organisation
from app.db import Present, known, session
from app.errors import NotFound
from app.i18n import _
from app.model import CalendarDay, CalendarYear, DefinitionVersion, Event, ProfileVersion
from app.rules import profiles
from app.rules.profiles import Profile
from app.rules.workdays import Calendar

STATES: Final = 16
_profiles: dict[str, Profile] = {}
_compiled: dict[tuple[str, ...], engine.Compiled] = {}
_ahead: dict[tuple[str, ...], tuple[engine.Ahead, ...]] = {}
_calendars: dict[str, Calendar] = {}
_organisations: dict[str, Organisation] = {}


def profile(profile_id: int) -> Profile:
    """The mechanism profile of that version."""
    sha = known().get(f"profile {profile_id}")
    if sha is None:
        wanted = select(ProfileVersion.sha256).where(ProfileVersion.id == profile_id)
        sha = session().execute(wanted).scalar_one()
    return profile_with(sha, profile_id)


def profile_with(sha: str, profile_id: int) -> Profile:
    """The same when its hash was read already: no statement once it is in memory."""
    if sha not in _profiles:
        data = (
            session()
            .execute(select(ProfileVersion.data).where(ProfileVersion.id == profile_id))
            .scalar_one()
        )
        _profiles[sha] = profiles.parse(data)
    return _profiles[sha]


def profile_by_key(key: str) -> tuple[int, Profile]:
    """The newest version of a profile; raises NotFound when there is none of that name.

    What opening a case under it asks next is read along: the moment, and the heads.
    """
    found = session().execute(_newest_profile(), {"sought": key}).one_or_none()
    if found is None:
        raise NotFound(_("There is no mechanism profile named %(key)s.", key=key))
    known()[f"profile {found.id}"] = found.sha256
    known().setdefault("moment", found.moment)
    know_heads(calendar=found.calendar, organisation=found.organisation)
    return found.id, profile_with(found.sha256, found.id)


@cache
def _newest_profile() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ProfileVersion.id,
            ProfileVersion.sha256,
            Present().label("moment"),
            head_of("calendar").label("calendar"),
            head_of("organisation").label("organisation"),
        )
        .where(ProfileVersion.key == bindparam("sought"))
        .order_by(ProfileVersion.version.desc())
        .limit(1)
    )


def newest_bundle(key: str) -> list[dict[str, Any]]:
    """The versions a new case of that process runs on: its own, those it calls, their tables."""
    bundle: list[dict[str, Any]] = []
    wanted = [key]
    while wanted:
        name = wanted.pop(0)
        if any(entry["key"] == name for entry in bundle):
            continue
        found = session().execute(_newest_definition(), {"sought": name}).one_or_none()
        if found is None:
            raise NotFound(_("There is no published process named %(key)s.", key=name))
        bundle.append({"key": name, "id": found.id, "sha256": found.sha256})
        wanted.extend(found.calls)
    return bundle


@cache
def _newest_definition() -> Select[*tuple[Any, ...]]:
    return (
        select(DefinitionVersion.id, DefinitionVersion.sha256, DefinitionVersion.calls)
        .where(DefinitionVersion.key == bindparam("sought"))
        .order_by(DefinitionVersion.version.desc())
        .limit(1)
    )


def compiled(bundle: Sequence[dict[str, Any]]) -> engine.Compiled:
    """The compiled process of a bundle (its first entry is the process itself)."""
    shas = tuple(entry["sha256"] for entry in bundle)
    if shas not in _compiled:
        sources = _sources(bundle)
        _compiled[shas] = engine.compile_bundle(
            [sources[entry["id"]] for entry in bundle], bundle[0]["key"]
        )
    return _compiled[shas]


def ahead(bundle: Sequence[dict[str, Any]], node: str) -> tuple[engine.Ahead, ...]:
    """What the diagrams of a bundle draw after one of its tasks; read once for each."""
    key = (*(entry["sha256"] for entry in bundle), node)
    if key not in _ahead:
        sources = _sources(bundle)
        _ahead[key] = engine.ahead([sources[entry["id"]] for entry in bundle], node)
    return _ahead[key]


def _sources(bundle: Sequence[dict[str, Any]]) -> dict[int, bytes]:
    rows = session().execute(
        select(DefinitionVersion.id, DefinitionVersion.source).where(
            DefinitionVersion.id.in_([entry["id"] for entry in bundle])
        )
    )
    return {row.id: row.source.encode() for row in rows}


def head_of(stream: str) -> ScalarSelect[str]:
    """The hash of a stream's last row, to be read along with others."""
    last = aliased(Event)
    return (
        select(last.hash)
        .where(last.stream == stream)
        .order_by(last.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


def know_heads(**heads: str | None) -> None:
    """Where those streams end, as read along with the case; good until something is written."""
    known()["heads"] = heads


def calendar() -> Calendar:
    """The working-day calendar as it stands; read again only when its journal has grown."""
    return calendar_at(_head("calendar"))


def calendar_at(head: str) -> Calendar:
    """The calendar whose journal ends with that hash."""
    if head not in _calendars:
        days = session().execute(select(CalendarDay.day, CalendarDay.kind)).all()
        years = session().execute(select(CalendarYear.year)).scalars().all()
        found = Calendar.of(
            [(row.day, row.kind) for row in days], coverage_until=_covered_until(frozenset(years))
        )
        if not head:
            return found
        _keep(_calendars, head, found)
        return found
    return _calendars[head]


def organisation() -> Organisation:
    """The units and who holds which post; read again only when their journal has grown.

    Of an organisation nobody wrote down (as in tests) only this act's own reading is kept.
    """
    return organisation_at(_head("organisation"))


def organisation_at(head: str) -> Organisation:
    """The organisation whose journal ends with that hash."""
    found: Organisation | None = (_organisations if head else known()).get(head)
    if found is None:
        found = read_organisation()
        _keep(_organisations if head else known(), head, found)
    return found


def _keep(kept: dict[str, Any], head: str, found: Any) -> None:
    """Few states are ever asked for again: the last ones."""
    while len(kept) > STATES:
        kept.pop(next(iter(kept)), None)
    kept[head] = found


def _head(stream: str) -> str:
    heads = known().setdefault("heads", {})
    if stream not in heads:
        heads[stream] = session().execute(select(head_of(stream))).scalar_one()
    return heads[stream] or ""


@lru_cache(maxsize=8)
def _covered_until(years: frozenset[int]) -> date:
    return date(max(years), 12, 31) if years else date(2000, 1, 1)

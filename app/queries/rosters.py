"""Files of units and people that were brought in, and the preview of one as a difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.actor import Actor
from app.db import session
from app.effects import accounts
from app.effects import rosters as effects
from app.errors import NotFound
from app.i18n import Text
from app.model import Person, Roster
from app.queries.history import place
from app.rules import access
from app.rules.rosters import CHANGED, NEW, REFUSED, VERDICTS, Compared

PAGE: Final = 100
MOST_FILES: Final = 50


@dataclass(frozen=True)
class RosterLine:
    """A file: what it holds, who brought it, who decided about it and how."""

    roster_id: int
    what: str
    file_name: str
    sha256: str
    encoding: str
    state: str
    counts: Mapping[str, Any]
    uploaded_at: datetime
    uploaded_by: str
    decided_at: datetime | None
    decided_by: str
    posts_at: datetime | None
    posts_by: str


@dataclass(frozen=True)
class RosterPage:
    """A file with one page of its rows beside what there is now, and what may be done."""

    line: RosterLine
    notices: tuple[Text, ...]
    verdict: str
    counts: Mapping[str, int]
    rows: tuple[Compared, ...]
    number: int
    pages: int
    may_decide: bool
    may_grant: bool
    seen: int

    @property
    def total(self) -> int:
        """How many rows there are to look at."""
        return sum(self.counts.values())

    @property
    def ready(self) -> bool:
        """Whether it could be confirmed, or its posts granted, as it is now."""
        changes = self.line.state == "proposed" or self.counts[NEW] or self.counts[CHANGED]
        return bool(changes) and not self.counts[REFUSED]


def rosters(viewer: Actor) -> tuple[RosterLine, ...]:
    """The last files, newest first, for the administrators."""
    _require_administrator(viewer)
    rows = _lines().order_by(Roster.id.desc()).limit(MOST_FILES)
    return tuple(_line(row) for row in session().execute(rows))


def roster_page(viewer: Actor, roster_id: int, *, verdict: str = "", number: int = 1) -> RosterPage:
    """A hundred of its rows; NotFound for a stranger."""
    _require_administrator(viewer)
    seen = place(accounts.STREAM)
    found = session().execute(_lines().where(Roster.id == roster_id)).one_or_none()
    if found is None:
        raise NotFound
    line = _line(found)
    waits = line.state in ("previewed", "proposed")
    rows = effects.compared(session().get_one(Roster, roster_id)) if waits else []
    counted = Counter(row.verdict for row in rows)
    wanted = verdict if verdict in VERDICTS else ""
    shown = [row for row in rows if wanted in ("", row.verdict)]
    pages = max(-(-len(shown) // PAGE), 1)
    number = min(max(number, 1), pages)
    return RosterPage(
        line=line,
        notices=tuple(Text.from_json(each) for each in line.counts.get("notices", ())),
        verdict=wanted,
        counts={each: counted[each] for each in VERDICTS},
        rows=tuple(shown[(number - 1) * PAGE : number * PAGE]),
        number=number,
        pages=pages,
        may_decide=access.may_keep_accounts(viewer) and line.state == "previewed",
        may_grant=access.may_grant_roles(viewer) and line.state == "proposed",
        seen=seen,
    )


def _require_administrator(viewer: Actor) -> None:
    if not access.may_see_people(viewer):
        raise NotFound


def _lines() -> Select[Any]:
    decider, granter = aliased(Person), aliased(Person)
    columns = (
        Roster.id, Roster.what, Roster.file_name, Roster.sha256, Roster.encoding, Roster.state,
        Roster.counts, Roster.uploaded_at, Roster.decided_at, Roster.posts_at,
    )  # fmt: skip
    return (
        select(
            *columns,
            Person.name.label("uploader"),
            decider.name.label("decider"),
            granter.name.label("granter"),
        )
        .outerjoin(Person, Person.id == Roster.uploaded_by)
        .outerjoin(decider, decider.id == Roster.decided_by)
        .outerjoin(granter, granter.id == Roster.posts_by)
    )


def _line(row: Any) -> RosterLine:
    return RosterLine(
        roster_id=row.id,
        what=row.what,
        file_name=row.file_name,
        sha256=row.sha256,
        encoding=row.encoding,
        state=row.state,
        counts=row.counts,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploader or "",
        decided_at=row.decided_at,
        decided_by=row.decider or "",
        posts_at=row.posts_at,
        posts_by=row.granter or "",
    )

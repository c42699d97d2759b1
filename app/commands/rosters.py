"""Bring in a file of units or people: look at it, confirm all or nothing, grant its posts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import PurePath
from typing import Any, Final

from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.commands import faster, keeping
from app.commands.command import command
from app.db import session
from app.effects import accounts
from app.effects import rosters as effects
from app.errors import Invalid, NotFound, Stale
from app.i18n import _
from app.model import Person, Roster, Unit
from app.rules import access, rosters
from app.rules.importing import listed
from app.rules.rosters import CHANGED, NEW, REFUSED, VERDICTS, Compared

WAITING: Final = ("previewed", "proposed")
LONGEST_NAME: Final = 200
MOST_LINES_NAMED: Final = 50
DECIDED: Final = (
    "roster.confirmed",
    "roster.discarded",
    "roster.posts_granted",
    "roster.posts_declined",
)
OF_POSTS: Final = ("line", "login", "unit", "posts")
OF_UNITS: Final = ("unit.added", "unit.renamed", "unit.moved", "unit.retired", "unit.reopened")
OF_PEOPLE: Final = ("person.added", "person.renamed", "person.disabled", "person.enabled")


@command
def upload(what: str, file_name: str, content: bytes, *, actor: Actor) -> dict[str, Any]:
    """Take a file of `units` or `people` in, to be looked at: `{"roster": id, "waiting"}`.

    `waiting`: this very file waits for a decision already, and that is the one to look at.
    """
    access.require(access.may_keep_accounts(actor), keeping.ONLY_KEEPER)
    if what not in rosters.COLUMNS:
        raise Invalid(_("Choose whether the file holds units or people."))
    sha256 = hashlib.sha256(content).hexdigest()
    same = (Roster.what == what, Roster.sha256 == sha256, Roster.state.in_(WAITING))
    known = session().scalars(select(Roster.id).where(*same).order_by(Roster.id)).first()
    if known is not None:
        return {"roster": known, "waiting": True}
    file = rosters.read(what, content)

    roster = Roster(
        what=what,
        file_name=_plain_name(file_name),
        sha256=sha256,
        encoding=file.encoding,
        rows=list(file.rows),
        counts={"rows": len(file.rows), "notices": [each.as_json() for each in file.notices]},
        uploaded_at=clock.now(),
        uploaded_by=actor.person_id,
    )
    session().add(roster)
    session().flush()

    _record("roster.uploaded", roster, actor, {"rows": len(file.rows)})
    return {"roster": roster.id, "waiting": False}


@command
def confirm(roster_id: int, *, actor: Actor, seen: int | None = None) -> dict[str, int]:
    """Take in every row of the file, or none: `{"new", "changed", "proposed"}`.

    The file is compared anew with what there is. New accounts wait for an initial password; the
    posts it proposes wait for the security administrator.
    """
    access.require(access.may_keep_accounts(actor), keeping.ONLY_KEEPER)
    roster = _locked(roster_id, "previewed", seen)
    rows = _as_seen(roster, seen, OF_UNITS if roster.what == "units" else OF_PEOPLE)
    doing = [one for one in rows if one.verdict in (NEW, CHANGED)]
    if not doing:
        raise Invalid(_("Nothing in this file is new, so nothing changes."))

    take_in = effects.take_in_units if roster.what == "units" else effects.take_in_people
    take_in(doing, actor)
    counts = Counter(one.verdict for one in rows)
    wanted = [one for one in doing if roster.what == "people" and rosters.proposed(one)]
    lines = {one.line for one in wanted}
    numbers = {
        **{verdict: counts[verdict] for verdict in VERDICTS if verdict != REFUSED},
        "proposed": sum(len(rosters.proposed(one)) for one in wanted),
    }
    roster.rows = [
        {name: row[name] for name in OF_POSTS} for row in roster.rows if row["line"] in lines
    ]
    roster.state = "proposed" if wanted else "confirmed"
    roster.counts = {**roster.counts, **numbers}
    roster.decided_at, roster.decided_by = clock.now(), actor.person_id

    _record("roster.confirmed", roster, actor, {"counts": numbers})
    return numbers


@command
def discard(roster_id: int, *, actor: Actor, seen: int | None = None) -> None:
    """Drop a file that was not confirmed; nothing of it reaches units or people."""
    access.require(access.may_keep_accounts(actor), keeping.ONLY_KEEPER)
    roster = _locked(roster_id, "previewed", seen)

    roster.state, roster.rows = "discarded", []
    roster.decided_at, roster.decided_by = clock.now(), actor.person_id

    _record("roster.discarded", roster, actor, {})


@command
def grant_posts(roster_id: int, *, actor: Actor, seen: int | None = None) -> dict[str, int]:
    """Grant every post a file proposed, or none, by another one than who brought it in."""
    roster = _to_grant(roster_id, actor, seen)
    rows = _as_seen(roster, seen, (*OF_PEOPLE, *keeping.OF_POSTS))

    granted = effects.grant(rows, actor)
    _posts_decided(roster, "granted", actor)

    _record("roster.posts_granted", roster, actor, {"granted": granted})
    return {"granted": granted}


@command
def decline_posts(roster_id: int, *, actor: Actor, seen: int | None = None) -> None:
    """Grant none of the posts a file proposed; the accounts stay as they are."""
    roster = _to_grant(roster_id, actor, seen)

    _posts_decided(roster, "declined", actor)

    _record("roster.posts_declined", roster, actor, {"proposed": roster.counts["proposed"]})


def _to_grant(roster_id: int, actor: Actor, seen: int | None) -> Roster:
    access.require(access.may_grant_roles(actor), keeping.ONLY_GRANTER)
    roster = _locked(roster_id, "proposed", seen)
    own = actor.person_id in (roster.uploaded_by, roster.decided_by)
    if own and actor.person_id is not None:
        raise Invalid(_("Somebody else decides about the posts than who brought the file in."))
    return roster


def _posts_decided(roster: Roster, state: str, actor: Actor) -> None:
    roster.state, roster.rows = state, []
    roster.posts_at, roster.posts_by = clock.now(), actor.person_id


def _locked(roster_id: int, state: str, seen: int | None) -> Roster:
    """The file, locked, as long as this is still to be decided about it."""
    roster = session().get(Roster, roster_id, with_for_update=True, populate_existing=True)
    if roster is None:
        raise NotFound
    if roster.state != state:
        about = dict.fromkeys(DECIDED, faster.about(roster=roster.id))
        told = faster.last(accounts.STREAM, about, seen or 0)
        raise Stale(_("This import is no longer open as you saw it."), details=told)
    return roster


def _as_seen(roster: Roster, seen: int | None, kinds: Collection[str]) -> Sequence[Compared]:
    """The rows beside what there is, locked; refused when that changed since, or a row is wrong."""
    keys = [row["code" if roster.what == "units" else "login"] for row in roster.rows]
    if roster.what == "units":
        session().execute(select(Unit.id).order_by(Unit.id).with_for_update())
        named = set(session().scalars(select(Unit.id).where(Unit.code.in_(keys))))
    else:
        theirs = select(Person.id).where(Person.login.in_(keys)).order_by(Person.id)
        named = set(session().scalars(theirs.with_for_update()))
    one = "unit" if roster.what == "units" else "person"
    changed = dict.fromkeys(kinds, lambda data: data.get(one) in named)
    faster.require_unchanged(accounts.STREAM, seen, changed)
    rows = effects.compared(roster)
    refused = [row.line for row in rows if row.verdict == REFUSED]
    if refused:
        lines = listed(len(refused), refused[:MOST_LINES_NAMED])
        raise Invalid(
            _(
                "Nothing was changed: %(number)s rows are refused (lines %(lines)s). "
                "Mend them in the file and upload it again.",
                number=len(refused),
                lines=lines,
            )
        )
    return rows


def _plain_name(file_name: str) -> str:
    """The name without folders; only ever shown, never used to open anything."""
    name = PurePath(file_name.replace("\\", "/")).name.strip()
    return name[-LONGEST_NAME:] or "roster"


def _record(kind: str, roster: Roster, actor: Actor, data: dict[str, Any]) -> None:
    file = {"file": roster.file_name, "file_sha256": roster.sha256}
    accounts.record(kind, actor, {"roster": roster.id, "what": roster.what, **file, **data})

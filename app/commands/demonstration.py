"""What only a demonstration's database may do: move its clock, keep its accounts' password."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

from sqlalchemy import delete, select

from app import clock, journal
from app.actor import SYSTEM, Actor
from app.commands.command import command
from app.config import Settings
from app.db import Base, keep_moment, session
from app.effects import accounts, intake
from app.errors import Invalid
from app.i18n import _
from app.model import (
    Case,
    ClockOffset,
    Indicator,
    IndicatorUnit,
    Person,
    RoleHolding,
    Round,
    Setting,
)
from app.rules import access, passwords

MARK: Final = "demo.database"
PASSWORD: Final = "demo.password"  # noqa: S105 - the key of a setting, not a password
STREAM: Final = "settings"


@dataclass(frozen=True)
class Newcomer:
    """An account to be added: who it is called, and the one post it holds."""

    login: str
    name: str
    name_en: str
    unit: str
    role: str


@dataclass(frozen=True)
class NewIndicator:
    """An indicator to be added: whose name is made up, and which units answer for it."""

    code: str
    name: str
    name_en: str
    aspect: str
    domain: str
    direction: str
    units: tuple[str, ...]
    source: str


@command
def begin_demonstration(moment: datetime, *, actor: Actor, settings: Settings) -> None:
    """Mark a database without cases as a demonstration's, whose clock shows that moment.

    That is for good: real work never starts on such a database.
    """
    _require_operator(actor)
    if settings.production:
        raise Invalid(_("In production there is no demonstration."))
    if session().scalar(select(Case.id).limit(1)) is not None:
        raise Invalid(_("This database holds cases already; a demonstration needs an empty one."))

    session().merge(Setting(key=MARK, value="true"))
    _move_clock(moment)

    journal.record("demonstration.begun", stream=STREAM, actor=actor, data={"env": settings.env})


@command
def add_accounts(
    newcomers: Iterable[Newcomer], *, actor: Actor, password: str | None = None
) -> None:
    """Add accounts that share one password, shown on the demonstration's sign-in page.

    Without a password nobody can sign in: that is all a story needs.
    """
    _require_operator(actor)
    _require_demonstration()

    kept = passwords.hashed(password) if password else ""
    for each in newcomers:
        _add_account(each, kept, actor)
    if password:
        session().merge(Setting(key=PASSWORD, value=json.dumps(password)))


@command
def set_clock(moment: datetime, *, actor: Actor) -> None:
    """Let the county's clock show that moment; it goes on from there."""
    _require_operator(actor)
    _require_demonstration()

    _move_clock(moment)


@command
def release_clock(*, actor: Actor) -> None:
    """Let the clock run true again: the row that moved it goes."""
    _require_operator(actor)

    session().execute(delete(ClockOffset))


@command
def add_indicators(wanted: Iterable[NewIndicator], *, actor: Actor) -> None:
    """Add indicators with synthetic names under their codes, with the units responsible."""
    _require_operator(actor)
    _require_demonstration()

    added = [_indicator(each) for each in wanted]

    journal.record(
        "indicator.added",
        stream=STREAM,
        actor=actor,
        data={
            "synthetic": True,
            "indicators": [{"id": e.id, "code": e.code, "name": e.name} for e in added],
        },
    )


@command
def mark_synthetic(round_id: int, *, actor: Actor) -> None:
    """Say on a round's pages that its figures are made up."""
    _require_operator(actor)
    _require_demonstration()

    round_ = session().get_one(Round, round_id, with_for_update=True)
    round_.synthetic = True

    journal.record(
        "round.marked_synthetic",
        stream=f"round:{round_id}",
        actor=actor,
        data={"round": round_.code},
    )


def forget(*, settings: Settings) -> None:
    """Drop every table of a demonstration's database, and of no other."""
    if settings.production:
        raise Invalid(_("In production there is no demonstration."))
    _require_demonstration()
    session().rollback()
    Base.metadata.drop_all(session().get_bind())


def _move_clock(moment: datetime) -> None:
    offset = session().get(ClockOffset, 1) or ClockOffset(id=1, seconds=0)
    offset.seconds += ceil((moment - clock.now()).total_seconds())
    session().add(offset)
    session().flush()
    keep_moment(None)


def _indicator(wanted: NewIndicator) -> Indicator:
    indicator = Indicator(
        code=wanted.code,
        name=wanted.name,
        name_en=wanted.name_en,
        domain=wanted.domain,
        aspect_id=intake.aspect_id(wanted.aspect),
        direction=wanted.direction,
        synthetic=True,
        source=wanted.source,
    )
    session().add(indicator)
    session().flush()
    session().add_all(
        IndicatorUnit(
            indicator_id=indicator.id, unit_id=accounts.unit_with(code).id, position=position
        )
        for position, code in enumerate(wanted.units)
    )
    return indicator


def _add_account(newcomer: Newcomer, kept: str, actor: Actor) -> None:
    unit = accounts.unit_with(newcomer.unit)
    person = Person(
        login=newcomer.login, name=newcomer.name, name_en=newcomer.name_en, password_hash=kept
    )
    session().add(person)
    session().flush()
    session().add(RoleHolding(person_id=person.id, unit_id=unit.id, role=newcomer.role))

    accounts.record(
        "person.added",
        actor,
        {"person": person.id},
        personal={"login": newcomer.login, "name": newcomer.name},
    )
    accounts.record(
        "person.roles_set",
        actor,
        {
            "person": person.id,
            "before": [],
            "after": [{"unit": newcomer.unit, "role": newcomer.role}],
        },
    )


def _require_operator(actor: Actor) -> None:
    """Nobody who signs in moves clocks; only the command line does."""
    access.require(actor == SYSTEM, _("Only the operator at the command line may do this."))


def _require_demonstration() -> None:
    if session().get(Setting, MARK) is None:
        raise Invalid(_("This database is not a demonstration’s; its clock and accounts are real."))

"""Found the demonstration county in an empty database: units, accounts, indicators."""

from __future__ import annotations

from datetime import datetime

from app.actor import SYSTEM
from app.commands import demonstration, indicators, installation, units
from app.commands.demonstration import Newcomer, NewIndicator
from app.config import Settings
from app.demo.county import accounts, county


def found(moment: datetime, *, settings: Settings, password: str | None = None) -> None:
    """Create the schema, install what the release ships, and let the county begin then.

    Without a password nobody can sign in.
    """
    installation.create_schema()
    demonstration.begin_demonstration(moment, actor=SYSTEM, settings=settings)
    installation.install(actor=SYSTEM)
    for unit in county()["units"]:
        units.add_unit(
            unit["code"],
            unit["name"],
            unit["kind"],
            actor=SYSTEM,
            parent=unit["parent"],
            name_en=unit["name_en"],
        )
    demonstration.add_accounts(
        [Newcomer(e.login, e.name, e.name_en, e.unit, e.role) for e in accounts()],
        actor=SYSTEM,
        password=password,
    )
    _add_indicators()


def _add_indicators() -> None:
    for aspect in county()["aspects"]:
        indicators.add_aspect(
            aspect["code"], aspect["name"], actor=SYSTEM, name_en=aspect["name_en"]
        )
    demonstration.add_indicators(
        [
            NewIndicator(
                each["code"],
                each["name"],
                each["name_en"],
                each["aspect"],
                each["domain"],
                each["direction"],
                tuple(each["units"]),
                county()["about"]["readings"],
            )
            for each in county()["indicators"]
        ],
        actor=SYSTEM,
    )

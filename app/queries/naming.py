"""What things are called in English, and what the journal's streams are about."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, union

from app.db import session
from app.model import (
    Aspect,
    DefinitionVersion,
    Indicator,
    Person,
    ProfileVersion,
    Round,
    Ticket,
    Unit,
)


def english_names() -> Mapping[str, str]:
    """Chinese name → English name, of everything that has one."""
    tables = (Unit, Person, Indicator, Aspect, Ticket)
    named = [
        select(table.name, table.name_en).where(table.name_en.is_not(None), table.name_en != "")
        for table in tables
    ]
    mechanisms = session().scalars(select(ProfileVersion.data))
    return {
        **{row.name: row.name_en for row in session().execute(union(*named))},
        **{str(data["name"]): str(data["name_en"]) for data in mechanisms if data.get("name_en")},
    }


def stream_titles() -> Mapping[str, tuple[str, str]]:
    """Streams of rounds and definitions by what they are about, in Chinese and in English."""
    rounds = session().execute(select(Round.id, Round.code))
    newest = select(func.max(DefinitionVersion.id)).group_by(DefinitionVersion.key)
    definitions = session().execute(
        select(DefinitionVersion.key, DefinitionVersion.title, DefinitionVersion.title_en).where(
            DefinitionVersion.id.in_(newest)
        )
    )
    return {
        **{f"round:{row.id}": (row.code, row.code) for row in rounds},
        **{f"definition:{row.key}": (row.title, row.title_en) for row in definitions},
    }

"""What units, people, indicators and steps are called in English, by their Chinese names."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, union

from app.db import session
from app.model import Aspect, Indicator, Person, ProfileVersion, Ticket, Unit


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

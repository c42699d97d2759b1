"""What the pickers of forms and filters offer: units, people, indicators, rounds, mechanisms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from app import advance, forms
from app.db import session
from app.model import Indicator, Person, ProfileVersion, RoleHolding, Round, Unit
from app.rules import handing
from app.rules.handing import TaskStanding

UNITS: Final = select(Unit.code, Unit.name).where(Unit.active).order_by(Unit.id)
OFFERED: Final[Mapping[str, Select[*tuple[Any, ...]]]] = {
    "unit": UNITS,
    "person": (
        select(Person.login, Person.name, Person.id)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(RoleHolding.unit_id == bindparam("unit"), Person.active)
        .distinct()
        .order_by(Person.id)
    ),
    "indicator": (
        select(Indicator.code, Indicator.name).where(Indicator.active).order_by(Indicator.code)
    ),
    "round": select(Round.code, Round.report_title).order_by(Round.starts_on.desc()),
}


def choices(form: forms.Form, unit_id: int | None) -> dict[str, list[tuple[str, str]]]:
    """What the pickers of a form offer, by field type: (code, name); only what it asks for."""
    types = {each.type for field in form.fields for each in (field, *field.columns)}
    asked = {"unit" if each == "units" else each for each in types}
    return {
        kind: [
            (str(row[0]), str(row[1] or row[0]))
            for row in session().execute(wanted, {"unit": unit_id})
        ]
        for kind, wanted in OFFERED.items()
        if kind in asked
    }


def takers_of(task: TaskStanding) -> list[tuple[str, str]]:
    """Who may take a task over (login, name): colleagues in its unit who hold such a post."""
    rows = session().execute(
        select(Person.login, Person.name)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .where(
            RoleHolding.unit_id == task.unit_id,
            RoleHolding.role.in_(handing.takers(task.given_post)),
            RoleHolding.deputy_for_id.is_(None),
            Person.active,
            Person.id.is_distinct_from(task.person_id),
        )
        .distinct()
        .order_by(Person.name, Person.login)
    )
    return [(login, name) for login, name in rows]


def unit_choices() -> tuple[tuple[int, str, str], ...]:
    """Every unit in use, by id, with its Chinese and English name, for filters."""
    return advance.organisation().choices


def profile_choices() -> list[tuple[str, str]]:
    """The mechanism profiles there are, by key, as their newest version names them."""
    rows = session().execute(
        select(ProfileVersion.key, ProfileVersion.data["name"].as_string()).order_by(
            ProfileVersion.key, ProfileVersion.version
        )
    )
    return list({key: str(name) for key, name in rows}.items())

"""What the pickers of a form may name, by their codes: units, people, indicators, rounds."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import literal, select

from app import clock, forms
from app.advance.reference import organisation
from app.db import session
from app.model import Indicator, Round


def form_context(unit_id: int | None, form: forms.Form | None = None) -> forms.Context:
    """What answers are held against; people are those who act for the unit that answers.

    With the form, only what it lets people pick is looked up.
    """

    def wanted(*types: str) -> bool:
        return form is None or _picks(form, types)

    county = organisation() if wanted("unit", "units", "person", "people") else None
    codes = _codes() if wanted("indicator", "round") else {}
    return forms.Context(
        today=clock.today() if wanted("date") else None,
        units=county.in_use if county else None,
        persons=county.people(unit_id) if county else None,
        indicators=codes.get("indicator"),
        rounds=codes.get("round"),
    )


def _picks(form: forms.Form, types: Collection[str]) -> bool:
    columns = (column for each in form.fields for column in each.columns)
    return any(each.type in types for each in (*form.fields, *columns))


def _codes() -> dict[str, set[str]]:
    rows = session().execute(
        select(literal("indicator"), Indicator.code)
        .where(Indicator.active)
        .union_all(select(literal("round"), Round.code))
    )
    known: dict[str, set[str]] = {"indicator": set(), "round": set()}
    for kind, code in rows:
        known[kind].add(code)
    return known

"""Correcting the facts a diagram reads: only known ones, each staying of the kind it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from app.errors import Invalid
from app.i18n import Text, _

NOT_OF_ITS_KIND: Final[Mapping[str, Text]] = {
    "boolean": _("Answer yes or no."),
    "integer": _("Give a whole number."),
    "decimal": _("Give a number."),
    "date": _("Give a day as year-month-day."),
    "list": _("Give one entry a line."),
    "text": _("Give a text of at most 2,000 characters."),
}
LONGEST: Final = 2000
MOST_ENTRIES: Final = 200


def kind_of(value: Any) -> str:
    """What a fact is, as its field on a form; empty for what cannot be corrected by hand."""
    kinds: tuple[tuple[str, Any], ...] = (
        ("boolean", bool),
        ("integer", int),
        ("decimal", Decimal),
        ("", datetime),
        ("date", date),
        ("text", str | None),
    )
    if isinstance(value, list):
        return "list" if all(isinstance(each, str) for each in value) else ""
    return next((kind for kind, of in kinds if isinstance(value, of)), "")


def written(value: Any) -> str:
    """A fact as it stands in its field."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def corrected(known: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """The facts that change, read from what was typed; refused with the field and the cure."""
    after: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    for name, typed in said.items():
        kind = kind_of(known.get(name)) if name in known else ""
        if not kind:
            problems[name] = _("This is no fact that can be corrected here.")
            continue
        try:
            value = _read(kind, typed.replace("\r\n", "\n").strip())
        except (ValueError, InvalidOperation):
            problems[name] = NOT_OF_ITS_KIND[kind]
            continue
        if (type(value), value) != (type(known[name]), known[name]):
            after[name] = value
    if problems:
        raise Invalid(_("Please look at these again"), fields=problems)
    if not after:
        raise Invalid(_("No fact was changed."))
    return after


def _read(kind: str, typed: str) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}[typed] if typed in ("true", "false") else _refuse()
    if kind == "integer":
        return int(typed) if len(typed) <= 20 else _refuse()
    if kind == "decimal":
        number = Decimal(typed)
        return number if number.is_finite() and len(typed) <= 40 else _refuse()
    if kind == "date":
        return date.fromisoformat(typed)
    if kind == "list":
        entries = [line.strip() for line in typed.split("\n") if line.strip()]
        return entries if len(entries) <= MOST_ENTRIES else _refuse()
    return typed if len(typed) <= LONGEST else _refuse()


def _refuse() -> Any:
    raise ValueError

"""Values as JSON and back; whatever JSON does not know carries its kind, so nothing can pretend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.engine.failures import EngineError
from app.i18n import _


def packed(value: Any) -> Any:
    """The value as plain JSON."""
    if type(value) in _PLAIN:
        return value
    pack = _PACK.get(type(value))
    if pack is None:
        raise EngineError(_("A value of this kind cannot be kept."), code="state_value")
    return pack(value)


def unpacked(value: Any) -> Any:
    """The inverse of `packed`."""
    if isinstance(value, list):
        return [unpacked(item) for item in value]
    if isinstance(value, dict):
        ((kind, inner),) = value.items()
        return _UNPACK[kind](inner)
    return value


def _packed_facts(facts: Mapping[str, Any]) -> Any:
    """Most facts are plain already: asking here saves a call for each of them."""
    return {
        "map": [
            [name, value if type(value) in _PLAIN else packed(value)]
            for name, value in facts.items()
        ]
    }


def _facts(pairs: list[Any]) -> dict[str, Any]:
    return {name: value if type(value) in _PLAIN else unpacked(value) for name, value in pairs}


_PLAIN = frozenset({type(None), bool, int, str})

_PACK: Mapping[type, Callable[[Any], Any]] = {
    list: lambda items: [packed(item) for item in items],
    dict: _packed_facts,
    tuple: lambda items: {"tuple": [packed(item) for item in items]},
    Decimal: lambda number: {"decimal": str(number)},
    dt.datetime: lambda moment: {"instant": moment.isoformat()},
    dt.date: lambda day: {"date": day.isoformat()},
}

_UNPACK: Mapping[str, Callable[[Any], Any]] = {
    "map": _facts,
    "tuple": lambda items: tuple(unpacked(item) for item in items),
    "decimal": Decimal,
    "instant": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
}

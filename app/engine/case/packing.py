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
    if value is None or type(value) in _PLAIN:
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


_PLAIN = frozenset({bool, int, str})

_PACK: Mapping[type, Callable[[Any], Any]] = {
    list: lambda items: [packed(item) for item in items],
    dict: lambda facts: {"map": [[name, packed(value)] for name, value in facts.items()]},
    tuple: lambda items: {"tuple": [packed(item) for item in items]},
    Decimal: lambda number: {"decimal": str(number)},
    dt.datetime: lambda moment: {"instant": moment.isoformat()},
    dt.date: lambda day: {"date": day.isoformat()},
}

_UNPACK: Mapping[str, Callable[[Any], Any]] = {
    "map": lambda pairs: {name: unpacked(value) for name, value in pairs},
    "tuple": lambda items: tuple(unpacked(item) for item in items),
    "decimal": Decimal,
    "instant": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
}

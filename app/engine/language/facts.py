"""Facts are all a running case keeps in the engine: small plain values under readable names."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.engine.failures import EngineError
from app.engine.language import values
from app.i18n import Text, _

LONGEST_NAME = 100
LONGEST_TEXT = 2_000
LONGEST_LIST = 200
MOST_FACTS = 200

# Beside each fact stands the number of the act that set it, under a name no expression can say.
_ACT = "%"


def clean(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept: names folded as expressions fold them, values plain."""
    if len(facts) > MOST_FACTS:
        raise EngineError(_("Too many facts at once."), code="facts")
    found: dict[str, Any] = {}
    for given, value in facts.items():
        name = _name(given)
        if name in found:
            raise _refused(_("More than one fact is called “%(name)s”.", name=name))
        found[name] = _list(name, value) if isinstance(value, (list, tuple)) else _one(name, value)
    return found


def stamped(facts: Mapping[str, Any], act: int) -> dict[str, Any]:
    """The facts, each with the act that set it."""
    return {**facts, **{_ACT + name: act for name in facts}}


def latest(branches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What is known where branches meet: for each fact, the value that was set last.

    The engine's own joins copy whole branches over each other, so a branch that never touched a
    fact brings back the value it had before the split.
    """
    known: dict[str, Any] = {}
    for branch in branches:
        for name, value in branch.items():
            act = branch.get(_ACT + name, 0)
            if not name.startswith(_ACT) and act >= known.get(_ACT + name, 0):
                known[name] = value
                known[_ACT + name] = act
    return known


def visible(data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without the marks beside them; lists as lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in data.items()
        if not name.startswith(_ACT)
    }


def _name(given: object) -> str:
    """A name that an expression can ask for."""
    name = unicodedata.normalize("NFKC", given) if isinstance(given, str) else ""
    if not name.isidentifier() or len(name) > LONGEST_NAME:
        raise _refused(_("“%(name)s” cannot be the name of a fact.", name=str(given)[:40]))
    return name


def _list(name: str, items: list[Any] | tuple[Any, ...]) -> tuple[Any, ...]:
    """A list becomes unchangeable: the engine would merge two lists item by item."""
    if len(items) > LONGEST_LIST:
        raise _refused(_("The fact “%(name)s” is too long.", name=name))
    return tuple(_one(name, item) for item in items)


def _one(name: str, value: object) -> Any:
    """The value itself, if it is of a kind that facts may be."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float, Decimal)):
        values.inward(value)
        return Decimal(repr(value)) if isinstance(value, float) else value
    if isinstance(value, str):
        return _text(name, value)
    if isinstance(value, dt.date) and not (isinstance(value, dt.datetime) and not value.tzinfo):
        return value
    raise _refused(_("The fact “%(name)s” is of a kind that is not kept.", name=name))


def _text(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _refused(_("The fact “%(name)s” is not text.", name=name)) from error
    if len(value) > LONGEST_TEXT:
        raise _refused(_("The fact “%(name)s” is too long.", name=name))
    return str(value)


def _refused(text: Text) -> EngineError:
    return EngineError(text, code="fact")

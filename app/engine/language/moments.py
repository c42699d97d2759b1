"""Durations and points in time as diagrams write them; months are left to the calendar."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from app.engine.failures import ExpressionError
from app.engine.language import expressions
from app.engine.language.expressions import Names
from app.i18n import _

SHORTEST = dt.timedelta(minutes=1)
LONGEST = dt.timedelta(days=3660)
OFFICE_ZONE = dt.timezone(dt.timedelta(hours=8))

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W|(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?)?)",
    re.ASCII,
)
_PERIOD = re.compile(r"P(T?\d|T?$)")
_QUOTED = re.compile(r"([\"'])([^\"']*)\1")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", re.ASCII)


def duration(text: object) -> dt.timedelta:
    """An ISO duration of weeks, or of days, hours and minutes; months are for the calendar."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    parts = {unit: int(count) for unit, count in match.groupdict("0").items()} if match else {}
    length = dt.timedelta(**parts)
    if not SHORTEST <= length <= LONGEST:
        raise ExpressionError(
            _("A duration is written like P3D, PT8H or P1DT30M, one minute to ten years."),
            code="duration",
        )
    return length


def instant(value: object) -> dt.datetime:
    """An instant from a date, a time with its zone, or either as ISO text."""
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            value = (dt.datetime if len(value) > 10 else dt.date).fromisoformat(value)
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            return value.astimezone(dt.timezone.utc)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            start = dt.datetime.combine(value, dt.time(), OFFICE_ZONE)
            return start.astimezone(dt.timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise ExpressionError(
        _("A point in time is a date, or a date and time with its zone."), code="instant"
    )


def check(kind: str, text: str) -> None:
    """Refuse a timer text that is neither a literal nor a readable expression."""
    literal = _unquoted(text)
    of_kind: Callable[[object], object] = duration if kind == "timeDuration" else instant
    if kind == "timeDuration" and (_PERIOD.match(literal) or literal != text.strip()):
        duration(literal)
    elif kind != "timeDuration" and _INSTANT.fullmatch(literal):
        instant(literal)
    else:
        _gives(expressions.read(text).tree, of_kind)


def _gives(tree: ast.expr, of_kind: Callable[[object], object]) -> None:
    """Refuse what can never come to a time: `R/PT0S` is a division, `-P1D` a negative number."""
    if isinstance(tree, ast.IfExp):
        _gives(tree.body, of_kind)
        _gives(tree.orelse, of_kind)
    elif isinstance(tree, ast.Constant):
        of_kind(tree.value)
    elif not isinstance(tree, ast.Name | ast.BinOp) or not _joined(tree):
        of_kind("")


def _joined(tree: ast.expr) -> bool:
    """Whether this puts texts together."""
    if isinstance(tree, ast.BinOp):
        return isinstance(tree.op, ast.Add) and _joined(tree.left) and _joined(tree.right)
    return isinstance(getattr(tree, "value", ""), str)


def due(kind: str, text: str, names: Names, now: dt.datetime) -> dt.datetime:
    """When a timer that starts now fires; quotes around a literal make no difference."""
    value: Any = _unquoted(text)
    if not (_DURATION if kind == "timeDuration" else _INSTANT).fullmatch(value):
        value = expressions.evaluate(text, names)
    if kind != "timeDuration":
        return instant(value)
    if not isinstance(value, str):
        raise ExpressionError(_("A duration is a text like P3D."), code="duration")
    return now + duration(value)


def _unquoted(text: str) -> str:
    """The text without the quotes around all of it."""
    stripped = text.strip()
    quoted = _QUOTED.fullmatch(stripped)
    return quoted[2] if quoted else stripped

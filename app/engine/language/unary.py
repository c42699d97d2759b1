"""The tests in a decision table's cells: `< 70`, `[70..85)`, `"high","medium"`, `not(…)`, `-`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from app.engine.failures import ExpressionError
from app.engine.language import expressions, values
from app.engine.language.expressions import Names
from app.i18n import _

Test = Callable[[Any, Names], bool]

LITERALS: Names = {"true": True, "false": False, "null": None}
LONGEST = expressions.LONGEST
_VALUE = "_the_input_"
_COMPARISON = re.compile(r"(<=|>=|<|>)(?!=)(.+)", re.DOTALL)
_NEGATION = re.compile(r"not\s*\((.*)\)", re.DOTALL)


@lru_cache(maxsize=1024)
def read(text: str) -> Test:
    """The test of one cell; an empty cell and `-` let everything pass."""
    if len(text) > LONGEST:
        raise ExpressionError(_("The expression is too long."), code="too_long")
    stripped = text.strip()
    if stripped in {"", "-"}:
        return lambda _value, _names: True
    negated = _NEGATION.fullmatch(stripped)
    if negated and len(list(_pieces(stripped, ","))) == 1:
        inner = _any_of(negated[1])
        return lambda value, names: not inner(value, names)
    return _any_of(stripped)


def _any_of(text: str) -> Test:
    """Tests with commas between them: one that holds is enough."""
    tests = [_one(piece.strip()) for piece in _pieces(text, ",")]
    return lambda value, names: any(test(value, names) for test in tests)


def _one(text: str) -> Test:
    """A comparison, a range, or a value the input must equal."""
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        return _compared(comparison[1], comparison[2])
    ends = list(_pieces(text[1:-1], "..")) if text[:1] in "[(" and text[-1:] in "])" else []
    if len(ends) == 2:
        low, high = ends
        above = _compared(">=" if text[0] == "[" else ">", low)
        below = _compared("<=" if text[-1] == "]" else "<", high)
        return lambda value, names: above(value, names) and below(value, names)
    return _equal(text)


def _compared(sign: str, text: str) -> Test:
    """A comparison with the input on its left; a missing input passes none."""
    order, bound = values.ORDERS[sign], expressions.read(text)

    def test(value: Any, names: Names) -> bool:
        if value is None:
            return False
        return values.ordered(value, expressions.work_out(bound.tree, names), order)

    return test


def _equal(text: str) -> Test:
    """The input equals the value, is in the list, or makes the sentence about `?` true."""
    with_input = "".join(_VALUE if part == "?" else part for part in _parts(text))
    expected = expressions.read(with_input)

    def test(value: Any, names: Names) -> bool:
        if _VALUE in expected.names:
            return expected.holds({**names, _VALUE: value})
        wanted = expressions.work_out(expected.tree, names)
        if isinstance(wanted, tuple):
            return values.among(value, wanted)
        return values.same(value, wanted)

    return test


def _pieces(text: str, separator: str) -> Iterator[str]:
    """The text cut at separators that stand outside quotes and brackets."""
    depth, piece = 0, ""
    parts = _parts(text, separator)
    for part in parts:
        if part == separator and depth == 0:
            yield piece
            piece = ""
            continue
        depth += (part in {"(", "["}) - (part in {")", "]"})
        piece += part
    yield piece


def _parts(text: str, separator: str = ",") -> list[str]:
    """Quoted texts whole, separators whole, everything else letter by letter."""
    quoted = r"\"[^\"]*\"|'[^']*'"
    return re.findall(rf"{quoted}|{re.escape(separator)}|.", text, re.DOTALL)

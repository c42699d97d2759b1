"""The values expressions work with: exact numbers, strict comparisons, a handful of functions."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, cast

from app.engine.failures import ExpressionError
from app.i18n import Text, _

LARGEST = 10**15
FINEST = -60
LONGEST_TEXT = 10_000
LONGEST_LIST = 1_000


def inward(value: object) -> Any:
    """The value as expressions see it: every number a fraction, every list a tuple."""
    if value is None or isinstance(value, (bool, str, dt.date)):
        return value
    if isinstance(value, (int, Fraction)):
        return limited(Fraction(value))
    if isinstance(value, (Decimal, float)):
        return _from_decimal(value if isinstance(value, Decimal) else Decimal(repr(value)))
    if isinstance(value, (list, tuple)):
        if len(value) > LONGEST_LIST:
            raise ExpressionError(_("The list is too long."), code="too_long")
        return tuple(inward(item) for item in value)
    raise _wrong_kind(_("A value of this kind cannot be used in an expression."))


def outward(value: Any) -> Any:
    """The value as the rest of the program sees it: whole numbers int, others Decimal."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else _to_decimal(value)
    if isinstance(value, tuple):
        return [outward(item) for item in value]
    return value


def limited(value: Fraction) -> Fraction:
    """The number, refused when it is larger than a quadrillion."""
    if abs(value) > LARGEST:
        raise ExpressionError(_("The number is too large or too fine."), code="number")
    return value


def _from_decimal(value: Decimal) -> Fraction:
    """The decimal's exact value; its exponent is looked at first, for 1E+999999999 is a number."""
    if not value.is_finite():
        raise ExpressionError(_("Only finite numbers can be used."), code="number")
    if cast("int", value.as_tuple().exponent) < FINEST or value.adjusted() > 15:
        raise ExpressionError(_("The number is too large or too fine."), code="number")
    return limited(Fraction(value))


def _to_decimal(value: Fraction) -> Decimal:
    """Exact where a decimal can be, else rounded to 28 digits."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return Context(prec=28).divide(Decimal(value.numerator), Decimal(value.denominator))
    places = max(twos, fives)
    scaled = abs(value.numerator) * 10**places // value.denominator
    return Decimal((int(value < 0), tuple(map(int, str(scaled))), -places))


def truth(value: Any) -> bool:
    """Only true and false are conditions: a text or a number is neither."""
    if value is True or value is False:
        return value
    raise _wrong_kind(_("A condition must be true or false."))


def number(value: Any) -> Fraction:
    """The value, if it is a number."""
    if isinstance(value, Fraction):
        return value
    raise _wrong_kind(_("A number is needed here."))


def add(left: Any, right: Any) -> Any:
    """Two numbers, or two texts put together."""
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > LONGEST_TEXT:
            raise ExpressionError(_("The text is too long."), code="too_long")
        return left + right
    return limited(number(left) + number(right))


def divide(left: Any, right: Any, how: Callable[[Fraction, Fraction], Any]) -> Fraction:
    """Division, whole division or remainder; nothing is divided by zero."""
    if number(right) == 0:
        raise ExpressionError(_("A number cannot be divided by zero."), code="zero")
    return limited(Fraction(how(number(left), number(right))))


def same(left: Any, right: Any) -> bool:
    """Equality between values of one kind; nothing equals nothing else."""
    if left is None or right is None:
        return left is right
    _one_kind(left, right)
    return bool(left == right)


def ordered(left: Any, right: Any, order: Callable[[Any, Any], bool]) -> bool:
    """Order between two numbers, two texts, two dates or two instants."""
    _one_kind(left, right)
    if left is None or isinstance(left, (bool, tuple)):
        raise _wrong_kind(_("These values have no order."))
    return order(left, right)


def among(item: Any, container: Any) -> bool:
    """Whether a list holds the item, or a text the part."""
    if isinstance(container, tuple):
        return any(same(item, other) for other in container)
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    raise _wrong_kind(_("A list or a text is needed here."))


def _one_kind(left: Any, right: Any) -> None:
    """Refuse to compare a text with a number, true with 1, a date with an instant."""
    if _kind(left) != _kind(right):
        raise _wrong_kind(_("Values of different kinds cannot be compared."))


def _kind(value: Any) -> tuple[type, bool]:
    """The value's type; an instant with a time zone is another kind than one without."""
    return type(value), isinstance(value, dt.datetime) and value.tzinfo is None


def _wrong_kind(text: Text) -> ExpressionError:
    return ExpressionError(text, code="type")


def _length(value: Any) -> Fraction:
    if isinstance(value, (str, tuple)):
        return Fraction(len(value))
    raise _wrong_kind(_("A list or a text is needed here."))


def _numbers(values: tuple[Any, ...]) -> list[Fraction]:
    """The numbers given one by one or as one list; at least one."""
    given = values[0] if len(values) == 1 and isinstance(values[0], tuple) else values
    if not given:
        raise _wrong_kind(_("At least one number is needed here."))
    return [number(value) for value in given]


def _round(value: Any, places: Any = Fraction(0)) -> Fraction:
    """Round half away from zero, as figures are rounded in reports."""
    digits = number(places)
    if digits.denominator != 1 or not 0 <= digits <= 10:
        raise _wrong_kind(_("A number is rounded to between 0 and 10 places."))
    scale = 10 ** int(digits)
    whole = (abs(number(value)) * scale + Fraction(1, 2)).__floor__()
    return Fraction(whole, scale) * (-1 if value < 0 else 1)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _wrong_kind(_("A text is needed here."))


FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Any]]] = {
    "abs": (1, 1, lambda value: abs(number(value))),
    "contains": (2, 2, lambda container, item: among(item, container)),
    "endswith": (2, 2, lambda text, part: _text(text).endswith(_text(part))),
    "len": (1, 1, _length),
    "max": (1, 50, lambda *values: max(_numbers(values))),
    "min": (1, 50, lambda *values: min(_numbers(values))),
    "round": (1, 2, _round),
    "startswith": (2, 2, lambda text, part: _text(text).startswith(_text(part))),
}

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

"""Random conditions as text, and what exact arithmetic says of them."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

NAMES = ("amount", "金额", "件数", "rate_2")
LARGEST = 10**15
SIGNS: dict[str, Callable[[Fraction, Fraction], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class NoValueError(Exception):
    """Exact arithmetic has no answer, or one larger than a quadrillion."""


def sentence(dice: random.Random) -> tuple[str, dict[str, Any], bool | None]:
    """A condition, the facts it is asked over, and whether it holds (None: it has no value)."""
    names = {name: _number(dice) for name in NAMES}
    text, worth = _condition(dice, names, 0)
    try:
        return text, names, worth()
    except NoValueError:
        return text, names, None


Worth = Callable[[], Any]


def _condition(dice: random.Random, names: dict[str, Any], depth: int) -> tuple[str, Worth]:
    roll = dice.randrange(6) if depth < 2 else 0
    if roll < 3:
        return _compared(dice, names)
    if roll == 3:
        text, worth = _condition(dice, names, depth + 1)
        return f"(not {text})", lambda: not worth()
    (left, one), (right, other) = (_condition(dice, names, depth + 1) for _ in range(2))
    if roll == 4:
        return f"({left} and {right})", lambda: one() and other()
    return f"({left} or {right})", lambda: one() or other()


def _compared(dice: random.Random, names: dict[str, Any], depth: int = 0) -> tuple[str, Worth]:
    left, one = _sum(dice, names, depth)
    right, other = _sum(dice, names, depth)
    sign = dice.choice([*ORDERS, "in"])
    if sign == "in":
        return f"({left} in [{right}, {left}])", lambda: _all(one(), other(), one()) is not None
    return f"({left} {sign} {right})", lambda: ORDERS[sign](one(), other())


def _all(*worth: Any) -> tuple[Any, ...]:
    return worth


def _sum(dice: random.Random, names: dict[str, Any], depth: int) -> tuple[str, Worth]:
    roll = dice.randrange(9) if depth < 3 else dice.randrange(2)
    if roll < 2:
        return _operand(dice, names, roll)
    left, one = _sum(dice, names, depth + 1)
    if roll < 4:
        function, text = [(operator.neg, f"-({left})"), (abs, f"abs({left})")][roll - 2]
        return text, lambda: function(one())
    right, other = _sum(dice, names, depth + 1)
    if roll == 4:
        word, choose = dice.choice([("max", max), ("min", min)])
        return f"{word}({left}, {right})", lambda: choose(one(), other())
    if roll == 5:
        test, holds = _compared(dice, names, depth + 2)
        return f"({left} if {test} else {right})", lambda: one() if holds() else other()
    sign = dice.choice(list(SIGNS))
    return f"({left} {sign} {right})", lambda: _worked_out(one(), sign, other())


def _operand(dice: random.Random, names: dict[str, Any], roll: int) -> tuple[str, Worth]:
    if roll:
        name = dice.choice(NAMES)
        return name, lambda: Fraction(names[name])
    number = abs(_number(dice))
    return str(number), lambda: Fraction(number)


def _worked_out(left: Fraction, sign: str, right: Fraction) -> Fraction:
    if sign in "//%" and right == 0:
        raise NoValueError
    worth = Fraction(SIGNS[sign](left, right))
    if abs(worth) > LARGEST:
        raise NoValueError
    return worth


def _number(dice: random.Random) -> int | Decimal:
    if dice.random() < 0.5:
        return dice.randrange(-999, 1000)
    return Decimal(dice.randrange(-(10**6), 10**6)).scaleb(-dice.randrange(6))

"""The expression language: exact, strict, and closed to everything it does not list."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import EngineError, ExpressionError, evaluate
from app.engine.language import expressions

FACTS = {
    "a": 1,
    "b": Decimal("2.5"),
    "f": 0.1,
    "text": "通许",
    "level": "high",
    "yes": True,
    "no": False,
    "nothing": None,
    "list": ["high", "medium"],
    "numbers": [3, 1, 2],
    "金额": Decimal("71.50"),
    "day": dt.date(2028, 2, 29),
    "moment": dt.datetime(2028, 2, 29, 8, tzinfo=dt.timezone.utc),
    "naive": dt.datetime(2028, 2, 29, 8),  # noqa: DTZ001 - what is tested
    "odd": object(),
    "mapping": {"a": 1},
    "infinite": float("inf"),
    "none_of_these": float("nan"),
    "huge": 10**15 + 1,
    "tiny": Decimal("1E-61"),
    "endless": Decimal("1E+999999"),
    "long": list(range(1001)),
    "long_text": "长" * 5001,
}

WORTH = [
    ("0.1 + 0.2 == 0.3", True),
    ("f + 0.2", Decimal("0.3")),
    ("1 / 3 * 3 == 1", True),
    ("1 / 3", Decimal("0.3333333333333333333333333333")),
    ("7 / 2", Decimal("3.5")),
    ("-7 // 2", -4),
    ("-7 % 2", 1),
    ("6 / 2", 3),
    ("+a - -a", 2),
    ("12345678901234.123456789", Decimal("12345678901234.123456789")),
    (".5", Decimal("0.5")),
    ("金额 > 70", True),
    ("ａ == 1", True),
    ("1 < b < 3", True),
    ("3 > b > 2.6", False),
    ("not yes or no", False),
    ("no and missing", False),
    ("yes or missing", True),
    ("'x' if a > 1 else 'y'", "y"),
    ("level in list", True),
    ("level not in ('low',)", True),
    ("'许' in text", True),
    ("text + '县' == '通许县'", True),
    ("nothing == None", True),
    ("level == None", False),
    ("nothing != 'x'", True),
    ("[a, b]", [1, Decimal("2.5")]),
    ("len(list) + len(text)", 4),
    ("max(numbers) - min(3, 1)", 2),
    ("abs(-b)", Decimal("2.5")),
    ("round(2.675, 2)", Decimal("2.68")),
    ("round(-2.5)", -3),
    ("round(2.5)", 3),
    ("contains(list, 'high') and contains(text, '通')", True),
    ("startswith(text, '通') and not endswith(text, '通')", True),
    ("day < moment_day", True),
    ("moment == moment", True),
    ("'10' < '9'", True),
    ("''", ""),
    (" \n a \t", 1),
    ("(\n a\n + 1\n)", 2),
]


@pytest.mark.parametrize(("text", "worth"), WORTH)
def test_it_comes_to(text, worth):
    found = evaluate(text, {**FACTS, "moment_day": dt.date(2028, 3, 1)})

    assert found == worth
    assert type(found) is type(worth)


WRONG = [
    ("missing", "unknown"),
    ("len", "unknown"),
    ("a and yes", "type"),
    ("yes and 'x'", "type"),
    ("not a", "type"),
    ("not ''", "type"),
    ("'1' == 1", "type"),
    ("yes == 1", "type"),
    ("a in list", "type"),
    ("level in 1", "type"),
    ("1 in 'a1'", "type"),
    ("level < 1", "type"),
    ("yes < no", "type"),
    ("nothing < nothing", "type"),
    ("list < list", "type"),
    ("day == moment", "type"),
    ("moment < naive", "type"),
    ("-level", "type"),
    ("yes + 1", "type"),
    ("'a' * 3", "type"),
    ("list + list", "type"),
    ("odd", "type"),
    ("mapping == mapping", "type"),
    ("len(a)", "type"),
    ("max([])", "type"),
    ("max('a')", "type"),
    ("round(1.5, 0.5)", "type"),
    ("round(1.5, 11)", "type"),
    ("startswith(a, 'x')", "type"),
    ("'x' if a else 'y'", "type"),
    ("1 / 0", "zero"),
    ("1 // (a - 1)", "zero"),
    ("1 % 0", "zero"),
    ("infinite", "number"),
    ("none_of_these", "number"),
    ("huge", "number"),
    ("tiny", "number"),
    ("endless", "number"),
    ("10000000 * 1000000000", "number"),
    ("9999999999999999", "number"),
    ("1e5", "number"),
    ("0x10", "number"),
    ("1_000", "number"),
    ("0." + "1" * 61, "number"),
    ("long", "too_long"),
    ("long_text + long_text", "too_long"),
]


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_it_is_an_error(text, code):
    with pytest.raises(ExpressionError) as refused:
        evaluate(text, FACTS)

    assert refused.value.code == code


def test_two_facts_whose_names_fold_into_one_are_not_guessed_between():
    with pytest.raises(ExpressionError) as refused:
        evaluate("amount > 1", {"amount": 1, "ａmount": 5})

    assert refused.value.code == "ambiguous"


def test_a_fact_written_in_full_width_letters_is_found():
    assert evaluate("amount", {"ａmount": 5}) == 5


def test_what_it_asks_for_is_known_without_facts():
    assert expressions.read("max(a, b) > 金额 or level == 'x'").names == {"a", "b", "金额", "level"}


def test_a_condition_must_be_true_or_false():
    assert expressions.read("a == 1").holds(FACTS) is True
    with pytest.raises(EngineError):
        expressions.read("a").holds(FACTS)


def test_an_error_is_said_about_an_element_once():
    error = ExpressionError(evaluate.__doc__ and expressions._("The list is too long."))

    assert error.at("gateway").element == "gateway"
    assert error.at("gateway").at("other").element == "gateway"
    assert error.at("") is error


numbers = st.integers(-999, 999) | st.decimals(-999, 999, places=3, allow_nan=False)


@st.composite
def arithmetic(draw, depth=0):
    """A random sum as text, and what exact fractions say it comes to (None: no value)."""
    if depth > 3 or draw(st.booleans()):
        number = draw(numbers)
        worth = Fraction(number)
        return (f"({number})" if worth < 0 else str(number)), worth
    left, left_worth = draw(arithmetic(depth=depth + 1))
    right, right_worth = draw(arithmetic(depth=depth + 1))
    sign = draw(st.sampled_from(["+", "-", "*", "/", "//", "%"]))
    return f"({left} {sign} {right})", _exactly(left_worth, sign, right_worth)


def _exactly(left, sign, right):
    if left is None or right is None or (sign in "//%" and right == 0):
        return None
    worth = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "//": lambda: Fraction(left // right),
        "%": lambda: left % right,
    }[sign]()
    return worth if abs(worth) <= 10**15 else None


@settings(max_examples=300)
@given(arithmetic(), arithmetic(), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
def test_arithmetic_agrees_with_exact_fractions(left, right, sign):
    (left_text, left_worth), (right_text, right_worth) = left, right
    if left_worth is None or right_worth is None:
        with pytest.raises(ExpressionError):
            evaluate(f"[{left_text}, {right_text}]", {})
        return
    expected = eval(  # noqa: S307 - our own six signs between two numbers
        f"left {sign} right", {"left": left_worth, "right": right_worth}
    )
    assert evaluate(f"{left_text} {sign} {right_text}", {}) is expected

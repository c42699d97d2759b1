"""Our own expression language: a small, strict, exact subset of Python's, and nothing more."""

from __future__ import annotations

import ast
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from app.engine.failures import ExpressionError
from app.engine.language import values
from app.i18n import _

LONGEST = 1_000
MOST_NODES = 200
DEEPEST = 20
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_GLUED = re.compile(r"(?<![\w.])[\d.]+[^\W\d_]")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")

Names = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read and found allowed; `names` are the facts it asks for."""

    text: str
    tree: ast.expr
    names: frozenset[str]

    def value(self, names: Names) -> Any:
        """What it comes to over these facts, with numbers as int or Decimal."""
        return values.outward(work_out(self.tree, names))

    def holds(self, names: Names) -> bool:
        """Whether it is true; anything but true or false is an error."""
        return values.truth(work_out(self.tree, names))


def evaluate(text: str, names: Names) -> Any:
    """Work an expression out over facts."""
    return read(text).value(names)


@lru_cache(maxsize=1024)
def read(text: str) -> Expression:
    """Read an expression; whatever is not allowed raises an `ExpressionError`."""
    stripped = _printable(text)
    try:
        tree = ast.parse(stripped, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise ExpressionError(_("The expression cannot be read."), code="syntax") from error
    nodes = _allowed(tree, stripped)
    return Expression(
        stripped, tree, frozenset(node.id for node in nodes if isinstance(node, ast.Name))
    )


def _printable(text: str) -> str:
    """The text without the space around it; hidden and control characters are refused."""
    stripped = text.strip()
    if not stripped:
        raise ExpressionError(_("The expression is empty."), code="empty")
    if len(stripped) > LONGEST:
        raise ExpressionError(_("The expression is too long."), code="too_long")
    if not all(char.isprintable() or char in "\r\n\t" for char in stripped):
        raise ExpressionError(_("The expression holds characters nobody sees."), code="hidden")
    if _GLUED.search(_QUOTED.sub("''", stripped)):
        raise ExpressionError(_("Numbers are written with digits and one point."), code="number")
    if "\\" in stripped or "#" in stripped:
        raise ExpressionError(_("The expression cannot be read."), code="syntax")
    return stripped


def _allowed(tree: ast.expr, source: str) -> list[ast.AST]:
    """Every node of the tree, each one looked at; function names are not among them."""
    found: list[ast.AST] = []
    level: list[ast.AST] = [tree]
    for _depth in range(DEEPEST):
        found += level
        level = [child for node in level for child in _parts(node, source)]
        if not level:
            return found
        if len(found) + len(level) > MOST_NODES:
            break
    raise ExpressionError(_("The expression is too deep or has too many parts."), code="too_large")


def _parts(node: ast.AST, source: str) -> list[ast.AST]:
    """The operands of a node, once the node itself is found allowed."""
    if isinstance(node, ast.Call):
        _known_call(node)
        return list(node.args)
    if isinstance(node, ast.Constant):
        node.value = _constant(node, source)
        return []
    if isinstance(node, ast.Compare):
        _known(_COMPARISONS, *node.ops)
        return [node.left, *node.comparators]
    if isinstance(node, (ast.BinOp, ast.UnaryOp)):
        _known(_OPERATIONS, node.op)
        return [node.left, node.right] if isinstance(node, ast.BinOp) else [node.operand]
    _known(_WORK, node)
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _known(table: Mapping[type, object], *nodes: ast.AST) -> None:
    """Refuse a node that the table of what we can work out does not list."""
    if not all(type(node) in table for node in nodes):
        raise ExpressionError(_("This is not part of the expression language."), code="forbidden")


def _known_call(node: ast.Call) -> None:
    """A call names one of our functions and gives it as many plain arguments as it takes."""
    entry = values.FUNCTIONS.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if entry is None:
        raise ExpressionError(_("There is no such function."), code="function")
    least, most, _function = entry
    if node.keywords or not least <= len(node.args) <= most:
        raise ExpressionError(_("The function takes other arguments."), code="arguments")


def _constant(node: ast.Constant, source: str) -> Any:
    """The constant as a value; a number is read from the text, for a float has lost digits."""
    value = node.value
    if value is None or isinstance(value, (bool, str, Fraction)):
        return value
    if not isinstance(value, (int, float)):
        raise ExpressionError(_("This is not part of the expression language."), code="forbidden")
    literal = ast.get_source_segment(source, node) or ""
    if not _NUMBER.fullmatch(literal) or len(literal) > 40:
        raise ExpressionError(_("Numbers are written with digits and one point."), code="number")
    return values.inward(Decimal(literal))


def work_out(node: ast.expr, names: Names) -> Any:
    """What a checked tree comes to, in the values of `values`."""
    return _WORK[type(node)](node, names)


def lookup(name: str, names: Names) -> Any:
    """The fact of this name. Python folds names (NFKC), so the facts' names are folded too."""
    folded = [
        key
        for key in names
        if key == name or (not key.isascii() and unicodedata.normalize("NFKC", key) == name)
    ]
    if not folded:
        raise ExpressionError(_("Nothing is known as “%(name)s”.", name=name), code="unknown")
    if len(folded) > 1:
        raise ExpressionError(
            _("More than one fact is called “%(name)s”.", name=name), code="ambiguous"
        )
    return values.inward(names[folded[0]])


def _name(node: ast.Name, names: Names) -> Any:
    return lookup(node.id, names)


def _literal(node: ast.Constant, _names: Names) -> Any:
    return node.value


def _both(node: ast.BoolOp, names: Names) -> bool:
    """And, or: from left to right, no further than needed, over true and false only."""
    stop = isinstance(node.op, ast.Or)
    return next(
        (stop for part in node.values if values.truth(work_out(part, names)) is stop), not stop
    )


def _binary(node: ast.BinOp, names: Names) -> Any:
    return _OPERATIONS[type(node.op)](work_out(node.left, names), work_out(node.right, names))


def _unary(node: ast.UnaryOp, names: Names) -> Any:
    return _OPERATIONS[type(node.op)](work_out(node.operand, names))


def _compare(node: ast.Compare, names: Names) -> bool:
    """A comparison or a chain of them; each part is worked out once."""
    left = work_out(node.left, names)
    for op, part in zip(node.ops, node.comparators, strict=True):
        right = work_out(part, names)
        if not _COMPARISONS[type(op)](left, right):
            return False
        left = right
    return True


def _either(node: ast.IfExp, names: Names) -> Any:
    chosen = node.body if values.truth(work_out(node.test, names)) else node.orelse
    return work_out(chosen, names)


def _listed(node: ast.List | ast.Tuple, names: Names) -> tuple[Any, ...]:
    return tuple(work_out(item, names) for item in node.elts)


def _called(node: ast.Call, names: Names) -> Any:
    function = values.FUNCTIONS[cast("ast.Name", node.func).id][2]
    return function(*(work_out(item, names) for item in node.args))


_WORK: Mapping[type, Callable[[Any, Names], Any]] = {
    ast.BinOp: _binary,
    ast.BoolOp: _both,
    ast.Call: _called,
    ast.Compare: _compare,
    ast.Constant: _literal,
    ast.IfExp: _either,
    ast.List: _listed,
    ast.Name: _name,
    ast.Tuple: _listed,
    ast.UnaryOp: _unary,
}

_OPERATIONS: Mapping[type, Callable[..., Any]] = {
    ast.Add: values.add,
    ast.Sub: lambda a, b: values.limited(values.number(a) - values.number(b)),
    ast.Mult: lambda a, b: values.limited(values.number(a) * values.number(b)),
    ast.Div: lambda a, b: values.divide(a, b, operator.truediv),
    ast.FloorDiv: lambda a, b: values.divide(a, b, operator.floordiv),
    ast.Mod: lambda a, b: values.divide(a, b, operator.mod),
    ast.Not: lambda a: not values.truth(a),
    ast.USub: lambda a: -values.number(a),
    ast.UAdd: values.number,
}

_COMPARISONS: Mapping[type, Callable[[Any, Any], bool]] = {
    ast.Eq: values.same,
    ast.NotEq: lambda a, b: not values.same(a, b),
    ast.Lt: lambda a, b: values.ordered(a, b, operator.lt),
    ast.LtE: lambda a, b: values.ordered(a, b, operator.le),
    ast.Gt: lambda a, b: values.ordered(a, b, operator.gt),
    ast.GtE: lambda a, b: values.ordered(a, b, operator.ge),
    ast.In: values.among,
    ast.NotIn: lambda a, b: not values.among(a, b),
}

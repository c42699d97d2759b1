"""Decision tables: reads DMN files and finds the rule that applies, with that rule's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.engine import reading
from app.engine.failures import DecisionError, EngineError
from app.engine.language import expressions, unary
from app.engine.language.expressions import Expression
from app.engine.reading import Element
from app.engine.results import Decision
from app.i18n import _

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
POLICIES = ("UNIQUE", "FIRST")
MOST_RULES = 500
MOST_TEXT = 200_000

Cell = tuple[Element, Callable[[str], object]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a test for each input, a value for each output, and what the row says in words."""

    id: str
    text: str
    tests: tuple[unary.Test, ...]
    outputs: tuple[Expression | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table, read and checked."""

    id: str
    name: str
    policy: str
    inputs: tuple[Expression, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]


def decide(xml: bytes, inputs: Mapping[str, Any]) -> Decision:
    """Ask the decision table of a DMN file."""
    tables = read(xml)
    if len(tables) != 1:
        raise DecisionError(_("The file must hold exactly one decision table."), code="tables")
    return ask(next(iter(tables.values())), inputs)


def ask(table: Table, inputs: Mapping[str, Any]) -> Decision:
    """The one rule that applies, or the first where the table says so; none is an error."""
    names = {**inputs, **unary.LITERALS}
    with _about(table.id):
        given = [expressions.work_out(column.tree, names) for column in table.inputs]
    rule = _the_rule(table, [rule for rule in table.rules if _applies(rule, given, names)])
    with _about(rule.id):
        found = [entry.value(names) if entry else None for entry in rule.outputs]
    return Decision(dict(zip(table.outputs, found, strict=True)), rule.id, rule.text)


def _applies(rule: Rule, given: list[Any], names: Mapping[str, Any]) -> bool:
    with _about(rule.id):
        return all(test(value, names) for test, value in zip(rule.tests, given, strict=True))


def _the_rule(table: Table, applying: list[Rule]) -> Rule:
    """The rule that decides."""
    if not applying:
        text = _("No rule of “%(table)s” applies.", table=table.name)
        raise DecisionError(text, code="no_rule", element=table.id)
    if len(applying) > 1 and table.policy == "UNIQUE":
        text = _("More than one rule of “%(table)s” applies.", table=table.name)
        raise DecisionError(text, code="two_rules", element=table.id)
    return applying[0]


@contextmanager
def _about(element: str) -> Iterator[None]:
    """What goes wrong inside is said about this element."""
    try:
        yield
    except EngineError as error:
        raise DecisionError(error.text, code=error.code, element=error.element or element) from None


@lru_cache(maxsize=128)
def read(xml: bytes) -> Mapping[str, Table]:
    """The decision tables of a DMN file by the id of their decision."""
    root = reading.parse(xml)
    if not is_dmn(root):
        raise DecisionError(_("This is not a DMN file."), code="not_dmn")
    return {
        decision.get("id", ""): _table(decision, table) for decision, table in table_elements(root)
    }


def is_dmn(root: Element) -> bool:
    """Whether this is the root of a DMN file."""
    return reading.namespace(root) in NAMESPACES and reading.kind(root) == "definitions"


def table_elements(root: Element) -> Iterator[tuple[Element, Element]]:
    """Each decision that has a table, with the table."""
    for decision in children(root, "decision"):
        for table in children(decision, "decisionTable"):
            yield decision, table


def children(element: Element, tag: str) -> list[Element]:
    """The DMN children of this name."""
    return [child for child in element if isinstance(child.tag, str) and reading.kind(child) == tag]


def _table(decision: Element, table: Element) -> Table:
    """A table as values; the first thing wrong with it is raised."""
    policy = table.get("hitPolicy", "UNIQUE")
    if policy not in POLICIES or table.get("aggregation"):
        raise DecisionError(
            _("The hit policy must be UNIQUE or FIRST."), code="policy", element=table.get("id", "")
        )
    inputs = [_cell(*input_cell(column)) for column in children(table, "input")]
    outputs = [column.get("name") or "" for column in children(table, "output")]
    rules = tuple(_rule(rule, len(inputs), len(outputs)) for rule in children(table, "rule"))
    if not all(outputs) or not rules:
        raise DecisionError(
            _("A decision table needs rules and a name for each output."),
            code="incomplete",
            element=table.get("id", ""),
        )
    id_ = decision.get("id", "")
    return Table(id_, decision.get("name", id_), policy, tuple(inputs), tuple(outputs), rules)


def _rule(rule: Element, inputs: int, outputs: int) -> Rule:
    tests, results = rule_cells(rule)
    if (len(tests), len(results)) != (inputs, outputs):
        raise DecisionError(
            _("A rule needs one cell for each column."), code="cells", element=rule.get("id", "")
        )
    return Rule(
        rule.get("id", ""),
        rule_text(rule),
        tuple(_cell(*cell) for cell in tests),
        tuple(_cell(*cell) for cell in results),
    )


def rule_text(rule: Element) -> str:
    """The row's own words: its description, else its annotations."""
    description = " ".join(child.text or "" for child in children(rule, "description"))
    notes = [text(note) for note in children(rule, "annotationEntry")]
    return (description or "; ".join(filter(None, notes))).strip()


def input_cell(column: Element) -> Cell:
    """The element that says what a column looks at, and how to read it."""
    found = children(column, "inputExpression")
    return (found[0] if found else column), expressions.read


def rule_cells(rule: Element) -> tuple[list[Cell], list[Cell]]:
    """The test cells and the result cells of a row, each with how to read it."""
    tests: list[Cell] = [(entry, unary.read) for entry in children(rule, "inputEntry")]
    results: list[Cell] = [(entry, optional) for entry in children(rule, "outputEntry")]
    return tests, results


def optional(text: str) -> Expression | None:
    """An expression, or nothing where the cell is empty."""
    return expressions.read(text) if text.strip() not in {"", "-"} else None


def text(element: Element) -> str:
    """The text a DMN element holds in its `text` child."""
    return " ".join(child.text or "" for child in children(element, "text"))


def _cell(element: Element, how: Callable[[str], Any]) -> Any:
    with _about(element.get("id", "")):
        return how(text(element))

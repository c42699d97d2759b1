"""Looks at a DMN file before it is published: every cell, every column, every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.engine.failures import EngineError
from app.engine.gate.constructs import finding
from app.engine.language import tables
from app.engine.language.tables import Cell, children, text
from app.engine.reading import Element
from app.engine.results import Finding
from app.i18n import _

_SAYS = _("“%(name)s”: %(problem)s")
_ONE_TABLE = _("The file must hold exactly one decision table.")
_POLICY = _("“%(name)s”: the hit policy must be UNIQUE or FIRST.")
_NO_RULES = _("“%(name)s” has no rules.")
_MANY_RULES = _("“%(name)s” has more than %(most)s rules.")
_MUCH_TEXT = _("“%(name)s” holds more text than a table may: %(most)s characters.")
_NO_OUTPUT = _("“%(name)s” needs an output, and each output a name of its own.")
_CELLS = _("“%(name)s” needs one cell for each column.")
_ID_TWICE = _("The id “%(id)s” is used twice.")


def wrong(root: Element) -> Iterator[Finding]:
    """Everything wrong with the decision table of a DMN file; of a huge one, only that it is."""
    found = list(tables.table_elements(root))
    if len(found) != 1:
        yield finding(root, "tables", _ONE_TABLE)
    cells = [cell for _decision, table in found for cell in _cells(table)]
    if sum(len(text(element)) for element, _read in cells) > tables.MOST_TEXT:
        yield finding(root, "too_large", _MUCH_TEXT, most=tables.MOST_TEXT)
        return
    yield from _ids(root)
    for decision, table in found:
        if len(children(table, "rule")) > tables.MOST_RULES:
            yield finding(decision, "rules", _MANY_RULES, most=tables.MOST_RULES)
            continue
        yield from _columns(decision, table)
        for cell in _cells(table):
            yield from _cell(*cell)


def _ids(root: Element) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in root.iter():
        given = element.get("id")
        if given is not None and given in seen:
            yield finding(element, "id_twice", _ID_TWICE, id=given[:80])
        seen.add(given or "")


def _columns(decision: Element, table: Element) -> Iterator[Finding]:
    """The table as a whole: policy, columns, and rows that fit them."""
    inputs, rules = children(table, "input"), children(table, "rule")
    names = [column.get("name", "") for column in children(table, "output")]
    if table.get("hitPolicy", "UNIQUE") not in tables.POLICIES or table.get("aggregation"):
        yield finding(decision, "policy", _POLICY)
    if not rules:
        yield finding(decision, "rules", _NO_RULES)
    if not names or not all(names) or len(set(names)) < len(names):
        yield finding(decision, "outputs", _NO_OUTPUT)
    for rule in rules:
        tests, results = tables.rule_cells(rule)
        if (len(tests), len(results)) != (len(inputs), len(names)):
            yield finding(rule, "cells", _CELLS)


def _cells(table: Element) -> Iterator[Cell]:
    for column in children(table, "input"):
        yield tables.input_cell(column)
    for rule in children(table, "rule"):
        for cells in tables.rule_cells(rule):
            yield from cells


def _cell(element: Element, read: Callable[[str], object]) -> Iterator[Finding]:
    try:
        read(text(element))
    except EngineError as error:
        yield finding(element, error.code, _SAYS, problem=error.text)

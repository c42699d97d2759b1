"""The publish gate: everything that keeps a file from being published, all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from app.engine import reading
from app.engine.bundle import compiling
from app.engine.failures import EngineError
from app.engine.gate import (
    attributes,
    calls,
    constructs,
    decisions,
    flows,
    identity,
    signing,
    ways,
    wording,
)
from app.engine.gate.attributes import Known
from app.engine.gate.scopes import scopes
from app.engine.language import tables
from app.engine.reading import Element, bpmn
from app.engine.results import Finding, Severity


def check(
    xml: bytes,
    forms: Collection[str] | None = None,
    *,
    decisions_known: Collection[str] | None = None,
    effects: Collection[str] | None = None,
    deadlines: Collection[str] | None = None,
    facts: Collection[str] | None = None,
    processes: calls.Calls | None = None,
) -> list[Finding]:
    """What is wrong with a BPMN or DMN file; lists of what exists elsewhere are used if given.

    `processes` are the other processes that may be called, each with what it calls itself.
    """
    try:
        root = reading.parse(xml)
    except EngineError as error:
        return [Finding("", error.code, error.text)]
    given = {
        "form": forms,
        "decision": decisions_known,
        "effect": effects,
        "deadline": deadlines,
        "fact": facts,
    }
    known = {name: names for name, names in given.items() if names is not None}
    found = [*wording.crowded(root)]
    if not found:
        found += _table(root) if tables.is_dmn(root) else _diagram(root, known, processes)
    return _in_order(root, found)


def draft(xml: bytes, **known: Any) -> list[Finding]:
    """What still keeps a draft from being published, all of it known as for `check`.

    A draft may hold anything that is plain XML, up to twice the size; anything else is no draft
    and raises an `EngineError`.
    """
    reading.parse(xml, largest=reading.LARGEST_DRAFT)
    return check(xml, **known)


def _table(root: Element) -> list[Finding]:
    return [*decisions.wrong(root), *attributes.foreign(root)]


def _diagram(root: Element, known: Known, processes: calls.Calls | None) -> list[Finding]:
    """Each part of the gate; the walk only where the drawing itself is right."""
    found = [*wording.not_bpmn(root), *wording.too_large(root)]
    if found:
        return found
    found += [*_parts(root, known), *calls.wrong(root, processes)]
    for scope in scopes(root):
        found += flows.wrong(scope)
    if not _errors(found):
        for scope in scopes(root):
            found += ways.wrong(scope)
    if not _errors(found):
        found += _compiles(root)
    return found


def _parts(root: Element, known: Known) -> Iterator[Finding]:
    yield from constructs.unsupported(root)
    yield from identity.bad_ids(root)
    yield from identity.bad_names(root)
    yield from attributes.wrong(root, known)
    yield from signing.wrong(root)
    yield from attributes.colours(root)
    yield from attributes.foreign(root)
    yield from wording.repeated(root)
    yield from wording.not_executable(root)
    yield from wording.unreadable(root)
    yield from wording.uncaught(root)
    if "fact" in known:
        yield from wording.unknown_facts(root, known["fact"])


def _compiles(root: Element) -> Iterator[Finding]:
    """What only the engine's own reader would notice."""
    for process in root.findall(bpmn("process")):
        try:
            compiling.parse_alone(root, process.get("id", ""))
        except EngineError as error:
            yield Finding(error.element or process.get("id", ""), error.code, error.text)


def _errors(found: list[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in found)


def _in_order(root: Element, found: list[Finding]) -> list[Finding]:
    """Errors first, then notices; each in the order of the file and said once."""
    place = {element.get("id"): number for number, element in enumerate(root.iter())}
    once = {(each.element, each.code, str(each.message)): each for each in found}
    return sorted(
        once.values(),
        key=lambda each: (each.severity is not Severity.ERROR, place.get(each.element, 0)),
    )

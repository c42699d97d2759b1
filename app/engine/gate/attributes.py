"""Our own attributes and everybody else's: wrong ones of ours are refused, others listed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from app.engine import reading
from app.engine.extensions import BY_NAME
from app.engine.gate.constructs import finding, model
from app.engine.language import tables
from app.engine.reading import BPMN, DRAWING, WV, Element
from app.engine.results import Finding, Severity
from app.i18n import Text, _

_XML = frozenset(
    {
        "",
        BPMN,
        WV,
        "http://www.w3.org/XML/1998/namespace",
        "http://www.w3.org/2001/XMLSchema-instance",
        *tables.NAMESPACES,
    }
)
_UNKNOWN = _("“%(name)s”: there is no attribute wv:%(attribute)s.")
_PLACE = _("“%(name)s”: wv:%(attribute)s cannot stand on %(kind)s.")
_VALUE = _("“%(name)s”: wv:%(attribute)s cannot be “%(value)s”.")
_MISSING = _("“%(name)s”: there is no %(what)s called “%(value)s”.")
_NO_PERFORMER = _("“%(name)s” says nobody who does it: set wv:performer.")
_NO_FORM = _("“%(name)s” says no form: set wv:form.")
_NO_DECISION = _("“%(name)s” says no decision table: set wv:decision.")
_NO_CALL = _("“%(name)s” says no process that it calls: set calledElement.")
_VENDOR = _("Attributes and elements of %(namespace)s are kept but have no effect.")
_COLOUR = _("“%(name)s” has a colour that is neither a word nor #RRGGBB.")

_KEPT: Mapping[str, Text] = {
    "form": _("form"),
    "effect": _("effect"),
    "deadline": _("deadline rule"),
    "decision": _("decision table"),
}

Known = Mapping[str, Collection[str]]


def wrong(root: Element, known: Known) -> Iterator[Finding]:
    """Our attributes that do not exist, stand in the wrong place or say what nobody knows."""
    for element in model(root):
        kind = reading.kind(element)
        given = reading.wv_attributes(element)
        for name, value in given.items():
            yield from _attribute(element, kind, name, value, known)
        if kind == "userTask" and "performer" not in given:
            yield finding(element, "performer_missing", _NO_PERFORMER)
        if kind == "userTask" and "form" not in given and "form" in known:
            yield finding(element, "form_missing", _NO_FORM)
        if kind == "businessRuleTask" and "decision" not in given:
            yield finding(element, "decision_missing", _NO_DECISION)
        if kind == "callActivity" and not element.get("calledElement"):
            yield finding(element, "call_missing", _NO_CALL)


def _attribute(
    element: Element, kind: str, name: str, value: str, known: Known
) -> Iterator[Finding]:
    extension = BY_NAME.get(name)
    shown = value[:60]
    if extension is None:
        yield finding(element, "attribute_unknown", _UNKNOWN, attribute=name[:60])
    elif kind not in extension.elements:
        yield finding(element, "attribute_place", _PLACE, attribute=name, kind=kind)
    elif not extension.takes(value):
        yield finding(element, "attribute_value", _VALUE, attribute=name, value=shown)
    elif name in known and value not in known[name]:
        yield finding(element, f"{name}_unknown", _MISSING, what=_KEPT[name], value=shown)


def foreign(root: Element) -> Iterator[Finding]:
    """The namespaces of other tools, one notice each: inert, so listed and not refused."""
    found: dict[str, Element] = {}
    for element in root.iter(etree.Element):
        names = [element, *element.attrib]
        for name in names:
            namespace = etree.QName(name).namespace or ""
            if namespace not in _XML and namespace not in DRAWING:
                found.setdefault(namespace, element)
    for namespace, element in found.items():
        about = finding(element, "vendor", _VENDOR, namespace=namespace[:120])
        yield replace(about, severity=Severity.NOTICE)


def colours(root: Element) -> Iterator[Finding]:
    """Colours that would make a browser call another host when the diagram is opened."""
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            local = etree.QName(name).localname
            coloured = local in {"stroke", "fill"} or local.endswith("color")
            plain = value.isascii() and value.removeprefix("#").isalnum() and len(value) <= 20
            if coloured and not plain:
                yield finding(element, "colour", _COLOUR)

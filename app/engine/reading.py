"""Reads BPMN and DMN files as the untrusted input they are, and names what is in them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from app.engine.failures import EngineError
from app.i18n import Text, _

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it

LARGEST_FILE = 1024 * 1024
LARGEST_DRAFT = 2 * LARGEST_FILE

# The parser compares an element's attributes each with each.
_CROWDED = re.compile(r"<[^<>\"']*(?:(?:\"[^\"<]*\"|'[^'<]*')[^<>\"']*){200}")

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
WV = "urn:weathervane:bpmn:1"
DRAWING = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DMN/20180521/DC/",
        "http://www.omg.org/spec/DMN/20180521/DI/",
        "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    }
)


def content(path: Path) -> bytes:
    """The bytes of a file; what is too large or no file at all is refused unread."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - its kind is asked before it is read
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise _refused(_("This is not a file."), "kind")
            read = file.read(LARGEST_DRAFT + 1) if about.st_size <= LARGEST_DRAFT else b""
    except (OSError, ValueError) as error:
        raise _refused(_("The file cannot be read."), "unreadable") from error
    if max(about.st_size, len(read)) > LARGEST_DRAFT:
        raise _too_large(LARGEST_DRAFT)
    return read


def parse(xml: bytes, *, largest: int = LARGEST_FILE) -> Element:
    """The root of a file that holds nothing but elements, attributes and text."""
    if len(xml) > largest:
        raise _too_large(largest)
    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(_("The file is not UTF-8 text."), "encoding") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "\0" in text:
        raise _refused(_("The file declares a document type or entities."), "doctype")
    if _CROWDED.search(text):
        raise _refused(_("An element of the file has 200 attributes or more."), "attributes")
    try:
        root = etree.fromstring(text.encode(), _parser())
    except (etree.LxmlError, ValueError) as error:
        raise _refused(_("The file is not well-formed XML."), "xml") from error
    if next(_instructions(root), None) is not None:
        raise _refused(_("The file holds processing instructions."), "instruction")
    return root


def _parser() -> etree.XMLParser:
    """A parser that fetches nothing, expands nothing and forgets comments."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )


def _instructions(root: Element) -> Iterator[Element]:
    """Processing instructions anywhere in the file, before and after its root too."""
    yield from root.iter(etree.ProcessingInstruction)
    yield from root.itersiblings(etree.ProcessingInstruction)
    yield from root.itersiblings(etree.ProcessingInstruction, preceding=True)


def _too_large(largest: int) -> EngineError:
    return _refused(_("The file is larger than %(size)s kB.", size=largest // 1024), "size")


def _refused(text: Text, code: str) -> EngineError:
    return EngineError(text, code=f"file_{code}")


def bpmn(tag: str) -> str:
    """The full name of a BPMN element."""
    return f"{{{BPMN}}}{tag}"


def kind(element: Element) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)


def namespace(element: Element) -> str:
    """The element's namespace, empty where it has none."""
    return etree.QName(element).namespace or ""


def text_of(element: Element, tag: str) -> str:
    """The text of a BPMN child element, empty where there is none."""
    return (element.findtext(bpmn(tag)) or "").strip()


def wv(element: Element, name: str) -> str:
    """One of our own attributes, empty where it is not given."""
    return element.get(f"{{{WV}}}{name}", "")


def wv_attributes(element: Element) -> dict[str, str]:
    """All of our own attributes of an element."""
    prefix = f"{{{WV}}}"
    return {
        str(name)[len(prefix) :]: str(value)
        for name, value in element.attrib.items()
        if str(name).startswith(prefix)
    }


def lanes(root: Element) -> dict[str, str]:
    """Which lane each flow node lies in, by the lane's name; the innermost lane counts."""
    found: dict[str, str] = {}
    for reference in root.iter(bpmn("flowNodeRef")):
        lane = reference.getparent()
        if lane is not None and reference.text:
            found[reference.text.strip()] = lane.get("name") or lane.get("id") or ""
    return found

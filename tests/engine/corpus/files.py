"""Hostile files: code in every place that takes code, XML that reaches out, shapes that hang."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from app.engine.reading import LARGEST_FILE
from tests.engine.corpus.payloads import CODE
from tests.engine.decisions import DMN, table
from tests.engine.diagrams import BPMN, HEAD, Diagram
from tests.engine.findings import COUNT, EVENT, FINDINGS, TIMER, line
from tests.engine.test_places import ALL, PAYLOAD

XI = "http://www.w3.org/2001/XInclude"
MANY = " ".join(f"a{n}=''" for n in range(200))
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True)
class Hostile:
    """A file, what it asks besides (a decision table), and how it got here."""

    name: str
    xml: bytes
    beside: bytes | None = None

    @property
    def judged(self) -> bytes:
        """The file with the payload in it."""
        return self.xml if self.beside is None else self.beside


def places() -> Iterator[Hostile]:
    """Every payload in every place where the stock engine runs what an author wrote."""
    for place, (xml, beside) in ALL.items():
        for name, code in CODE.items():
            new = escape(code, {'"': "&quot;"}).encode()
            both = [part and part.replace(escape(PAYLOAD).encode(), new) for part in (xml, beside)]
            yield Hostile(f"{place}: {name}", both[0] or b"", both[1])


def reaching(folder: Path, port: int) -> Iterator[Hostile]:
    """XML that wants to read a file, call a host, or grow."""
    file, host = f"file://{folder}/secret.txt", f"http://127.0.0.1:{port}/x"
    heads = {
        "entity of a file": f'<!DOCTYPE d [<!ENTITY x SYSTEM "{file}">]>',
        "entity of a host": f'<!DOCTYPE d [<!ENTITY x SYSTEM "{host}">]>',
        "public entity": f'<!DOCTYPE d [<!ENTITY x PUBLIC "-//a" "{host}">]>',
        "parameter entity": f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{host}"> %p;]>',
        "parameter file": f'<!DOCTYPE d [<!ENTITY % p SYSTEM "file://{folder}/evil.dtd"> %p;]>',
        "external subset": f'<!DOCTYPE d SYSTEM "{host}">',
        "external file subset": f'<!DOCTYPE d SYSTEM "file://{folder}/evil.dtd">',
        "relative subset": '<!DOCTYPE d SYSTEM "evil.dtd">',
        "unparsed entity": f'<!DOCTYPE d [<!NOTATION n SYSTEM "{host}">'
        f'<!ENTITY x SYSTEM "{file}" NDATA n>]>',
        "hidden text": '<!DOCTYPE d [<!ENTITY x "os.system">]>',
        "default attribute": '<!DOCTYPE d [<!ATTLIST process isExecutable CDATA "true">]>',
        "stylesheet": f'<?xml-stylesheet type="text/xsl" href="{host}"?>',
        "instruction": "<?php system('id') ?>",
        "comment before": f'<!-- x --><!DOCTYPE d SYSTEM "{host}">',
        "late declaration": f'\n \n<!DOCTYPE d SYSTEM "{host}">',
        "small letters": f'<!doctype d system "{host}">',
        "laughs": f"<!DOCTYPE d [{_laughs()}]>",
        "quadratic": f'<!DOCTYPE d [<!ENTITY x "{"a" * 50_000}">]>',
    }  # fmt: skip
    body = _plain("&x;" * 20)
    for name, head in heads.items():
        yield Hostile(name, (head + body).encode())
        yield Hostile(f"{name} in a table", (head + _table_with("&x;")).encode())
    for name, part in _inside(file, host).items():
        yield Hostile(name, _plain("", more=part).encode())
    yield from _encoded(heads["external subset"] + body)


def _plain(documentation: str, more: str = "") -> str:
    text = Diagram().start().user("n").end().file(more=more).decode()
    return text.replace('<userTask id="n"', f"<documentation>{documentation}</documentation>"
                        '<userTask id="n"')  # fmt: skip


def _table_with(text: str) -> str:
    return table(["v"], ["o"], [(["-"], ["1"])]).decode().replace("rule 1", text)


def _laughs() -> str:
    ring = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!ENTITY a0 "ha">{ring}<!ENTITY x "&a9;">'


def _inside(file: str, host: str) -> dict[str, str]:
    """What stands inside the file and points out of it."""
    return {
        "include of a file": f'<xi:include xmlns:xi="{XI}" href="{file}" parse="text"/>',
        "include of a host": f'<xi:include xmlns:xi="{XI}" href="{host}"/>',
        "import": f'<import importType="x" namespace="urn:x" location="{host}"/>',
        "schema": f'<x xmlns:xsi="{XSI}" xsi:schemaLocation="urn:x {host}"/>',
        "base": f'<documentation xml:base="{host}">x</documentation>',
        "link": f'<x xmlns:l="http://www.w3.org/1999/xlink" l:href="{host}"/>',
        "colour": f'<z:s xmlns:z="urn:z" id="z1" z:stroke="url({host})"/>',
        "background": f'<z:s xmlns:z="urn:z" id="z1" z:background-color="url({host})"/>',
        "page": f'<h:script xmlns:h="http://www.w3.org/1999/xhtml" src="{host}"/>',
        "undeclared entity": "<documentation>&x;</documentation>",
        "forbidden character": "<documentation>&#0;</documentation>",
        "undeclared prefix": "<q:x/>",
        "attribute twice": '<documentation id="a" id="b"/>',
        "two hundred attributes": f"<documentation {MANY}/>",
        "very deep": "<group>" * 300 + "</group>" * 300,
        "larger than is read": f"<!-- {'x' * LARGEST_FILE} -->",
        "service": '<interface id="i"><operation id="o"/></interface>',
    }  # fmt: skip


def _encoded(text: str) -> Iterator[Hostile]:
    """The same reaching file, its letters hidden by an encoding."""
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "gb18030", "cp037"):
        yield Hostile(f"in {encoding}", text.encode(encoding, "xmlcharrefreplace"))
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}'
        yield Hostile(f"declared {encoding}", declared.encode(encoding, "xmlcharrefreplace"))
    yield Hostile("marked", b"\xef\xbb\xbf" + text.encode())
    yield Hostile("version 1.1", b'<?xml version="1.1"?>' + text.encode())
    yield Hostile("bytes that are no text", text.encode() + b"\xff")


def drawn() -> Iterator[Hostile]:
    """Diagrams with one thing wrong each."""
    for name, (diagram, _code, _element) in FINDINGS.items():
        yield Hostile(name, diagram.xml)


def shapes() -> Iterator[Hostile]:
    """Diagrams that hang, mislead or break the engine as it comes."""
    for text in (
        "P99999999Y",
        "P999999999M",
        "P9999999999999D",
        "1 + 1",
        "P1.5M",
        "P",
        "",
        "-P1D",
        "R/PT0S",
        "R3/PT1M",
        "'PT0S'",
        "PT1S",
        "2027-01-01T00:00",
        "${timer}",
        "0 0 * * *",
    ):
        yield Hostile(f"duration {text}", line(**EVENT, inner=TIMER.format(text)).xml)
    for count in ("0", "51", "1000", "1000000000", "-1", "1.5", "1e1", "٣", "n", "[1, 2]"):
        yield Hostile(f"repeated {count}", line(inner=COUNT.format(count)).xml)
    yield from _engines_own()
    yield from _deep()


def _engines_own() -> Iterator[Hostile]:
    """Names and parts that the engine confuses with its own."""
    for name in ("Start", "End", "Root", "case.EndJoin", "n.BoundaryEventSplit", "u [child]"):
        yield Hostile(f"task {name}", Diagram().start().user(name).end().xml)
        yield Hostile(f"end {name}", Diagram().start().both("s").user("a").end(name)
                      .at("s").user("b").end("e2").xml)  # fmt: skip
    parts = ("dataObject", "dataStoreReference", "dataInput", "property", "correlationSubscription",
             "resourceRole", "ioSpecification", "auditing", "callConversation", "globalScriptTask",
             "subChoreography", "signal", "message", "itemDefinition")  # fmt: skip
    for part in parts:
        inside = f'<{part} id="part" name="part"/>'
        yield Hostile(f"a {part}", line(inner=inside).xml)
    second = Diagram("p2").start("b2").call("c2", "case").end("e2")
    yield Hostile("ring of two", Diagram().start().call("c1", "p2").end().file(second))


def _deep() -> Iterator[Hostile]:
    inside = Diagram().start("b0").user("u0").end("e0")
    for level in range(1, 101):
        inside = Diagram().start(f"b{level}").sub(f"s{level}", inside).end(f"e{level}")
        if level in (6, 30, 100):
            yield Hostile(f"{level} deep", Diagram().start().sub("outer", inside).end().xml)
    many = Diagram().start("bm").user("um", 10).end("em")
    for level in range(5):
        around = Diagram().start(f"n{level}").sub(f"m{level}", many, 10).end(f"o{level}")
        many = around
    yield Hostile("a million at once", Diagram().start().sub("outer", many, 10).end().xml)
    for length in (251, 500, 2000):
        chain = Diagram().start()
        for number in range(length):
            chain.user(f"u{number}")
        yield Hostile(f"chain of {length}", chain.end().xml)


VENDORS = {
    "camunda": ("http://camunda.org/schema/1.0/bpmn", "script"),
    "flowable": ("http://flowable.org/bpmn", "executionListener"),
    "activiti": ("http://activiti.org/bpmn", "taskListener"),
    "zeebe": ("http://camunda.org/schema/zeebe/1.0", "taskDefinition"),
    "spiff": ("http://spiffworkflow.org/bpmn/schema/1.0/core", "preScript"),
    "ours, almost": ("urn:weathervane:bpmn:2", "effect"),
}


def inert() -> Iterator[Hostile]:
    """Code where only other tools would look for it: kept, listed, and never looked at."""
    for vendor, (namespace, tag) in VENDORS.items():
        for name, code in CODE.items():
            given = f'xmlns:v="{namespace}" v:class="{escape(code, {chr(34): "&quot;"})}"'
            inner = (
                f"<extensionElements><v:{tag} {given}>{escape(code)}</v:{tag}></extensionElements>"
            )
            yield Hostile(f"{vendor}: {name}", Diagram().start().node(
                "userTask", "n", inner, **{"wv:performer": "opener"}).end().xml)  # fmt: skip


def tables() -> Iterator[Hostile]:
    """Decision tables that are no tables."""
    odd = {
        "collect": table(["v"], ["o"], [(["-"], ["1"])], policy="COLLECT"),
        "no rules": table(["v"], ["o"], []),
        "too few cells": table(["v", "w"], ["o"], [(["-"], ["1"])]),
        "too many rules": table(["v"], ["o"], [(["-"], ["1"])] * 501),
        "same output twice": table(["v"], ["o", "o"], [(["-"], ["1", "1"])]),
        "function": f'<definitions xmlns="{DMN}" id="d"><decision id="t"><literalExpression><text>'
        f"{PAYLOAD}</text></literalExpression></decision></definitions>".encode(),
        "java": f'<definitions xmlns="{DMN}" id="d"><businessKnowledgeModel id="b">'
        '<encapsulatedLogic kind="Java"/></businessKnowledgeModel></definitions>'.encode(),
        "of another year": b'<definitions xmlns="http://www.omg.org/spec/DMN/2099/MODEL/" id="d"/>',
        "diagram in a table": f'<definitions xmlns="{DMN}" id="d">'
        f'<process xmlns="{BPMN}" id="p"/></definitions>'.encode(),
        "neither": f"{HEAD}</definitions>".encode(),
    }
    for name, xml in odd.items():
        yield Hostile(f"table: {name}", xml)

"""Files as large as the gate takes, each heavy in its own way: what could make it slow or fat."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.engine.reading import LARGEST_FILE
from tests.engine.decisions import DMN
from tests.engine.diagrams import HEAD, Diagram

PROCESS = f'{HEAD}<process id="main"><startEvent id="b"/>', "</process></definitions>"
FLOWING = f'{HEAD}<process id="main"><startEvent id="b"/><endEvent id="e"/>', PROCESS[1]
TABLE = (
    f'<definitions xmlns="{DMN}" id="d"><decision id="t"><decisionTable id="dt">',
    "</decisionTable></decision></definitions>",
)
LONG = "长" * 300
CONDITION = "(" * 15 + "a" + "+b)" * 15 + "==1"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
NOTE = (f"{PROCESS[0]}<documentation>", f"</documentation>{PROCESS[1]}")
DRAWING = (
    f'{PROCESS[0]}</process><x:BPMNDiagram xmlns:x="{DI}">',
    "</x:BPMNDiagram></definitions>",
)
ROW = (f"{TABLE[0]}<rule>", f"</rule>{TABLE[1]}")

Piece = Callable[[int], str]

# A frame, and what is repeated inside it until the file is full.
FILLED: dict[str, tuple[tuple[str, str], Piece]] = {
    "tasks": (PROCESS, lambda n: f'<userTask id="u{n}"/>'),
    "tasks without ids": (PROCESS, lambda _n: "<scriptTask/>"),
    "flows": (PROCESS, lambda n: f'<sequenceFlow id="f{n}" sourceRef="b" targetRef="e"/>'),
    "empty sub-processes": (PROCESS, lambda n: f'<subProcess id="s{n}"/>'),
    "loose conditions": (PROCESS, lambda n: f"<conditionExpression>a{n}</conditionExpression>"),
    "long conditions": (
        FLOWING,
        lambda n: (
            f'<sequenceFlow id="f{n}" sourceRef="b" targetRef="e"><conditionExpression>'
            f"{CONDITION}{n}+{'1+' * 60}1</conditionExpression></sequenceFlow>"
        ),
    ),
    "very long conditions": (
        FLOWING,
        lambda n: (
            f'<sequenceFlow id="f{n}" sourceRef="b" targetRef="e"><conditionExpression>'
            f"{'1+' * 90}{n}=={'x' * 790}</conditionExpression></sequenceFlow>"
        ),
    ),
    "long names": (PROCESS, lambda _n: f'<task name="{LONG}"/>'),
    "namespaces": (PROCESS, lambda n: f'<x:y xmlns:x="urn:{n}"/>'),
    "attributes": ((f'{HEAD}<process id="main" ', f">{PROCESS[1]}"), lambda n: f'a{n}="1" '),
    "our attributes": (
        (f'{HEAD}<process id="main" ', f">{PROCESS[1]}"),
        lambda n: f'wv:a{n}="1" ',
    ),
    "processes": ((HEAD, "</definitions>"), lambda n: f'<process id="p{n}"/>'),
    "lanes": (PROCESS, lambda n: f'<laneSet><lane id="l{n}" name="x"/></laneSet>'),
    "errors": (PROCESS, lambda n: f'<error id="x{n}" errorCode="{n}"/>'),
    "one text": (NOTE, lambda _n: "长"),
    "comments": (PROCESS, lambda n: f"<!-- {n} -->"),
    "character references": (NOTE, lambda _n: "&#38271;"),
    "shapes": (DRAWING, lambda n: f'<x:BPMNShape id="s{n}" stroke="#fff"/>'),
    "table columns": (
        TABLE,
        lambda n: f"<input><inputExpression><text>a{n}</text></inputExpression></input>",
    ),
    "table outputs": (TABLE, lambda n: f'<output name="o{n}"/>'),
    "table rules": (TABLE, lambda _n: "<rule/>"),
    "table cells": (
        ROW,
        lambda n: f"<inputEntry><text>a{n}</text></inputEntry>",
    ),
    "long table cells": (
        ROW,
        lambda n: f"<inputEntry><text>{n},{CONDITION}{',1' * 90}</text></inputEntry>",
    ),
    "answers": (
        ROW,
        lambda n: f"<outputEntry><text>{CONDITION}{n}</text></outputEntry>",
    ),
    "decisions": (
        (f'<definitions xmlns="{DMN}" id="d">', "</definitions>"),
        lambda n: f'<decision id="d{n}"><decisionTable/></decision>',
    ),
}


def filled(name: str, most: int = LARGEST_FILE) -> bytes:
    """The file of that kind, as large as the gate reads."""
    (before, after), piece = FILLED[name]
    pieces, size, number = [], len((before + after).encode()), 0
    while size + len(piece(number).encode()) <= most:
        pieces.append(piece(number))
        size += len(pieces[-1].encode())
        number += 1
    return f"{before}{''.join(pieces)}{after}".encode()


def _diamonds(kind: str, count: int, ways: int) -> Diagram:
    """Gateways that part and meet again, one pair after the other, with nobody between."""
    diagram = Diagram("main").start()
    for number in range(count):
        split, join = f"s{number}", f"j{number}"
        getattr(diagram, kind)(split)
        getattr(diagram, kind)(join)
        for _way in range(ways - 1):
            diagram.at(split, when="a").to(join)
        diagram.at(join)
    return diagram.user("u").end()


def _crowd(split: str, branches: int, length: int) -> Diagram:
    """Many branches with people on them, in any order of which they may be done."""
    diagram = Diagram("main").start()
    getattr(diagram, split)("s").user("first")
    getattr(diagram, split)("j").end()
    for branch in range(branches):
        diagram.at("s", when="a" if split == "some" else None)
        for step in range(length):
            diagram.user(f"u{branch}_{step}")
        diagram.to("j")
    return diagram


def _nested(wide: int) -> Diagram:
    """Sub-processes five deep, each level with many that hold nothing to do."""
    inside = Diagram().start("b").user("u").end("e")
    for level in range(4):
        around = Diagram().start(f"b{level}")
        for number in range(wide):
            empty = Diagram().start(f"b{level}_{number}").end(f"e{level}_{number}")
            around.sub(f"s{level}_{number}", empty)
        inside = around.sub(f"s{level}", inside).end(f"e{level}")
    return Diagram("main").start().sub("outer", inside).end()


def _mesh(count: int) -> Diagram:
    """Every gateway leads to every later one, and a person stands at the end."""
    diagram = Diagram("main").start()
    for number in range(count):
        diagram.xor(f"g{number}")
    diagram.user("u").end()
    for number in range(count):
        for later in range(number + 2, count):
            diagram.at(f"g{number}", when="a").to(f"g{later}")
    return diagram


DRAWN: dict[str, Diagram] = {
    "choices": _diamonds("xor", 120, 4),
    "inclusive choices": _diamonds("some", 120, 4),
    "wide inclusive choices": _diamonds("some", 30, 25),
    "parallels": _diamonds("both", 120, 4),
    "branches": _crowd("both", 20, 10),
    "inclusive branches": _crowd("some", 12, 10),
    "few long inclusive branches": _crowd("some", 3, 60),
    "nested": _nested(19),
    "mesh": _mesh(43),
}


def files() -> Iterator[tuple[str, bytes]]:
    """Every heavy file by its name."""
    for name in FILLED:
        yield name, filled(name)
    for name, diagram in DRAWN.items():
        yield name, diagram.xml

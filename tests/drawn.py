"""The shipped diagrams as XML, for the tests that read them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

FOLDER = Path(__file__).parents[1] / "bpmn"
FILES = sorted(FOLDER.glob("*.bpmn"))
KEYS = [file.stem for file in FILES]
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
NODES = {
    "startEvent",
    "endEvent",
    "userTask",
    "callActivity",
    "exclusiveGateway",
    "parallelGateway",
}


@cache
def root(key: str) -> etree._Element:
    return etree.parse(FOLDER / f"{key}.bpmn").getroot()


def found(key: str, path: str) -> list[Any]:
    return list(root(key).xpath(path, namespaces=NS))


def kind(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def nodes(key: str) -> list[Any]:
    return [each for each in found(key, "bpmn:process/*") if kind(each) in NODES]


def tasks(key: str) -> list[Any]:
    return found(key, ".//bpmn:userTask")


def flows(key: str) -> list[Any]:
    return found(key, ".//bpmn:sequenceFlow")

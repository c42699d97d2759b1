"""Faults planted in the engine room: each must turn the corpus red."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment

from app.engine import EngineError, checking, limits, reading
from app.engine.bundle import compiling, environment
from app.engine.gate import constructs, flows, identity, ways, wording
from app.engine.language import expressions
from app.i18n import Text
from tests.engine.corpus import files
from tests.engine.diagrams import Diagram

Plant = Callable[[Any, Path, int], None]
PLANTS: dict[str, Plant] = {}


def plant(name: str) -> Callable[[Plant], Plant]:
    def add(act: Plant) -> Plant:
        PLANTS[name] = act
        return act

    return add


def _put(place: Any, name: str, value: Any) -> None:
    """Another thing in the place of ours."""
    setattr(place, name, value)


def _corpus():
    from tests.engine.corpus import run

    return run


@plant("only the engine's methods replaced, its environment left")
def environment_left(watch, _folder, _port) -> None:
    """What the manuals do: correlation and ad-hoc conditions go past it."""
    made = environment.ScriptEngine.__init__

    def init(self, tables):
        made(self, tables)
        self.environment = TaskDataEnvironment()

    environment.ScriptEngine.__init__ = init
    environment.ScriptEngine.evaluate = lambda _self, *_given: True
    for hostile in files.places():
        _corpus().stock(watch, hostile)


@plant("Python instead of our language")
def python(watch, _folder, _port) -> None:
    def value(_self, names):
        return eval(_self.text, {}, dict(names))  # noqa: S307 - the fault

    expressions.Expression.value = value
    for hostile in files.places():
        _corpus().stock(watch, hostile)


def _exec(script: str) -> None:
    exec(script)  # noqa: S102 - the fault


@plant("scripts are run")
def scripts(watch, _folder, _port) -> None:
    environment.Environment.execute = lambda _self, script, *_more: _exec(script)
    environment.ScriptEngine.execute = lambda _self, _task, script, *_more: _exec(script)
    for hostile in files.places():
        _corpus().stock(watch, hostile)


@plant("any call is allowed")
def calls(watch, _folder, _port) -> None:
    _put(expressions, "_known_call", lambda _node: None)
    for text in _corpus().payloads.expressions():
        _corpus().say(watch, text)


@plant("any syntax is allowed")
def syntax(watch, _folder, _port) -> None:
    _put(expressions, "_allowed", lambda tree, _source: list(ast.walk(tree)))
    for text in _corpus().payloads.expressions():
        _corpus().say(watch, text)


def _rule_gone(module: Any, name: str) -> Plant:
    def act(watch, _folder, _port) -> None:
        setattr(module, name, lambda *_given: iter(()))
        for hostile in files.drawn():
            _corpus().judge(watch, hostile)

    return act


for module, name in (
    (constructs, "unsupported"),
    (identity, "bad_ids"),
    (identity, "bad_names"),
    (wording, "unreadable"),
    (wording, "repeated"),
    (wording, "uncaught"),
    (flows, "_ways"),
    (flows, "_circles"),
    (flows, "_choice"),
    (ways, "wrong"),
):
    PLANTS[f"a rule gone: {module.__name__.rpartition('.')[2]}.{name}"] = _rule_gone(module, name)


@plant("XML as it comes")
def xml(watch, folder, port) -> None:
    """A parser that fetches and expands, and nobody who looks for declarations first."""

    def parse(text, *, largest=0):
        parser = etree.XMLParser(
            resolve_entities=True, no_network=False, load_dtd=True, huge_tree=True
        )
        try:
            return etree.fromstring(text, parser)
        except etree.LxmlError as error:
            raise EngineError(Text("not XML"), code="file_xml") from error

    reading.parse = parse
    for hostile in files.reaching(folder, port):
        if "laughs" not in hostile.name and "quadratic" not in hostile.name:
            _corpus().judge(watch, hostile)


def _endless() -> files.Hostile:
    diagram = Diagram("case").start().xor("g").end().at("g", when="a == 1").xor("h").to("g")
    return files.Hostile("circle", diagram.xml)


@plant("no limit on steps and time")
def limits_off(watch, _folder, _port) -> None:
    limits.MOST_STEPS, limits.LONGEST_SECONDS = 10**9, 10.0**9
    watch.longest = 1
    _corpus().live(watch, _endless())


@plant("no limit on the ways tried")
def ways_without_end(watch, _folder, _port) -> None:
    from tests.engine.corpus.heavy import DRAWN

    ways.MOST_WORK = 10**9
    watch.longest = 1
    with watch.at("gate: branches"):
        checking.check(DRAWN["branches"].xml)


@plant("elements crowded with attributes")
def crowded(watch, _folder, _port) -> None:
    import re

    from tests.engine.corpus.heavy import filled

    _put(reading, "_CROWDED", re.compile("(?!)"))
    watch.longest = 1
    with watch.at("gate: attributes"):
        checking.check(filled("attributes", 400 * 1024))


@plant("compiled without a look")
def unseen(watch, _folder, _port) -> None:
    """Nothing is refused before it is compiled: the engine's own mistakes come through."""
    watch.longest = 1
    compiling.refuse_unsafe = lambda _root: None
    for hostile in files.shapes():
        _corpus().live(watch, hostile)

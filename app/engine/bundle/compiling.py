"""Compiles a bundle of files into something runnable, once per process, and shares it safely."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.specs import MultiChoice

from app.engine import reading
from app.engine.bundle import specs
from app.engine.bundle.environment import Condition, ScriptEngine
from app.engine.bundle.parsing import BundleParser
from app.engine.failures import EngineError
from app.engine.gate import constructs, identity
from app.engine.language import tables
from app.engine.reading import Element, bpmn
from app.i18n import _

MOST_NODES = 250
MOST_COMPILED = 256
DEEPEST_CALLS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A process and all it calls, ready to run; `digest` names exactly these files."""

    process_id: str
    digest: str
    spec: Any
    subprocesses: Mapping[str, Any]
    script_engine: ScriptEngine


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What the files of a bundle hold, by id, and the file each thing is in."""

    processes: Mapping[str, tuple[int, Element]]
    decisions: Mapping[str, tuple[int, tables.Table]]
    roots: Mapping[int, Element]


_cache: OrderedDict[tuple[str, str], Compiled] = OrderedDict()
_lock = threading.Lock()


def compile_bundle(files: Sequence[bytes], process_id: str) -> Compiled:
    """The process of this id, with the processes and decision tables of the files it uses."""
    hashes = [hashlib.sha256(file).hexdigest() for file in files]
    key = (process_id, "".join(sorted(hashes)))
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    compiled = _compiled(files, hashes, process_id)
    with _lock:
        _cache[key] = compiled
        if len(_cache) > MOST_COMPILED:
            _cache.popitem(last=False)
    return compiled


def _compiled(files: Sequence[bytes], hashes: Sequence[str], process_id: str) -> Compiled:
    bundle = _opened(files)
    used = _used(bundle, process_id)
    roots = [bundle.roots[number] for number in sorted(used & bundle.roots.keys())]
    for root in roots:
        refuse_unsafe(root)
    spec, subprocesses = _parsed(roots, process_id)
    decisions = {name: table for name, (_number, table) in bundle.decisions.items()}
    names = "\n".join([process_id, *sorted(hashes[number] for number in used)])
    digest = hashlib.sha256(names.encode()).hexdigest()
    return Compiled(process_id, digest, spec, subprocesses, ScriptEngine(decisions))


def _opened(files: Sequence[bytes]) -> _Bundle:
    """Every file read; nothing may be there twice."""
    processes: dict[str, tuple[int, Element]] = {}
    decisions: dict[str, tuple[int, tables.Table]] = {}
    roots: dict[int, Element] = {}
    for number, file in enumerate(files):
        root = reading.parse(file)
        if tables.is_dmn(root):
            found: Mapping[str, Any] = tables.read(file)
            decisions.update({_new(n, decisions): (number, table) for n, table in found.items()})
            continue
        roots[number] = root
        for process in root.findall(bpmn("process")):
            processes[_new(process.get("id", ""), processes)] = (number, process)
    return _Bundle(processes, decisions, roots)


def _new(name: str, known: Mapping[str, object]) -> str:
    if name in known:
        text = _("“%(name)s” is defined in more than one file.", name=name)
        raise EngineError(text, code="defined_twice", element=name)
    return name


def _used(bundle: _Bundle, process_id: str) -> set[int]:
    """The files a process needs, following its calls; a ring of calls would never end."""
    files: set[int] = set()
    done: set[str] = set()

    def follow(name: str, element: str, callers: tuple[str, ...]) -> None:
        if name in callers or len(callers) >= DEEPEST_CALLS:
            text = _("The calls of “%(name)s” go in a ring or too deep.", name=name)
            raise EngineError(text, code="call_ring", element=element)
        if name in done:
            return
        number, process = _known(bundle.processes, name, element)
        files.add(number)
        for task in process.iter(bpmn("businessRuleTask")):
            files.add(_known(bundle.decisions, reading.wv(task, "decision"), task.get("id", ""))[0])
        for call in process.iter(bpmn("callActivity")):
            follow(call.get("calledElement", ""), call.get("id", ""), (*callers, name))
        done.add(name)

    follow(process_id, process_id, ())
    return files


def _known(table: Mapping[str, tuple[int, Any]], name: str, element: str) -> tuple[int, Any]:
    if name not in table:
        text = _("“%(name)s” is called but not there.", name=name)
        raise EngineError(text, code="missing", element=element)
    return table[name]


def refuse_unsafe(root: Element) -> None:
    """Refuse what the engine would do wrongly, though the gate should have seen it before."""
    for finding in (*constructs.unsupported(root), *identity.bad_ids(root)):
        raise EngineError(finding.message, code=finding.code, element=finding.element)
    for process in root.findall(bpmn("process")):
        nodes = [
            element
            for element in constructs.model(process)
            if reading.kind(element) in constructs.NODES
        ]
        if len(nodes) > MOST_NODES:
            text = _("A file may hold at most %(most)s nodes.", most=MOST_NODES)
            raise EngineError(text, code="too_many_nodes", element=process.get("id", ""))


def parse_alone(root: Element, process_id: str) -> None:
    """Let the engine's own reader try a process of a file, without what it calls."""
    with _readable():
        _parser([root]).get_spec(process_id)


def _parsed(roots: Sequence[Element], process_id: str) -> tuple[Any, dict[str, Any]]:
    """The engine's own objects, gone once through its serializer so that they can be shared."""
    with _readable():
        parser = _parser(roots)
        found = {process_id: parser.get_spec(process_id)}
        found.update(parser.get_subprocess_specs(process_id))
        registry = BpmnWorkflowSerializer.configure(specs.serializer_config())
        restored = {
            name: _with_own_conditions(registry.restore(registry.convert(spec)))
            for name, spec in found.items()
        }
    return restored.pop(process_id), restored


def _parser(roots: Sequence[Element]) -> BundleParser:
    parser = BundleParser()
    for root in roots:
        parser.add_bpmn_xml(root)
    return parser


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever the engine's reader trips over is one refusal that names the element."""
    try:
        yield
    except (
        SpiffWorkflowException,
        RecursionError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        element = getattr(error, "id", "") or ""
        text = _("“%(name)s” cannot be understood.", name=element)
        raise EngineError(text, code="parse", element=element) from error


def _with_own_conditions(spec: Any) -> Any:
    """The same process, its conditions strict."""
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, MultiChoice):
            task_spec.cond_task_specs = [
                (condition and Condition(condition.args[0]), target)
                for condition, target in task_spec.cond_task_specs
            ]
    return spec

"""A running case as bytes and back: the definition left out, the past compacted away."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer.workflow import VERSION
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.bundle.compiling import Compiled
from app.engine.case import compaction
from app.engine.case.packing import packed, unpacked
from app.engine.failures import EngineError
from app.i18n import _

HEADER = f"WVES 1 spiff-{VERSION}\n".encode()
LARGEST = 16 * 1024 * 1024

Row = list[Any]
_thread = threading.local()


def dump(workflow: Any, compiled: Compiled) -> bytes:
    """The case as bytes, without its definition and without what it no longer needs."""
    workflows = [workflow]
    places: dict[Any, tuple[int, int]] = {}
    rows = [_rows(one, number, places, workflows) for number, one in enumerate(workflows)]
    for one in workflows:
        _refuse_blindness(one)
    ranks = {moment: rank for rank, moment in enumerate(sorted({r[4] for w in rows for r in w}))}
    for row in (row for one in rows for row in one):
        row[4] = ranks[row[4]]
    document = {
        "definition": compiled.digest,
        "completed": [one.completed for one in workflows],
        "acts": workflow.acts,
        "under": [places[one.parent_task_id] for one in workflows[1:]],
        "tasks": rows,
    }
    content = orjson.dumps(document)
    if len(content) > LARGEST:
        raise EngineError(_("The case has grown too large for the engine."), code="too_large")
    packed: bytes = _zstd().compressor.compress(content)
    return HEADER + packed


def load(state: bytes, compiled: Compiled) -> Any:
    """The case in memory again; a state of another format, version or definition is refused."""
    if not state.startswith(HEADER):
        raise EngineError(_("The case was saved in another format."), code="state_format")
    try:
        packed = _zstd().decompressor.decompress(state[len(HEADER) :], max_output_size=LARGEST)
        document = orjson.loads(packed)
        same = document["definition"] == compiled.digest
        workflow = _workflow(document, compiled) if same else None
    except (zstandard.ZstdError, LookupError, TypeError, ValueError) as error:
        raise EngineError(_("The saved case is damaged."), code="state_damaged") from error
    if workflow is None:
        raise EngineError(
            _("The case runs by another version of its definition."), code="state_definition"
        )
    return workflow


def _refuse_blindness(workflow: Any) -> None:
    """The engine can call a case finished whose open tasks it no longer sees: never save that."""
    open_states = TaskState.READY | TaskState.WAITING | TaskState.STARTED
    if workflow.completed and any(task.has_state(open_states) for task in workflow.tasks.values()):
        raise EngineError(_("The case is called finished but has open tasks."), code="blind")


def _rows(
    workflow: Any, number: int, places: dict[Any, tuple[int, int]], workflows: list[Any]
) -> list[Row]:
    """The tasks of one workflow; sub-processes met on the way join the end of the list."""
    rows: list[Row] = []
    for task, parent in compaction.remaining(workflow):
        places[task.id] = (number, len(rows))
        rows.append(
            [
                task.id.hex,
                places[parent.id][1] if parent else None,
                task.task_spec.name,
                task.state,
                task.last_state_change,
                int(task.triggered),
                packed(task.internal_data),
                *_difference(parent.data if parent else {}, task.data),
            ]
        )
        inner = workflow.top_workflow.subprocesses.get(task.id)
        if inner is not None and not task.has_state(TaskState.FINISHED_MASK):
            workflows.append(inner)
    return rows


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """The facts that are new or changed, and the names of those that are gone."""
    changed = {
        name: value
        for name, value in after.items()
        if name not in before or (type(value), value) != (type(before[name]), before[name])
    }
    return packed(changed), [name for name in before if name not in after]


def _workflow(document: Mapping[str, Any], compiled: Compiled) -> Any:
    """The engine's objects, as they were when the case was saved."""
    top = BpmnWorkflow(
        compiled.spec,
        compiled.subprocesses,
        script_engine=compiled.script_engine,
        deserializing=True,
    )
    top.acts = document["acts"]
    tasks = [_tasks(top, document["tasks"][0])]
    top.completed = document["completed"][0]
    for number, (outer, place) in enumerate(document["under"], start=1):
        around = tasks[outer][place]
        spec = compiled.subprocesses[around.task_spec.spec]
        inner = BpmnSubWorkflow(spec, around.id, top, deserializing=True)
        top.subprocesses[around.id] = inner
        finished = around.task_spec._on_subworkflow_completed  # noqa: SLF001 - as the engine does
        inner.completed_event.connect(finished, around)
        tasks.append(_tasks(inner, document["tasks"][number]))
        inner.completed = document["completed"][number]
    return top


def _tasks(workflow: Any, rows: Iterable[Row]) -> list[Any]:
    """The tasks of one workflow; each hangs itself under its parent."""
    found: list[Any] = []
    for id_, parent, name, state, rank, triggered, internal, changed, gone in rows:
        spec = workflow.spec.task_specs[name]
        above = None if parent is None else found[parent]
        task = Task(workflow, spec, above, state, UUID(int=int(id_, 16)))
        task.last_state_change = float(rank)
        task.triggered = bool(triggered)
        task.internal_data = unpacked(internal)
        task.data = {**(above.data if above else {}), **unpacked(changed)}
        for fact in gone:
            del task.data[fact]
        if state == TaskState.WAITING and isinstance(spec, CatchingEvent):
            workflow.top_workflow.event_manager.add_task(task)
        found.append(task)
    workflow.task_tree = found[0]
    return found


class _Zstd:
    """A compressor and a decompressor; shared between threads they would corrupt data."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=3)
        self.decompressor = zstandard.ZstdDecompressor()


def _zstd() -> _Zstd:
    """This thread's own."""
    if not hasattr(_thread, "zstd"):
        _thread.zstd = _Zstd()
    found: _Zstd = _thread.zstd
    return found

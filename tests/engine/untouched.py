"""The engine as it comes, in memory and never saved: what our own running is compared with."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import time_machine
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.util.task import TaskState

from app.engine.bundle import timers
from app.engine.bundle.compiling import compile_bundle
from app.engine.bundle.environment import Environment
from app.engine.case import stepping
from app.engine.language.facts import stamped, visible

Seen = tuple[list[str], bool]


class StockEngine:
    """SpiffWorkflow's own parser, task kinds, loop and clock; only expressions are ours."""

    def __init__(
        self, xml: bytes, process_id: str = "main", *, facts: Mapping[str, Any], now: dt.datetime
    ):
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(xml))
        with time_machine.travel(now, tick=False):
            self.workflow = BpmnWorkflow(
                parser.get_spec(process_id),
                parser.get_subprocess_specs(process_id),
                script_engine=PythonScriptEngine(Environment()),
            )
            self.workflow.task_tree.data.update(facts)
            self.workflow.do_engine_steps()

    def complete(self, node: str, nth: int, facts: Mapping[str, Any], now: dt.datetime) -> None:
        task = [t for t in self.ready() if t.task_spec.bpmn_id == node][nth]
        task.data.update(facts)
        with time_machine.travel(now, tick=False):
            task.run()
            self.workflow.do_engine_steps()

    def refresh(self, now: dt.datetime) -> None:
        with time_machine.travel(now, tick=False):
            self.workflow.refresh_timers()
            self.workflow.do_engine_steps()

    def ready(self) -> list[Any]:
        return [t for t in self.workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual]

    def seen(self) -> Seen:
        nodes = sorted(task.task_spec.bpmn_id for task in self.ready())
        return nodes, self.workflow.is_completed()


class NeverSaved:
    """Our own compiled process and loop, but one workflow object from beginning to end."""

    def __init__(self, *files: bytes, facts: Mapping[str, Any], now: dt.datetime):
        compiled = compile_bundle(files, "main")
        self.workflow = BpmnWorkflow(
            compiled.spec, compiled.subprocesses, script_engine=compiled.script_engine
        )
        self.workflow.acts = 1
        self.workflow.task_tree.data.update(stamped(facts, 1))
        self._run(now)

    def _run(self, now: dt.datetime) -> None:
        with timers.clock_at(now):
            list(stepping.run_on(self.workflow))
            stepping.is_finished(self.workflow)
        self.workflow.acts += 1

    def complete(self, node: str, nth: int, facts: Mapping[str, Any], now: dt.datetime) -> None:
        task = [t for t in self.ready() if t.task_spec.bpmn_id == node][nth]
        task.data.update(stamped(facts, self.workflow.acts))
        with timers.clock_at(now):
            task.run()
        self._run(now)

    def refresh(self, now: dt.datetime) -> None:
        with timers.clock_at(now):
            self.workflow.refresh_timers()
        self._run(now)

    def ready(self) -> list[Any]:
        return list(stepping.for_people(self.workflow))

    def seen(self) -> Seen:
        return sorted(task.task_spec.bpmn_id for task in self.ready()), self.workflow.completed

    def facts(self) -> list[dict[str, Any]]:
        return in_order([visible(task.data) for task in self.ready()])


def in_order(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Facts of several steps, in an order that does not depend on how they were found."""
    return sorted(facts, key=lambda one: sorted(map(str, one.items())))

"""Our expression language in SpiffWorkflow's place of Python: nothing else is ever evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import (
    BasePythonScriptEngineEnvironment,
    PythonScriptEngine,
)
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition

from app.engine import limits
from app.engine.failures import EngineError
from app.engine.language import expressions, tables
from app.i18n import _


class Environment(BasePythonScriptEngineEnvironment):  # type: ignore[misc] # Spiff is untyped
    """Evaluates our expressions and runs nothing; every place that evaluates ends up here."""

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, Any],
        external_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value of an expression over the facts; what the engine adds wins over them."""
        return expressions.evaluate(expression, {**context, **(external_context or {})})

    def execute(self, *_given: object, **_more: object) -> NoReturn:
        """Scripts are not run, whoever asks."""
        raise EngineError(_("Scripts are not allowed in diagrams."), code="script")

    def call_service(self, *_given: object, **_more: object) -> NoReturn:
        """Services are not called, whoever asks."""
        raise EngineError(_("Diagrams cannot call services."), code="service")


class ScriptEngine(PythonScriptEngine):  # type: ignore[misc] # Spiff is untyped
    """Spiff's way to the environment, with our errors naming the element instead of its own."""

    def __init__(self, tables: Mapping[str, tables.Table]) -> None:
        """`tables` are the decision tables that business rule tasks of this bundle ask."""
        super().__init__(Environment())
        self.tables = tables

    def validate(self, expression: str) -> None:
        """Refuse what our own language does not know."""
        expressions.read(expression)

    def evaluate(
        self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Evaluate for a task."""
        with _about(task):
            return self.environment.evaluate(expression, task.data, external_context)

    def execute(self, task: Any, *_given: object, **_more: object) -> None:
        """Scripts are not run, whoever asks."""
        with _about(task):
            self.environment.execute()

    def call_service(self, task: Any, **_more: object) -> None:
        """Services are not called, whoever asks."""
        with _about(task):
            self.environment.call_service()


class Condition(_BpmnCondition):  # type: ignore[misc] # Spiff is untyped
    """A condition on a flow: true or false, and anything else is an error."""

    def _matches(self, task: Any) -> bool:
        with _about(task):
            limits.require_time()
            return expressions.read(self.args[0]).holds(task.data)


@contextmanager
def _about(task: Any) -> Iterator[None]:
    """An error inside names the task's element."""
    try:
        yield
    except EngineError as error:
        raise error.at(task.task_spec.bpmn_id or "") from None

"""The engine room: the only package that knows SpiffWorkflow; plain values in and out."""

from app.engine.compiling import Compiled, compile_bundle
from app.engine.describing import describe
from app.engine.dmn import decide
from app.engine.expressions import evaluate
from app.engine.failures import DecisionError, EngineError, ExpressionError
from app.engine.results import (
    Decision,
    Description,
    Finding,
    Node,
    Outcome,
    Severity,
    Step,
    TimerDue,
)
from app.engine.running import cancel, complete, facts_of, open_steps, refresh, start

__all__ = [
    "Compiled",
    "Decision",
    "DecisionError",
    "Description",
    "EngineError",
    "ExpressionError",
    "Finding",
    "Node",
    "Outcome",
    "Severity",
    "Step",
    "TimerDue",
    "cancel",
    "compile_bundle",
    "complete",
    "decide",
    "describe",
    "evaluate",
    "facts_of",
    "open_steps",
    "refresh",
    "start",
]

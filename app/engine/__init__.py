"""The engine room: the only package that knows SpiffWorkflow; plain values in and out."""

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

__all__ = [
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
]

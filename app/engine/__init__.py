"""The engine room: the only package that knows SpiffWorkflow; plain values in and out."""

from app.engine.ahead import ahead
from app.engine.bundle.clocked import waits_by_the_clock
from app.engine.bundle.compiling import Compiled, compile_bundle
from app.engine.case.correcting import correct, facts_ahead
from app.engine.case.running import (
    again,
    begin_at,
    cancel,
    complete,
    facts_of,
    open_steps,
    refresh,
    renewed,
    start,
)
from app.engine.case.ways import Entry, always_before, entries, leads_back
from app.engine.checking import check, draft
from app.engine.describing import describe
from app.engine.extensions import TABLE as EXTENSIONS
from app.engine.extensions import Extension
from app.engine.failures import DecisionError, EngineError, ExpressionError
from app.engine.language.expressions import evaluate
from app.engine.language.tables import decide
from app.engine.reading import content
from app.engine.results import (
    Ahead,
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
    "EXTENSIONS",
    "Ahead",
    "Compiled",
    "Decision",
    "DecisionError",
    "Description",
    "EngineError",
    "Entry",
    "ExpressionError",
    "Extension",
    "Finding",
    "Node",
    "Outcome",
    "Severity",
    "Step",
    "TimerDue",
    "again",
    "ahead",
    "always_before",
    "begin_at",
    "cancel",
    "check",
    "compile_bundle",
    "complete",
    "content",
    "correct",
    "decide",
    "describe",
    "draft",
    "entries",
    "evaluate",
    "facts_ahead",
    "facts_of",
    "leads_back",
    "open_steps",
    "refresh",
    "renewed",
    "start",
    "waits_by_the_clock",
]

"""The plain values the engine room hands out: steps, outcomes, findings, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Step:
    """A user task waiting for people; `id` names this occurrence, `node` the diagram element."""

    id: str
    node: str
    name: str
    name_en: str
    lane: str
    extensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimerDue:
    """A running timer event: `step` names this occurrence, `due_at` the instant it fires."""

    step: str
    node: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one act did to a case: its new state and the difference to the state before."""

    state: bytes
    opened: tuple[Step, ...]
    closed: tuple[str, ...]
    finished: bool
    timers: tuple[TimerDue, ...]
    passed: tuple[str, ...]


class Severity(StrEnum):
    """An error keeps a definition from being published; a notice is only listed."""

    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the publish gate has to say, and the id of the element it says it about."""

    element: str
    code: str
    message: Text
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decision table gave, which rule gave it and that rule's own words."""

    outputs: Mapping[str, Any]
    rule_id: str
    rule_text: str


@dataclass(frozen=True, slots=True)
class Node:
    """One element of a diagram as people see it."""

    id: str
    kind: str
    name: str
    name_en: str
    lane: str
    stage: str
    form: str
    process: str
    extensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A task (or the end) that may follow another one.

    `when` are the names (in both languages) of the ways taken to it, `together` says that others
    have to be done as well before it comes.
    """

    when: tuple[tuple[str, str], ...]
    kind: str
    name: str
    name_en: str
    performer: str = ""
    deadline: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What a BPMN file says about itself, read without running anything."""

    process_id: str
    process_ids: tuple[str, ...]
    title: str
    title_en: str
    calls: tuple[str, ...]
    decisions: tuple[str, ...]
    forms: tuple[str, ...]
    nodes: tuple[Node, ...]

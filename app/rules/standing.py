"""How a case stands, as far as it decides which operations are open to whom."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Standing:
    """The facts that predicates of operations look at; unit ids."""

    case_id: int
    kind: str
    status: str
    special_major: bool = False
    lead_units: frozenset[int] = frozenset()
    co_units: frozenset[int] = frozenset()
    office_units: frozenset[int] = frozenset()
    urgent_report: bool = False
    superior_report: bool = False
    issued: bool = False
    overdue: bool = False
    pending: frozenset[str] = field(default_factory=frozenset)

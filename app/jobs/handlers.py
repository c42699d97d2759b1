"""Which command does which kind of background work; each may be run again without harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.commands import clock, staging, supervising
from app.jobs import letters

HANDLERS: Final[dict[str, Callable[..., Any]]] = {
    "deliver_reminder": supervising.deliver_reminder,
    "import_preview": staging.stage,
    "propose_resume": clock.propose_resume,
    "send_letter": letters.send,
}
"""Called as `handler(reference, actor=SYSTEM)`; the kind is what `Work.kind` says."""

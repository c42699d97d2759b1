"""Which process calls which: calls of what is not there, and calls that come back in a ring."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from app.engine.gate.constructs import finding
from app.engine.gate.scopes import reached
from app.engine.reading import Element, bpmn
from app.engine.results import Finding
from app.i18n import _

_RING = _("“%(name)s” calls a process that comes back to this one: it would never end.")
_NOBODY = _("“%(name)s” calls the process “%(called)s”, which is not there.")

Calls = Mapping[str, Collection[str]]


def wrong(root: Element, elsewhere: Calls | None) -> Iterator[Finding]:
    """The calls of a file; `elsewhere` says what the other processes call, if that is known."""
    processes = root.findall(bpmn("process"))
    here = {process.get("id", ""): _called(process) for process in processes}
    following = {**(elsewhere or {}), **here}
    for process in processes:
        for call in process.iter(bpmn("callActivity")):
            called = call.get("calledElement", "")
            if process.get("id", "") in reached([called], following):
                yield finding(call, "call_ring", _RING)
            elif called and elsewhere is not None and called not in following:
                yield finding(call, "call_unknown", _NOBODY, called=called[:60])


def _called(process: Element) -> list[str]:
    return [call.get("calledElement", "") for call in process.iter(bpmn("callActivity"))]

"""A form that came too late: its page again with every word typed, beside what the other did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from app.errors import Refusal, Stale
from app.queries.history import Line, act
from app.web.wording import say


def shown(refusal: Refusal, page: Callable[[], str]) -> tuple[str, int]:
    """The page of a refused form, filled as it was sent; programs hear the refusal as JSON."""
    if wants_json():
        raise refusal
    return page(), refusal.status


def what_they_did(refusal: Refusal) -> Line | None:
    """The act that was faster, as its journal tells it."""
    stream = refusal.details.get("stream")
    return act(stream, refusal.details["seq"]) if stream else None


def told(problem: Refusal) -> dict[str, Any]:
    """A refusal's details for programs; of one that came too late: by whom, what, when, version."""
    if not isinstance(problem, Stale):
        return {"details": problem.details}
    details, theirs = problem.details, what_they_did(problem)
    at = details.get("at")
    return {
        "by": details.get("by", ""),
        "at": at.isoformat() if at else None,
        "what": say(theirs.text) if theirs else details.get("what", ""),
        "version": details.get("version"),
    }


def is_api() -> bool:
    """Whether the address is one for programs alone."""
    return request.path.startswith("/api/")


def wants_json() -> bool:
    """Whether a program asks rather than a person."""
    if is_api():
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return request.is_json or best == "application/json"

"""Fixtures: kinds of background work that only these tests know."""

from __future__ import annotations

import pytest

from app.jobs import handlers


@pytest.fixture
def done(monkeypatch) -> list[int]:
    """What work of the kind `note` was done for, in order."""
    found: list[int] = []

    def note(reference, *, actor):
        found.append(reference)

    monkeypatch.setitem(handlers.HANDLERS, "note", note)
    return found

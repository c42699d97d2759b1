"""Fixtures of the engine's tests: an instant to start from and two small processes."""

from __future__ import annotations

import datetime as dt

import pytest

from app import engine
from tests.engine.diagrams import Diagram


@pytest.fixture
def now() -> dt.datetime:
    """New Year 2028, in universal time."""
    return dt.datetime(2028, 1, 1, tzinfo=dt.timezone.utc)


@pytest.fixture
def line() -> engine.Compiled:
    """Draft, then issue."""
    return engine.compile_bundle([Diagram().start().user("draft").user("issue").end().xml], "case")


@pytest.fixture
def review() -> engine.Compiled:
    """Draft, then check, and again as long as `again` is true."""
    diagram = Diagram().start().user("draft").user("check").xor("good").user("issue").end()
    return engine.compile_bundle([diagram.at("good", when="again").to("draft").xml], "case")

"""Fixtures and verbs of being told: read the journal on, look at what somebody was told."""

from __future__ import annotations

import pytest

from tests.telling.verbs import told_all


@pytest.fixture
def quiet(tanghe):
    """The county at work, with everything told that happened so far."""
    told_all()
    return tanghe

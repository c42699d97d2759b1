"""Fixtures for signing: a county that also knows the small processes several sign in."""

from __future__ import annotations

import pytest

from tests import several
from tests.people import County


@pytest.fixture
def county(tanghe: County) -> County:
    """A county with the processes of tests/several.py published."""
    several.publish()
    return tanghe

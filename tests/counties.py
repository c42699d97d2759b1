"""Fixtures: counties at work, one per mechanism profile."""

from __future__ import annotations

import pytest

from tests import stories
from tests.people import County


@pytest.fixture
def tanghe(database) -> County:
    """The party committee's way: high risk only, approval, joint meeting."""
    return stories.county("tanghe")


@pytest.fixture
def tongxu(database) -> County:
    """The court's way: judicial suggestions, medium risk too, copies upward."""
    return stories.county("tongxu")


@pytest.fixture(params=["tanghe", "tongxu"])
def county(request, database) -> County:
    """Either county, for what both do alike."""
    return stories.county(request.param)

"""Fixtures for going back: a county that also knows the small processes, and who works there."""

from __future__ import annotations

import pytest

from app.actor import Actor
from tests import going_back
from tests.people import County


@pytest.fixture
def county(tanghe: County) -> County:
    """A county with the small processes published."""
    going_back.publish(*(shape() for shape in going_back.SHAPES))
    return tanghe


@pytest.fixture
def people(county: County) -> list[Actor]:
    """The lead unit's four, by what `going_back.asks` calls them."""
    return [county.actor(role, "ZJJ") for role in going_back.ROLES]

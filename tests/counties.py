"""Fixtures: counties at work, one per mechanism profile."""

from __future__ import annotations

import pytest

from app.actor import Actor
from tests import stories
from tests.bringing import opened
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


@pytest.fixture
def analyst(tanghe: County) -> Actor:
    """Who brings a round's figures in and grades them."""
    return tanghe.actor("court_analyst")


@pytest.fixture
def round_id(analyst: Actor) -> int:
    """The round of the published figures, open and empty."""
    return opened("2022Q3", analyst)

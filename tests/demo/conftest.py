"""The demonstration county on a test's database, loaded once and rolled back."""

from __future__ import annotations

import pytest

from app.config import Settings

SETTINGS = Settings(env="demo")


@pytest.fixture
def settings() -> Settings:
    """What a demonstration runs under."""
    return SETTINGS

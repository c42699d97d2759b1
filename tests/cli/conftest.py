"""A terminal to type commands into, on the test's database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask


@pytest.fixture
def typed(app: Flask, database: object) -> Callable[..., Result]:
    """A way to type a command: `typed("rounds", "list")`."""
    runner = app.test_cli_runner()

    def run(*words: object, **options: object) -> Result:
        return runner.invoke(args=[str(word) for word in words], **options)

    return run

"""A county whose acts are really committed, on a database of its own, for several threads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.actor import SYSTEM
from app.commands import installation
from app.commands.units import add_unit
from tests import databases, people, stories
from tests.people import County


@pytest.fixture(scope="module")
def at_work(server: str, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database that several threads and processes write to."""
    folder = tmp_path_factory.mktemp("at_work")
    with (
        databases.fresh(server, f"weathervane_{worker}_at_work", folder) as address,
        databases.application(address) as app,
        app.app_context(),
    ):
        yield app


@pytest.fixture(scope="module")
def busy_county(at_work: Flask) -> County:
    """A county at work, shared by the tests of a file."""
    return installed()


@pytest.fixture
def own_county(committed_db: Flask) -> County:
    """A county for a test that leaves its records in disorder."""
    return installed()


def installed() -> County:
    """Tanghe as the installer sets it up, so that its journal vouches for everything."""
    stories.set_clock("2026-07-06 09:00")
    installation.install()
    county = people.settle_in("tanghe")
    add_unit(
        "XFB", "县信访部门", "dept", actor=SYSTEM
    )  # from now on the organisation has a journal
    return county

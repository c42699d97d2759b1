"""A populated county behind the doors, and everybody signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests import databases
from tests.access.browsers import give_passwords, signed_in
from tests.access.cast import NOBODY, WHO, actor
from tests.access.town import Town, populate
from tests.access.walker import Visitor
from tests.web.conftest import Browser


@pytest.fixture(scope="session")
def townhall(server: str, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on the county's database; what tests change is rolled back."""
    folder = tmp_path_factory.mktemp("townhall")
    with (
        databases.fresh(server, f"weathervane_{worker}_townhall", folder) as address,
        databases.application(address) as app,
    ):
        yield app


@pytest.fixture(scope="session")
def committed_town(townhall: Flask) -> Town:
    """The county at work, with a password for everybody."""
    with townhall.app_context():
        town = populate()
        give_passwords()
        return town


@pytest.fixture(scope="session")
def visitors(townhall: Flask, committed_town: Town) -> dict[str, Visitor]:
    """Everybody of the cast, each signed in, and nobody."""
    with townhall.app_context():
        found = {
            name: Visitor.of(
                name, signed_in(townhall, actor(committed_town.county, name)), townhall
            )
            for name in WHO
        }
        return {NOBODY: Visitor.of(NOBODY, Browser(townhall.test_client()), townhall), **found}


@pytest.fixture
def town(townhall: Flask, committed_town: Town) -> Iterator[Town]:
    """The county for one test: what the test does to it is undone."""
    with databases.rolled_back(townhall):
        yield committed_town

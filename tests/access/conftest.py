"""A populated county behind the doors, and everybody signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests import databases
from tests.access.browsers import give_passwords, signed_in
from tests.access.cast import NOBODY, OF_EACH_SORT, ONE_OF_A_KIND, WHO, actor
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
def visitors(server: str, townhall: Flask, committed_town: Town) -> dict[str, Visitor]:
    """Everybody of the cast, each signed in, and nobody; on PostgreSQL one of each sort.

    What is open to whom does not depend on the database; what a database can get wrong shows
    with fewer people.
    """
    names = list(WHO) if server == "sqlite" else OF_EACH_SORT
    with townhall.app_context():
        browsers = {name: signed_in(townhall, actor(committed_town.county, name)) for name in names}
        browsers[NOBODY] = Browser(townhall.test_client())
        return {name: Visitor.of(name, each, townhall) for name, each in browsers.items()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests for one `reader` after another: fewer of them on PostgreSQL, as above."""
    if "reader" in metafunc.fixturenames:
        sqlite = metafunc.config.getoption("--database-url") == "sqlite"
        metafunc.parametrize("reader", ONE_OF_A_KIND if sqlite else OF_EACH_SORT)


@pytest.fixture
def town(townhall: Flask, committed_town: Town) -> Iterator[Town]:
    """The county for one test: what the test does to it is undone."""
    with databases.rolled_back(townhall):
        yield committed_town


@pytest.fixture
def everyone(townhall: Flask, town: Town) -> Callable[[str], Visitor]:
    """Anybody of the cast, signed in for this test."""

    def visitor(name: str) -> Visitor:
        return Visitor.of(name, signed_in(townhall, actor(town.county, name)), townhall)

    return visitor

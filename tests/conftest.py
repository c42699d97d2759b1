"""Fixtures every test may ask for: the application, a database rolled back per test, Redis."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy.orm import Session

from app import files
from ops import servers
from tests import databases

pytest_plugins = ["tests.counties", "tests.soaking"]

hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-url",
        default="sqlite",
        help="sqlite, or the address of a PostgreSQL server where databases may be made",
    )


def pytest_report_header(config: pytest.Config) -> str:
    profile = hypothesis.settings.get_current_profile_name()
    return f"database: {dialect(config)}, hypothesis profile: {profile}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the other run covers: PostgreSQL's takes database tests only."""
    chosen = [item for item in items if belongs(item, dialect(config))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def belongs(item: pytest.Item, database: str) -> bool:
    """Whether a test runs on this kind of database."""
    only = item.get_closest_marker("only")
    if only:
        return database in only.args
    needs_database = "server" in getattr(item, "fixturenames", ())
    return database == "sqlite" or (needs_database and not item.get_closest_marker("browser"))


def dialect(config: pytest.Config) -> str:
    """`sqlite` or `postgresql`."""
    return "sqlite" if config.getoption("--database-url") == "sqlite" else "postgresql"


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """Where databases are made: `sqlite` or a PostgreSQL server's address."""
    return str(request.config.getoption("--database-url"))


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """This test process's name, for what several must not share."""
    return getattr(request.config, "workerinput", {}).get("workerid", "gw0")


@pytest.fixture(scope="session")
def app(server: str, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on this worker's database; rows live only inside the `database` fixture."""
    folder = tmp_path_factory.mktemp("database")
    with (
        databases.fresh(server, f"weathervane_{worker}", folder) as address,
        databases.application(address) as app,
    ):
        yield app


@pytest.fixture(autouse=True)
def _files_aside() -> None:
    """Attachments lie where the tests' applications keep them, whatever was made since."""
    files.use(Path(databases.FILES.name))


@pytest.fixture
def database(app: Flask) -> Iterator[Session]:
    """The session of this test, inside an application context; nothing of it is left afterwards."""
    with databases.rolled_back(app) as session:
        yield session


@pytest.fixture
def client(app: Flask, database: Session) -> FlaskClient:
    """A browser without scripts, nobody signed in."""
    return app.test_client()


@pytest.fixture
def committed_db(
    server: str, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application on a database of its own, where commits are real: for several threads."""
    folder = tmp_path_factory.mktemp("committed")
    with (
        databases.fresh(server, f"weathervane_{worker}_committed", folder) as address,
        databases.application(address) as app,
        app.app_context(),
    ):
        yield app


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A real Redis: the one the run brings, else one started for this process."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    with servers.redis_running() as address:
        yield address


@pytest.fixture
def redis_url(redis_server: str, worker: str) -> str:
    """The address of an empty Redis database of this worker's own."""
    number = int(worker.removeprefix("gw")) + 1
    address = f"{redis_server.rsplit('/', 1)[0]}/{number}"
    with Redis.from_url(address) as redis:
        redis.flushdb()
    return address

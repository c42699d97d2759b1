"""Databases for tests: made fresh on SQLite or PostgreSQL, and gone when the tests are done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import current_thread
from typing import Any

from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.connections import writing
from app.db import Base, db

FILES = TemporaryDirectory()
"""Where attachments lie in tests."""


@contextmanager
def fresh(server: str, name: str, folder: Path) -> Iterator[str]:
    """The address of a new empty database: a file in `folder`, or one on the PostgreSQL server."""
    if server == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    with _administering(server) as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with _administering(server) as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


class Visitor(FlaskClient):
    """A test client whose requests remember nothing of each other, as real ones don't.

    Inside the `database` fixture's application context they would share one `g`.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request with nothing on `g`."""
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **kwargs)


@contextmanager
def application(address: str, **settings: Any) -> Iterator[Flask]:
    """The application on a database with every table and no rows."""
    settings.setdefault("files_dir", FILES.name)
    app = create_app(Settings(env="test", database_url=address, **settings))
    app.testing = True
    app.test_client_class = Visitor
    with app.app_context():
        Base.metadata.create_all(db.engine)
    try:
        yield app
    finally:  # or a test that fails leaves connections behind, and another one fails over them
        with app.app_context():
            db.engine.dispose()


@contextmanager
def rolled_back(app: Flask) -> Iterator[Session]:
    """One session for everybody, whose commits are savepoints of a transaction never committed.

    Nested application contexts (a test client's requests) share the session, as they share the
    connection: otherwise letting go of an outer read would undo what an inner request wrote.
    Other threads don't: a served county of the browser tests may still be answering there.
    """
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        token = writing.set(True)  # what only reads is in no transaction on PostgreSQL
        connection.begin()
        writing.reset(token)
        mine, everybody = current_thread(), db.session.registry.scopefunc
        db.session.remove()
        db._app_engines[app][None] = connection  # noqa: SLF001 - the seam its author documents
        db.session.registry.scopefunc = lambda: 0 if current_thread() is mine else everybody()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield db.session()
        finally:
            db.session.remove()
            db.session.session_factory.kw.pop("join_transaction_mode")
            db.session.registry.scopefunc = everybody
            db._app_engines[app][None] = engine  # noqa: SLF001 - as above
            connection.rollback()
            connection.close()


@contextmanager
def _administering(server: str) -> Iterator[Connection]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()

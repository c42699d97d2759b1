"""Connections to the database: their set-up, their time limits, what it means when one fails."""

from __future__ import annotations

import logging
import select
import shutil
import sqlite3
import time
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import psycopg
from psycopg.errors import Error as PostgresqlError
from sqlalchemy import Engine, QueuePool, event
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import PoolProxiedConnection

from app.errors import Busy, Full
from app.i18n import _

LONGEST_STATEMENT: Final = 20  # seconds PostgreSQL works on one statement
LONGEST_SILENCE: Final = 25.0  # seconds we wait for its answer
UNUSED: Final = 10.0  # seconds after which a connection is asked whether it still works …
SHORT_SILENCE: Final = 3.0  # … and how long that may take
IN_LINE: Final = 5  # seconds a thread waits for a connection of its process
REACHING: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
POSTGRESQL: Final = f"""
    SET timezone = 'UTC';
    SET application_name = 'weathervane';
    SET lock_timeout = '5s';
    SET statement_timeout = '{LONGEST_STATEMENT}s';
    SET idle_in_transaction_session_timeout = '20s';
    SET tcp_keepalives_idle = 30;
    SET tcp_keepalives_interval = 10;
    SET tcp_keepalives_count = 3
"""
SQLITE: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
    "temp_store=MEMORY",  # reading needs no room on the disk
)
STATEMENTS: Final = 500  # whose columns a connection remembers …
LONGEST_KEPT: Final = 8_000  # … if they are no longer: the long ones list ids, and come but once
DISK_FULL: Final = "53100"
ALSO_AWAY: Final = ("25006", "25P03")  # a standby; a transaction left open for too long
A_LITTLE: Final = 1024 * 1024
writing: ContextVar[bool] = ContextVar("writing", default=False)
as_of_now: ContextVar[bool] = ContextVar("as_of_now", default=False)
_log = logging.getLogger("weathervane.database")
Answer = TypeVar("Answer")


class Line(QueuePool):
    """The connections of one process; whoever waits too long for one is told to try again."""

    def connect(self) -> PoolProxiedConnection:
        """The next free connection."""
        try:
            return super().connect()
        except NoConnectionFree as problem:
            _log.warning("database", extra={"why": "no connection free"})
            raise _busy() from problem


class Remembering(psycopg.Cursor[Any]):
    """A cursor that knows from the last time what columns a statement gives.

    To ask psycopg for them is a tenth of all a task's page costs: eight calls for each column.
    """

    _asked: Any = None

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        """Ask, and keep in mind what was asked."""
        self._asked = query
        return super().execute(query, params, **how)

    @property
    def description(self) -> list[psycopg.Column] | None:
        """The columns of the answer, in the shape that PEP 249 gives them."""
        connection: Any = self.connection
        known: dict[Any, list[psycopg.Column]] = connection.columns
        found = known.get(self._asked)
        result = self.pgresult
        if found is not None and result is not None and result.nfields == len(found):
            return found
        found = super().description
        if found and isinstance(self._asked, str) and len(self._asked) < LONGEST_KEPT:
            if len(known) >= STATEMENTS:
                known.clear()
            known[self._asked] = found
        return found


class Impatient(psycopg.Connection[Any]):
    """A connection that is given up when the server falls silent, however alive the line looks."""

    patience = LONGEST_SILENCE
    used_at = 0.0

    def __init__(self, *given: Any, **named: Any) -> None:
        """Nothing was asked over it yet."""
        super().__init__(*given, **named)
        self.columns: dict[Any, list[psycopg.Column]] = {}

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer, but not for ever."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError as problem:
            if timeout is None and problem.sqlstate is None:
                self.pgconn.finish()  # or its late answer would be taken for the next one's
            raise


def engine_options(address: str, connections: int, *, discreet: bool) -> dict[str, Any]:
    """How the engine is made: one connection a thread; `discreet` keeps values out of messages."""
    options: dict[str, Any] = {"hide_parameters": discreet}
    if address.startswith("sqlite") and address.rpartition("/")[2] in ("", ":memory:"):
        return options
    options |= {"poolclass": Line, "pool_timeout": IN_LINE, "pool_use_lifo": True}
    options |= {"pool_size": connections, "max_overflow": 0}
    if not address.startswith("sqlite"):
        options["connect_args"] = dict(REACHING)
    return options


def prepare_engine(engine: Engine) -> None:
    """Set each connection up, and say in our own words when the database cannot serve."""
    event.listen(engine, "handle_error", _told, retval=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _make_room)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "do_connect", _connect)
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkout", _glance)
        event.listen(engine, "checkin", _put_back)


def _make_room(_dialect: Any, _record: Any, arguments: Any, _named: Any) -> None:
    """SQLite makes its file by itself but not the folder for it (`instance/` in a fresh clone)."""
    with suppress(OSError):
        Path(arguments[0]).parent.mkdir(exist_ok=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def _connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Impatient:
    return Impatient.connect(*arguments, cursor_factory=Remembering, **named)


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True  # what is set in a transaction ends with it
    connection.execute(POSTGRESQL)
    connection.used_at = time.monotonic()


def _begin_postgresql(connection: Connection) -> None:
    """A page's statements each stand alone: what they see would not differ in a transaction.

    Without one there is no ROLLBACK either, at which psycopg forgets all it has prepared, so that
    every statement of every page would be planned anew: half of the server's work.
    """
    line: Any = connection.connection.driver_connection
    line.autocommit = not (writing.get() or as_of_now.get())
    line.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ if as_of_now.get() else None


def stop_autocommit(connection: Connection) -> bool:
    """Have a transaction begin with the next statement; False where it cannot be had like this.

    One may be open already, or the line may have ended since it was read over.
    """
    line: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" or not line.autocommit:
        return False
    with suppress(psycopg.Error):
        line.autocommit = False
    return not line.autocommit


def _put_back(connection: Any, _record: Any) -> None:
    if connection is not None:
        connection.used_at = time.monotonic()


def _glance(connection: Impatient, _record: Any, _fairy: Any) -> None:
    """Drop a connection that ended while it waited here; for one in use it costs no statement.

    A server that restarts, or ends one session, says so on the line; an idle line is silent. Only
    a network that swallows everything looks idle too: what was long unused is asked.
    """
    try:
        heard = select.poll()
        heard.register(connection.fileno(), select.POLLIN)
        if heard.poll(0) or time.monotonic() - connection.used_at > UNUSED:
            connection.patience = SHORT_SILENCE
            connection.execute("SELECT 1")
            connection.rollback()
            connection.patience = LONGEST_SILENCE
    except psycopg.Error as problem:
        raise DisconnectionError from problem


def _told(context: ExceptionContext) -> Exception | None:
    """The refusal that people get for a failure that is not a bug; None leaves it as it is."""
    problem = context.original_exception
    if isinstance(problem, sqlite3.Error):
        refusal = _of_sqlite(problem, context)
    elif isinstance(problem, PostgresqlError):
        refusal = _of_postgresql(problem)
    else:
        return None
    if refusal is not None:
        name = getattr(problem, "sqlite_errorname", None) or getattr(problem, "sqlstate", None)
        _log.warning("database", extra={"why": refusal.code, "state": name}, exc_info=problem)
    return refusal


def _of_sqlite(problem: sqlite3.Error, context: ExceptionContext) -> Busy | None:
    name = getattr(problem, "sqlite_errorname", "")
    if not isinstance(problem, sqlite3.OperationalError) or name == "SQLITE_ERROR":
        return None
    if name == "SQLITE_FULL" or (name.startswith("SQLITE_IOERR") and _no_room(context)):
        return _full()
    return _busy()


def _no_room(context: ExceptionContext) -> bool:
    """Whether the disk of SQLite's file is full: some of its errors don't say so."""
    file = context.engine.url.database if context.engine else None
    try:
        return bool(file) and shutil.disk_usage(Path(file or "").parent).free < A_LITTLE
    except OSError:
        return False


def _of_postgresql(problem: PostgresqlError) -> Busy | None:
    if problem.sqlstate == DISK_FULL:
        return _full()
    trouble = isinstance(problem, psycopg.OperationalError | psycopg.InterfaceError)
    return _busy() if trouble or problem.sqlstate in ALSO_AWAY else None


def _busy() -> Busy:
    return Busy(
        _("The database is busy or away. Nothing is lost: send the same again in a few seconds.")
    )


def _full() -> Full:
    return Full(
        _(
            "There is no room left on the disk, so nothing new can be kept. What was confirmed is "
            "safe and can be read. Tell the system administrator."
        )
    )

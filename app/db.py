"""The database: declarative base, column types, sessions, and the one way to open a transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Text,
    literal_column,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from app import clock
from app.connections import as_of_now, stop_autocommit, writing
from app.errors import Busy
from app.pending import ActSession


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, timestamptz on PostgreSQL, UTC text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse naive moments: they are a bug, never a default zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """SQLite hands moments back without their zone; they were stored as UTC."""
        if value is None:
            return None
        return (
            value.replace(tzinfo=timezone.utc)
            if value.tzinfo is None
            else value.astimezone(timezone.utc)
        )


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept exactly: NUMERIC on PostgreSQL, text on SQLite (which has only floats)."""

    impl = Numeric(20, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Text where the database knows no exact numbers."""
        kind = String(40) if dialect.name == "sqlite" else Numeric(20, 6)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Plain notation, so that text compares and reads as written."""
        if value is None:
            return None
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        """Trailing zeros are not part of a value."""
        if value is None:
            return None
        number = Decimal(value)
        return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


Id = BigInteger().with_variant(Integer, "sqlite")
Pk = Annotated[int, mapped_column(Id, primary_key=True, autoincrement=True)]
Code = Annotated[str, mapped_column(String(80))]
LongText = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """Every table's base class."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UtcDateTime,
            date: Date,
            Decimal: ExactDecimal,
            bytes: LargeBinary,
            int: Id,
            str: String(400),
            dict[str, Any]: JSON(none_as_null=True),
            list[Any]: JSON(none_as_null=True),
        },
    )


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, letting go of a session even when its connection is gone."""

    def _teardown_session(self, _problem: BaseException | None) -> None:
        """The end of a request."""
        try:
            self.session.remove()
        except Busy:
            session().invalidate()
            self.session.remove()


db = Database(model_class=Base, session_options={"expire_on_commit": False, "class_": ActSession})

_one_writer = threading.RLock()
_acting: ContextVar[ActSession | None] = ContextVar("acting", default=None)


def session() -> ActSession:
    """This thread's session."""
    acting = _acting.get()
    if acting is not None:
        return acting
    current: Any = db.session()
    found: ActSession = current
    return found


def let_go(current: ActSession) -> None:
    """End what was read; a connection that died meanwhile is no reason to fail."""
    try:
        current.rollback()
    except Busy:
        current.invalidate()


@contextmanager
def transaction() -> Iterator[ActSession]:
    """One act: everything inside is committed together or not at all.

    Whatever was read before in this session is let go first, so that the act decides on what the
    database says now. On SQLite the write lock is taken at once (BEGIN IMMEDIATE), one writer at
    a time behind an in-process lock; reads outside never take it.
    """
    current = session()
    if writing.get():
        raise RuntimeError("A command must not call another command.")
    if not _takes_over(current):
        let_go(current)
    current.info.pop("known", None)
    sqlite = current.get_bind().dialect.name == "sqlite"
    token, acting = writing.set(True), _acting.set(current)
    if sqlite:
        _one_writer.acquire()
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        _acting.reset(acting)
        writing.reset(token)
        if sqlite:
            _one_writer.release()


def _takes_over(current: ActSession) -> bool:
    """Act on the connection that read until now, if nothing but columns was read over it."""
    if current.identity_map or current.new or not current.in_transaction():
        return False
    line = current.connection()
    return not line.invalidated and stop_autocommit(line)


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is as of one moment, whatever others write meanwhile."""
    let_go(session())
    token = as_of_now.set(True)
    try:
        yield
    finally:
        let_go(session())
        as_of_now.reset(token)


def dialect() -> str:
    """`sqlite` or `postgresql`."""
    return session().get_bind().dialect.name


class Present(FunctionElement[datetime]):
    """The database's clock plus the offset row: a column, so that it is read along with others."""

    type = UtcDateTime()
    inherit_cache = True  # true of a FunctionElement; a plain ColumnElement is never cached


@compiles(Present, "sqlite")
def _present_on_sqlite(_element: Present, _compiler: Any, **_how: Any) -> str:
    offset = "coalesce((SELECT seconds FROM clock_offset), 0) || ' seconds'"
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {offset}) || '000')"


@compiles(Present, "postgresql")
def _present_on_postgresql(_element: Present, _compiler: Any, **_how: Any) -> str:
    offset = "make_interval(secs => coalesce((SELECT seconds FROM clock_offset), 0))"
    return f"(clock_timestamp() + {offset})"


def known() -> dict[str, Any]:
    """What this act has read of things that many ask for; outside an act nothing is kept."""
    if not writing.get():
        return {}
    kept: dict[str, Any] = session().info.setdefault("known", {})
    return kept


def constant(code: str) -> ColumnElement[str]:
    """A code of ours as part of a statement instead of a value given to it.

    The planner sees it, so that a partial index is used, and nothing is put in at each call.
    """
    if not code.isidentifier():
        raise ValueError(f"{code!r} is no code of ours.")
    return literal_column(f"'{code}'", String)


def constants(*codes: str) -> list[ColumnElement[str]]:
    """Several of them, to be one of."""
    return [constant(code) for code in codes]


class gathered(FunctionElement[Any]):  # noqa: N801 - reads like the functions of sqlalchemy.func
    """Rows of these columns as one JSON list, in no order; for what belongs to another row."""

    type = JSON()
    inherit_cache = True


@compiles(gathered, "sqlite")
def _gathered_on_sqlite(element: gathered, compiler: Any, **how: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **how)}))"


@compiles(gathered, "postgresql")
def _gathered_on_postgresql(element: gathered, compiler: Any, **how: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **how)}))"


def read_clock() -> datetime:
    """The present moment by the database, in UTC; an act has one moment and keeps it."""
    kept = known()
    if "moment" not in kept:
        kept["moment"] = session().execute(select(Present())).scalar_one()
    moment: datetime = kept["moment"]
    return moment


def keep_moment(moment: datetime | None) -> None:
    """The act's moment as read with its case, after the lock; None: it has to be read again."""
    known()["moment"] = moment
    if moment is None:
        known().pop("moment", None)


clock.plug_in(read_clock)

"""What is looked for in cases and papers: their words, cut into pairs of characters and indexed.

Written in the background (app/commands/indexing.py) and derived from the records alone: it can be
thrown away and made anew. PostgreSQL indexes the pairs as an array, which it keeps apart from the
rows: finding cases for a word reads many rows, and of the pairs only the index. SQLite has a
full-text table beside it, kept in step by triggers, which know the old pairs to be taken out.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, ForeignKey, Index, Text, UniqueConstraint, event, text
from sqlalchemy import inspect as look_at
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.db import Base, LongText, Pk

INDEX: Final = "search_index"
TOKENS: Final = "tokenize='unicode61 remove_diacritics 0'"
NEVER: Final = text("case_id IS NULL")  # SQLite: the full-text table serves instead


class Grams(TypeDecorator[list[str]]):
    """Short strings: an array on PostgreSQL, on SQLite a text with spaces between them."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The type there."""
        return dialect.type_descriptor(ARRAY(Text) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """As the database keeps them."""
        return value if value is None or dialect.name == "postgresql" else " ".join(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str]:
        """As they were given."""
        return list(value) if dialect.name == "postgresql" else str(value).split()


class SearchText(Base):
    """The words of one case, or of one document in it (`document_id`, else 0).

    `text` is folded as queries are; `grams` its single characters and pairs; `running`: the case
    is not over. `event_id` is the case's journal row up to which everything is in it.
    """

    __tablename__ = "search_text"
    __table_args__ = (
        UniqueConstraint("case_id", "document_id"),
        Index("ix_search_text_grams", "grams", postgresql_using="gin", sqlite_where=NEVER),
        Index(
            "ix_search_text_running",
            "grams",
            postgresql_using="gin",
            postgresql_where=text("running"),
            sqlite_where=NEVER,
        ),
    )
    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    document_id: Mapped[int] = mapped_column(default=0)
    running: Mapped[bool]
    event_id: Mapped[int]
    text: Mapped[LongText]
    grams: Mapped[list[str]] = mapped_column(Grams)


OUT: Final = f"INSERT INTO {INDEX}({INDEX}, rowid, grams) VALUES ('delete', old.id, old.grams)"  # noqa: S608 - our own name
IN: Final = f"INSERT INTO {INDEX}(rowid, grams) VALUES (new.id, new.grams)"  # noqa: S608 - our own name
CONTENT: Final = "content='search_text', content_rowid='id', detail='none'"
FULL_TEXT: Final = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5(grams, {CONTENT}, {TOKENS})",
    *(
        f"CREATE TRIGGER IF NOT EXISTS search_text_{when.split()[0].lower()} "
        f"AFTER {when} ON search_text BEGIN {what}; END"
        for when, what in (("INSERT", IN), ("DELETE", OUT), ("UPDATE OF grams", f"{OUT}; {IN}"))
    ),
)

APART: Final = "ALTER TABLE search_text ALTER COLUMN grams SET STORAGE EXTERNAL"
IS_APART: Final = """
    SELECT attstorage = 'e' FROM pg_attribute
    WHERE attrelid = 'search_text'::regclass AND attname = 'grams'
"""


def keep_apart(connection: Connection) -> None:
    """Do with the pairs what models cannot say: apart from the rows, or in a full-text table."""
    there = look_at(connection).has_table("search_text")
    if connection.dialect.name != "sqlite":
        if there and not connection.scalar(text(IS_APART)):
            connection.execute(text(APART))
        return
    for statement in FULL_TEXT if there else (f"DROP TABLE IF EXISTS {INDEX}",):
        connection.execute(text(statement))


def _made(_table: Any, connection: Connection, **_how: Any) -> None:
    keep_apart(connection)


event.listen(SearchText.__table__, "after_create", _made)
event.listen(SearchText.__table__, "after_drop", _made)

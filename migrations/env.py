"""Alembic's entry: run the migrations on the application's database, in one transaction."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from app.connections import writing
from app.db import Base
from app.model.search import INDEX, keep_apart

extension = current_app.extensions["migrate"]
database = extension.db


def run() -> None:
    """Upgrade, downgrade or compare, with the application's own engine and metadata."""
    token = writing.set(True)
    try:
        with database.engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                user_module_prefix="",
                include_name=_ours,
                **extension.configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
            keep_apart(connection)
            connection.commit()
    finally:
        writing.reset(token)


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    """SQLite's full-text table is made beside the models', and knows no migrations."""
    return kind != "table" or not (name or "").startswith(INDEX)


run()

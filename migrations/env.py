"""Alembic's entry: run the migrations on the application's database, in one transaction."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.connections import writing
from app.db import Base

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
                **extension.configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        writing.reset(token)


run()

"""The migrations make exactly the tables the models describe, and can be taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app.db import Base, db
from app.model.search import INDEX

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def tables() -> set[str]:
    """What stands in the database besides Alembic's own table and the parts of a full-text one."""
    found = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    return {name for name in found if not name.startswith(f"{INDEX}_")}


def test_up_is_what_the_models_say_and_down_is_nothing(committed_db: Flask) -> None:
    Base.metadata.drop_all(db.engine)
    assert tables() == set()

    upgrade()
    check()
    beside = {INDEX} if db.engine.dialect.name == "sqlite" else set()
    assert tables() == set(Base.metadata.tables) | beside

    downgrade(revision="base")
    assert tables() == set()

"""The migrations make exactly the tables the models describe, and can be taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from app.db import Base, db

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def tables() -> set[str]:
    """What stands in the database besides Alembic's own table."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_up_is_what_the_models_say_and_down_is_nothing(committed_db: Flask) -> None:
    Base.metadata.drop_all(db.engine)
    assert tables() == set()

    upgrade()
    check()
    assert tables() == set(Base.metadata.tables)

    downgrade(revision="base")
    assert tables() == set()

"""The application factory: the only file that knows all the others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate

from app import cli, files, model, web
from app.config import ROOT, BadSettings, Settings, from_environment
from app.connections import engine_options, prepare_engine
from app.db import db
from app.errors import Busy
from app.queries.readiness import demonstration
from app.rules import passwords


class Doors(Flask):
    """Flask for views that are plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: none of ours has to be waited for, and to look takes eight calls each time."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """A ready Flask application; raises BadSettings when production would not be safe."""
    settings = settings or from_environment()
    settings.check()
    app = Doors(__name__, static_folder=None)
    _connect(app, settings)
    if settings.env == "test":
        passwords.make_cheap_for_tests()
    files.use(Path(settings.files_dir))
    web.open_doors(app, settings)
    cli.register(app)
    if settings.production:
        _refuse_demonstration(app)
    return app


def _connect(app: Flask, settings: Settings) -> None:
    """Open the database floor; what a failing statement was given stays out of real logs."""
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            settings.database_url, settings.database_connections, discreet=settings.production
        ),
        SECRET_KEY=settings.secret_key,
        SETTINGS=settings,
        MODELS=model.__all__,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        prepare_engine(db.engine)


def _refuse_demonstration(app: Flask) -> None:
    """Real work never starts on a demonstration's database; one that is away is asked later."""
    with app.app_context(), suppress(Busy):
        found = demonstration()
        if found:
            raise BadSettings(f"The database holds {' and '.join(found)}; use another one.")

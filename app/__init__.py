"""The application factory: the only file that knows all the others."""

from __future__ import annotations

from flask import Flask

from app.config import Settings, from_environment


def create_app(settings: Settings | None = None) -> Flask:
    """A ready Flask application; raises BadSettings when production would not be safe."""
    from app import model
    from app.db import db, prepare_engine

    settings = settings or from_environment()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SECRET_KEY=settings.secret_key,
        SETTINGS=settings,
        MODELS=model.__all__,
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    return app

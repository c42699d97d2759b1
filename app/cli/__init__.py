"""What operators type: `flask --app wsgi …`, one file per noun."""

from __future__ import annotations

from flask import Flask

from app.cli import audit, system


def register(app: Flask) -> None:
    """Make every command known to `flask --app wsgi`."""
    for one in (system.install, system.work, audit.audit):
        app.cli.add_command(one)

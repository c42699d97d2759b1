"""The WSGI entry point: `flask --app wsgi …` and the web server start here."""

import sys

from app import cli, create_app
from app.config import Settings

nowhere = Settings(database_url="sqlite://")
app = create_app(nowhere if cli.needs_no_settings(sys.argv) else None)

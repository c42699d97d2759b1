"""The WSGI entry point: `flask --app wsgi …` and the web server start here."""

from app import create_app

app = create_app()

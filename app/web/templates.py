"""How templates are read: macros imported in a moment."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class PlainGlobals(Environment):
    """What templates know of everywhere is copied for each of them, in a plain dictionary.

    Jinja's own chain of dictionaries is looked through name by name whenever a template imports
    another one's macros: a tenth of all function calls of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows of that is read now: after the application was put together."""
        return {**self.globals, **(d or {})}


def configure(app: Flask) -> None:
    """Read templates so; before anything else touches `app.jinja_env`."""
    app.jinja_environment = PlainGlobals
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

"""Say how to make the tables when they are missing, instead of failing with a traceback."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from app.cli.speaking import tells_refusals
from app.queries.readiness import schema_is_there

P = ParamSpec("P")
R = TypeVar("R")


def needs_schema(do: Callable[P, R]) -> Callable[P, R]:
    """For every command that works on an existing database."""

    @wraps(do)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not tells_refusals(schema_is_there)():
            raise click.ClickException(
                "The database has no tables yet. Run `flask --app wsgi db upgrade` and "
                "`flask --app wsgi install` first (or `flask --app wsgi demo load` to look around)."
            )
        return do(*args, **kwargs)

    return run

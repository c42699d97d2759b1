"""The demonstration from the command line."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.schema import needs_schema
from app.cli.speaking import show
from app.queries.people import demo_accounts
from app.web.wording import ROLES


@click.group()
def demo() -> None:
    """A county to look around in; nothing in it is real."""


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def accounts(*, as_json: bool) -> None:
    """The demonstration's accounts with their password."""
    found = demo_accounts(current_app.config["SETTINGS"])
    if not found:
        raise click.ClickException(
            "There are no demonstration accounts here. `flask --app wsgi demo load` makes them."
        )
    rows = (
        {
            "login": one.login, "password": one.password, "unit": one.unit,
            "roles": [one_role if as_json else str(ROLES.get(one_role, one_role))
                     for one_role in one.roles],
        }
        for one in found
    )  # fmt: skip
    show(rows, as_json=as_json)

"""Units and people from the command line: enough to set a county up and let its first users in."""

from __future__ import annotations

import secrets
import sys

import click
from flask.cli import with_appcontext

from app.actor import SYSTEM
from app.cli.schema import needs_schema
from app.cli.speaking import show, tells_refusals
from app.commands import organisation, roles
from app.commands import units as units_
from app.queries.organisation import people as every_person
from app.queries.organisation import person_id_of
from app.queries.organisation import units as every_unit


@click.group()
def units() -> None:
    """The units of the county."""


@units.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def list_units(*, as_json: bool) -> None:
    """Every unit, each under its parent."""
    rows = (
        {
            "code": line.code, "name": line.name, "kind": line.kind, "parent": line.parent,
            "active": line.active,
        }
        for line in every_unit(SYSTEM)
    )  # fmt: skip
    show(rows, as_json=as_json)


@units.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice(units_.KINDS))
@click.option("--parent", help="Code of the unit above.")
@click.option("--name-en", default="", help="Its name in English.")
@with_appcontext
@needs_schema
@tells_refusals
def add_unit(code: str, name: str, *, kind: str, parent: str | None, name_en: str) -> None:
    """Add a unit."""
    units_.add_unit(code, name, kind, parent=parent, name_en=name_en, actor=SYSTEM)
    click.echo(f"{code} added.")


@click.group()
def people() -> None:
    """The accounts, and the posts people hold."""


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def list_people(*, as_json: bool) -> None:
    """Every account with its posts."""
    rows = (
        {
            "login": line.login, "name": line.name, "active": line.active,
            "posts": [f"{post.unit}/{post.role}" for post in line.posts],
        }
        for line in every_person(SYSTEM)
    )  # fmt: skip
    show(rows, as_json=as_json)


@people.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--post", "posts", multiple=True, metavar="UNIT/ROLE", help="May be repeated.")
@click.option("--name-en", default="", help="The name in English.")
@click.option("--password-stdin", is_flag=True, help="Read the initial password from the input.")
@with_appcontext
@needs_schema
@tells_refusals
def add_person(
    login: str, name: str, *, posts: tuple[str, ...], name_en: str, password_stdin: bool
) -> None:
    """Add an account; its initial password is made up and shown once unless it is given."""
    wanted = [_post(text) for text in posts]
    password = _password(given=password_stdin)
    made = organisation.add_person(login, name, password, name_en=name_en, actor=SYSTEM)
    if wanted:
        roles.set_roles(made["person"], wanted, actor=SYSTEM)
    _say_password(login, password, given=password_stdin)


@people.command("password")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the new password from the input.")
@with_appcontext
@needs_schema
@tells_refusals
def reset_password(login: str, *, password_stdin: bool) -> None:
    """Give an account a new initial password and end its sessions."""
    password = _password(given=password_stdin)
    said = {"password": password}
    organisation.reset_password(person_id_of(SYSTEM, login), said, actor=SYSTEM)
    _say_password(login, password, given=password_stdin)


def _post(text: str) -> dict[str, str]:
    unit, slash, role = text.partition("/")
    if not (unit and slash and role):
        raise click.UsageError(f"Write a post as UNIT/ROLE, not {text!r}.")
    return {"unit": unit, "role": role}


def _password(*, given: bool) -> str:
    """The one on the input, else a made-up one that is not easy to guess."""
    if given:
        return sys.stdin.readline().rstrip("\n")
    return secrets.token_urlsafe(12)


def _say_password(login: str, password: str, *, given: bool) -> None:
    if given:
        click.echo(f"{login}: ready.")
    else:
        click.echo(f"{login}: initial password {password} (to be changed at the first visit)")

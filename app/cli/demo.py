"""The demonstration from the command line: a county to look around in, and its story."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.cli.schema import needs_schema
from app.cli.speaking import show, tells_refusals
from app.commands import demonstration
from app.config import Settings
from app.demo import loading, story
from app.demo.diary import Entry
from app.demo.report import Report, as_json
from app.queries.demonstration import has_people, is_empty
from app.queries.people import demo_accounts
from app.web.speech import speaking
from app.web.wording import ROLES, say

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
NOT_EMPTY = (
    "This database holds something already. Name an empty one, for example "
    "DATABASE_URL=sqlite:////tmp/story.sqlite3"
)


@click.group()
def demo() -> None:
    """A county to look around in; nothing in it is real."""
    logging.getLogger("weathervane.commands").setLevel(logging.WARNING)


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def accounts(*, as_json: bool) -> None:
    """The demonstration's accounts with their password."""
    found = demo_accounts(_settings())
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


@demo.command()
@with_appcontext
@tells_refusals
def load() -> None:
    """Fill an empty database with the demonstration county, as of today."""
    _require_playground()
    if not is_empty() and has_people():
        raise click.ClickException(f"{NOT_EMPTY}, or start over: flask --app wsgi demo reset")
    _load()


@demo.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
@tells_refusals
def reset(*, yes: bool) -> None:
    """Throw a demonstration's data away and load it anew; no other database can be reset."""
    _require_playground()
    if not is_empty():
        if not yes:
            click.confirm("Everything in this demonstration is lost. Go on?", abort=True)
        demonstration.forget(settings=_settings())
    _load()


@demo.command("story")
@click.option("--profile", type=click.Choice(tuple(story.CHAPTERS)), required=True)
@click.option("--lang", type=click.Choice(tuple(LANGUAGES)), default="zh", help="Of the report.")
@click.option("--json", "for_machines", is_flag=True, help="For machines.")
@click.option("--keep", is_flag=True, help="Keep the database as the story leaves it.")
@with_appcontext
@tells_refusals
def tell(*, profile: str, lang: str, for_machines: bool, keep: bool) -> None:
    """Play the acceptance scenario and check it against the database; exit 0 if all of it holds.

    It needs an empty database; without DATABASE_URL a temporary one is used.
    """
    _require_playground()
    with _stage(keep=keep) as app, app.app_context(), speaking(LANGUAGES[lang]):
        if not is_empty():
            raise click.ClickException(NOT_EMPTY)
        told = _tell(profile, english=lang == "en", for_machines=for_machines)
        if not keep:
            demonstration.forget(settings=_settings())
    sys.exit(0 if told.held else 1)


def _tell(profile: str, *, english: bool, for_machines: bool) -> story.Told:
    report = Report(say, english=english)
    if for_machines:
        told = story.tell(profile, settings=_settings())
        click.echo(as_json(told))
        return told
    told = story.tell(profile, settings=_settings(), hears=partial(_print, report))
    for line in report.ending(told):
        click.echo(line)
    return told


def _print(report: Report, entry: Entry) -> None:
    for line in report.lines(entry):
        click.echo(line)


@contextmanager
def _stage(*, keep: bool) -> Iterator[Flask]:
    """The application on the database that was named, else on a temporary one of its own."""
    if keep or os.environ.get("DATABASE_URL"):
        yield current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - the application itself, as Flask documents it
        return
    from app import create_app  # noqa: PLC0415 - the factory imports the commands

    with TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'story.sqlite3'}"
        yield create_app(replace(_settings(), database_url=address))


def _load() -> None:
    with speaking(LANGUAGES["zh"]):
        loading.load(settings=_settings(), hears=lambda title: click.echo(say(title)))


def _require_playground() -> None:
    if _settings().production:
        raise click.ClickException("In production there is no demonstration (ENV=production).")


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found

"""Rounds from the command line: list them, and import a file of readings into one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.actor import SYSTEM, Actor
from app.cli.schema import needs_schema
from app.cli.speaking import show, tells_refusals
from app.commands.cases import start_round
from app.commands.imports import confirm, create_all_unknown, discard, upload
from app.commands.staging import stage
from app.queries.imports import batch_line, import_page
from app.queries.people import actor_by_login
from app.queries.rounds import round_id_of
from app.queries.rounds import rounds as every_round
from app.rules import periods, readings
from app.rules.importing import CONTRADICTION, ERROR, SAME, UNKNOWN

MOST_SHOWN = 20


@click.group()
def rounds() -> None:
    """The assessment rounds and their figures."""


@rounds.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def list_(*, as_json: bool) -> None:
    """Every round, newest first."""
    rows = (
        {
            "round": line.code, "mechanism": line.mechanism, "readings": line.readings,
            "high": line.levels.get("high", 0), "medium": line.levels.get("medium", 0),
            "low": line.levels.get("low", 0), "graded": line.evaluated_on,
        }
        for line in every_round(SYSTEM)
    )  # fmt: skip
    show(rows, as_json=as_json)


@rounds.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--round", "code", required=True, help="2022Q3, 2026H1, 2025A; opened if missing.")
@click.option("--create-unknown", is_flag=True, help="Create indicators and areas not known yet.")
@click.option("--aspect", help="Code of the aspect for indicators that are created.")
@click.option("--profile", help="Mechanism of a round that is opened; DEFAULT_PROFILE otherwise.")
@click.option("--as", "login", help="The account that does it; the system otherwise.")
@with_appcontext
@needs_schema
@tells_refusals
def import_(
    file: Path,
    code: str,
    *,
    create_unknown: bool,
    aspect: str | None,
    profile: str | None,
    login: str | None,
) -> None:
    """Import a CSV or XLSX file of readings, all of it or nothing.

    Exit 0: imported, or nothing to change. Exit 1: refused, with the lines that are in the way.
    """
    actor = actor_by_login(login) if login else SYSTEM
    content = file.read_bytes()
    _stop_at(_contradictions(content))
    round_id = _round(code, profile, actor)
    taken = upload(round_id, file.name, content, actor=actor)
    batch_id = taken["batch"]
    if taken["already"]:
        click.echo(f"{code}: this file was imported before; nothing changed.")
        return
    if taken["waiting"]:
        raise click.ClickException(
            f"This file is being previewed (/imports/{batch_id}). Confirm or discard it there."
        )
    stage(batch_id, actor=actor)
    if create_unknown:
        create_all_unknown(batch_id, actor=actor, aspect=aspect)
    _finish(code, batch_id, actor)


def _finish(code: str, batch_id: int, actor: Actor) -> None:
    """Confirm what is clear; otherwise say what is in the way and drop the upload."""
    batch = batch_line(SYSTEM, batch_id)
    if batch.ready:
        added = confirm(batch_id, actor=actor)
        click.echo(
            f"{code}: {added['new']} readings added ({added['indicators']} indicators and "
            f"{added['areas']} areas created), {added['same']} were there already."
        )
        return
    problems = list(_problems(batch_id)) if batch.problem is None else [str(batch.problem)]
    discard(batch_id, actor=actor)
    _stop_at(iter(problems))
    click.echo(
        f"{code}: all {batch.counts.get(SAME, 0)} readings were there already; nothing changed."
    )


def _contradictions(content: bytes) -> Iterator[str]:
    """What the file alone gives away, before anything is written."""
    for row in readings.rows(content):
        for finding in row.findings:
            yield f"line {row.line}: {finding.message}"


def _problems(batch_id: int) -> Iterator[str]:
    """What stands in the way of a file that was read."""
    for verdict in (ERROR, CONTRADICTION):
        for row in import_page(SYSTEM, batch_id, verdict=verdict).rows:
            yield from (f"line {row.line}: {text}" for text in row.findings)
    page = import_page(SYSTEM, batch_id, verdict=UNKNOWN)
    for name in page.unknown:
        yield f"line {name.first_line}: unknown {name.kind} {name.key}"
    if page.unknown:
        yield "Add --create-unknown, or assign the names in the preview on the round's page."


def _stop_at(problems: Iterator[str]) -> None:
    """Print what is wrong, the first of many, and leave with exit 1 when there is anything."""
    found = list(problems)
    if not found:
        return
    for line in found[:MOST_SHOWN]:
        click.echo(line, err=True)
    if len(found) > MOST_SHOWN:
        click.echo(f"… and {len(found) - MOST_SHOWN} more", err=True)
    click.echo("Nothing was imported.", err=True)
    sys.exit(1)


def _round(code: str, profile: str | None, actor: Actor) -> int:
    """The round with that code, opened if it is not there."""
    period = periods.parse(code)
    found = round_id_of(SYSTEM, period.code)
    if found is not None:
        return found
    key = profile or current_app.config["SETTINGS"].default_profile
    made = start_round(period.code, period.kind, period.start, period.end, key, actor=actor)
    click.echo(f"{period.code}: round opened under {key}.")
    return int(made["round"])

"""Processes and decision tables from the command line: list what is published, check a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from app import engine, forms
from app.cli.schema import needs_schema
from app.cli.speaking import show
from app.effects import EFFECTS
from app.queries.definitions import definitions as every_definition


@click.group()
def definitions() -> None:
    """The published processes and decision tables."""


@definitions.command("list")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def list_(*, as_json: bool) -> None:
    """The newest version of each, and how many open cases run as it."""
    rows = (
        {
            "key": line.key, "kind": line.kind, "version": line.version, "title": line.title,
            "running": line.running, "sha256": line.sha256[:12],
        }
        for line in every_definition()
    )  # fmt: skip
    show(rows, as_json=as_json)


@definitions.command("check")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check(files: tuple[Path, ...]) -> None:
    """Say everything that keeps BPMN or DMN files from being published; exit 1 if anything."""
    wrong = False
    for file in files:
        found = engine.check(file.read_bytes(), set(forms.all_forms()), effects=EFFECTS)
        for each in found:
            click.echo(f"{file.name}: {each.element or '-'}: {each.severity.value}: {each.message}")
        errors = sum(each.severity is engine.Severity.ERROR for each in found)
        wrong = wrong or bool(errors)
        click.echo(f"{file.name}: {f'{errors} errors' if errors else 'may be published'}")
    sys.exit(1 if wrong else 0)

"""Install a release into its database, and run the background work."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import ScriptInfo, with_appcontext

from app.cli.schema import needs_schema
from app.cli.speaking import tells_refusals
from app.commands import installation
from app.jobs.worker import run_worker
from app.queries import background


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
@needs_schema
@tells_refusals
def install(folders: tuple[Path, ...]) -> None:
    """Bring calendar, mechanism profiles and processes up to this release; safe to repeat.

    Diagrams and decision tables in FOLDERS come on top, in the place of shipped ones of their name.
    """
    added = installation.install(*folders)
    for kind, names in added.items():
        click.echo(f"{kind}: {', '.join(map(str, names)) or '-'}")


@click.command()
@with_appcontext
@needs_schema
def work() -> None:
    """Fire timers and do background work until stopped (SIGTERM or Ctrl-C)."""
    run_worker(click.get_current_context().ensure_object(ScriptInfo).load_app())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def workers(*, as_json: bool) -> None:
    """The background processes of the last day; exit 1 when none is alive."""
    found = background.workers()
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], default=str))
    else:
        for each in found:
            click.echo(
                f"{each.state:8} {each.name:30} last sign of life {each.silent} s ago, "
                f"working on {each.working_on}"
            )
    if not any(each.state == "alive" for each in found):
        click.echo("No background process is alive. Start `flask --app wsgi work`.", err=True)
        raise SystemExit(1)

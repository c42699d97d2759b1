"""Install a release into its database, and run the background work."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import ScriptInfo, with_appcontext

from app.cli.schema import needs_schema
from app.cli.speaking import tells_refusals
from app.commands import installation
from app.jobs.worker import run_worker


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

"""Install a release into its database, and run the background work."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo, with_appcontext

from app.cli.schema import needs_schema
from app.commands import installation
from app.jobs.worker import run_worker


@click.command()
@with_appcontext
@needs_schema
def install() -> None:
    """Bring calendar, mechanism profiles and processes up to this release; safe to repeat."""
    added = installation.install()
    for kind, names in added.items():
        click.echo(f"{kind}: {', '.join(map(str, names)) or '-'}")


@click.command()
@with_appcontext
@needs_schema
def work() -> None:
    """Fire timers and do background work until stopped (SIGTERM or Ctrl-C)."""
    run_worker(click.get_current_context().ensure_object(ScriptInfo).load_app())

"""Prove that nothing in the journal was altered."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext

from app.cli.schema import needs_schema
from app.queries.audit import Verdict
from app.queries.audit import verify as check


@click.group()
def audit() -> None:
    """The journal's chains."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
@needs_schema
def verify(*, as_json: bool) -> None:
    """Check every stream and say where one breaks; exit 0 whole, 1 broken."""
    verdict = check()
    click.echo(_as_json(verdict) if as_json else _in_words(verdict))
    sys.exit(0 if verdict.whole else 1)


def _in_words(verdict: Verdict) -> str:
    lines = [f"{each.stream} row {each.seq}: {each.problem}" for each in verdict.breaks]
    counted = (
        f"{verdict.rows} rows in {verdict.streams} streams, {verdict.states} states, "
        f"{verdict.facts} papers and definitions checked: "
    )
    return "\n".join([*lines, counted + ("whole." if verdict.whole else "ALTERED.")])


def _as_json(verdict: Verdict) -> str:
    return json.dumps(
        {
            "whole": verdict.whole,
            "streams": verdict.streams,
            "rows": verdict.rows,
            "states": verdict.states,
            "facts": verdict.facts,
            "breaks": [
                {"stream": each.stream, "seq": each.seq, "problem": str(each.problem)}
                for each in verdict.breaks
            ],
        }
    )

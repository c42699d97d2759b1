"""What operators type: `flask --app wsgi …`, one file per noun."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import click
from flask import Flask

from app.cli import audit, definitions, demo, organisation, rounds, system

COMMANDS: Final[tuple[click.Command, ...]] = (
    system.install,
    system.work,
    system.workers,
    audit.audit,
    definitions.definitions,
    rounds.rounds,
    organisation.units,
    organisation.people,
    demo.demo,
)


def register(app: Flask) -> None:
    """Make every command known to `flask --app wsgi`."""
    for one in COMMANDS:
        app.cli.add_command(one)


def needs_no_settings(words: Sequence[str]) -> bool:
    """Whether a command line asks for something that must work where nothing is set up yet."""
    return ("definitions", "check") in pairwise(words)

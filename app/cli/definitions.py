"""Processes and decision tables from the command line: list what is published, check a file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
from flask.cli import with_appcontext

from app.cli.schema import needs_schema
from app.cli.speaking import show
from app.commands import soundness
from app.commands.soundness import Looked
from app.engine import Finding, Severity
from app.i18n import Text, _
from app.queries.definitions import definitions as every_definition
from app.web.speech import SPOKEN, speaking, speech

SEVERITIES: Final = {Severity.ERROR: _("error"), Severity.NOTICE: _("notice")}


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
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--draft", is_flag=True, help="Ask only whether they may be kept as drafts.")
@click.option("--json", "as_json", is_flag=True, help="For machines, in both languages.")
@click.option("--lang", type=click.Choice(sorted(SPOKEN)), help="zh or en; else the terminal's.")
@with_appcontext
def check(files: tuple[Path, ...], *, draft: bool, as_json: bool, lang: str | None) -> None:
    """Say everything that keeps BPMN or DMN files from being published; exit 1 if anything.

    Needs no database and no settings.
    """
    beside = soundness.shipped()
    looked = soundness.look_at_drafts(files) if draft else soundness.look(files, beside)
    wrong = False
    rows = []
    with speaking(SPOKEN[lang or _language()]):
        for each in looked:
            wrong = wrong or bool(each.errors)
            rows.append(_as_row(each))
            if not as_json:
                click.echo("\n".join(_as_lines(each, draft=draft)))
    if as_json:
        click.echo(json.dumps(rows))
    sys.exit(1 if wrong else 0)


def _language() -> str:
    """The language of the terminal."""
    wishes = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, wishes), "").startswith("zh") else "en"


def _as_lines(looked: Looked, *, draft: bool) -> Iterator[str]:
    """One line per finding and one for the whole; hidden characters of a file stay in it."""
    name = click.format_filename(looked.path)
    for each in looked.findings:
        said = _said(SEVERITIES[each.severity]), _said(each.message)
        yield _plain(f"{name}: {each.element or '-'}: {': '.join(said)}")
    if looked.errors:
        verdict = _("errors: %(count)s", count=len(looked.errors))
    else:
        verdict = _("may be kept as a draft") if draft else _("may be published")
    yield _plain(f"{name}: {_said(verdict)}")


def _as_row(looked: Looked) -> dict[str, Any]:
    return {
        "file": click.format_filename(looked.path),
        "sound": not looked.errors,
        "findings": [
            {
                "element": each.element,
                "code": each.code,
                "severity": each.severity.value,
                **{f"message_{lang}": _in(locale, each) for lang, locale in SPOKEN.items()},
            }
            for each in looked.findings
        ],
    }


def _in(locale: str, finding: Finding) -> str:
    with speaking(locale):
        return _said(finding.message)


def _said(text: Text) -> str:
    """The sentence; unlike on pages, names in it stay as the file has them."""
    values = {
        name: _said(value) if isinstance(value, Text) else value
        for name, value in text.values.items()
    }
    return speech().text(text.msgid, values)


def _plain(line: str) -> str:
    """What a terminal can show as one line, in the letters it has."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    return shown.encode(encoding, "replace").decode(encoding)

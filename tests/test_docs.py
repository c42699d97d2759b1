"""The papers keep up with the code: links lead somewhere, settings and commands are told."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import PurePosixPath
from urllib.parse import unquote

import click

from app import create_app
from app.config import Settings
from tests.house import ROOT, anchors, links, matching, text

GUIDES = ("README.md", "docs/", "CONTRIBUTING.md", "STYLE.md")
ROW = re.compile(r"^\|\s*`([A-Z_]+)`\s*\|\s*([^|]+?)\s*\|", re.MULTILINE)
NOT_OURS = {"run", "shell", "routes", "db"}  # Flask's and Flask-Migrate's own


def test_every_link_leads_somewhere():
    astray = [
        f"{name} → {link}"
        for name in matching(".md")
        for link in links(name)
        if not link.startswith(("http://", "https://", "mailto:"))
        if not leads_somewhere(name, link)
    ]

    assert astray == []


def leads_somewhere(name: str, link: str) -> bool:
    """Whether a relative link names a file that is there, and a heading in it."""
    path, _, anchor = unquote(link).partition("#")
    target = (ROOT / PurePosixPath(name).parent / path).resolve() if path else ROOT / name
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(str(target.relative_to(ROOT)))


def test_every_setting_is_in_the_one_table_with_its_default():
    written = dict(ROW.findall(text("docs/settings.md")))
    real = {field.name.upper(): field.default for field in fields(Settings)}

    assert set(written) == set(real)
    assert {name: said for name, said in written.items() if not agrees(said, real[name])} == {}


def agrees(said: str, default: object) -> bool:
    """Whether the table's default is the real one; words in italics stand for a computed one."""
    if said.startswith("_"):
        return True
    shown = (
        {True: "1", False: "0"}.get(default, str(default)) if isinstance(default, bool) else None
    )
    return said.strip("`") == (shown or str(default))


def test_every_command_is_written_down():
    guides = "\n".join(text(name) for name in matching(".md", under=GUIDES))
    ours = [path for path in commands(create_app().cli) if path.split()[0] not in NOT_OURS]

    assert ours
    assert [path for path in ours if f"flask --app wsgi {path}" not in guides] == []


def commands(group: click.Group, prefix: str = "") -> list[str]:
    """Every command below a group, as a person types it."""
    found = []
    for name, command in sorted(group.commands.items()):
        path = f"{prefix}{name}"
        found += commands(command, f"{path} ") if isinstance(command, click.Group) else [path]
    return found


def test_every_command_says_what_it_does():
    silent = []

    def look(group: click.Group, prefix: str) -> None:
        for name, command in group.commands.items():
            if not (command.help or "").strip():
                silent.append(f"{prefix}{name}")
            if isinstance(command, click.Group):
                look(command, f"{prefix}{name} ")

    look(create_app().cli, "")

    assert silent == []

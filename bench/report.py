"""Tables to the terminal and, between the markers, into docs/performance.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.figures import Table
from ops import machine
from ops.conditions import conditions as machine_and_versions

PAGE = machine.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: what make bench printed -->", "<!-- bench: end -->"
CHANCE = "- nothing is left to chance: every case has the same words, clients take turns (no seed)"
OURS = ("Flask", "SQLAlchemy", "psycopg", "SpiffWorkflow", "granian")


def write(tables: Sequence[Table], server: Mapping[str, str]) -> None:
    """Put the tables of a whole run into the page, with what they were taken on."""
    said = PAGE.read_text()
    before, _begin, rest = said.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    parts = [BEGIN, conditions(server), *(table.markdown() for table in tables), END]
    PAGE.write_text(before + "\n\n".join(parts) + after)


def conditions(server: Mapping[str, str]) -> str:
    """Machine, versions, settings: what a figure means nothing without."""
    kept = ", ".join(f"`{k} = {v}`" for k, v in server.items() if k != "server_version")
    database = f"- PostgreSQL {server['server_version']}: {kept}"
    return "\n".join([*machine_and_versions(OURS), database, CHANCE])

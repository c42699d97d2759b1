"""Tables to the terminal and, between the markers, into docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from bench.figures import Table
from ops import machine

PAGE = machine.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: what make bench printed -->", "<!-- bench: end -->"
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
    day = datetime.now(timezone.utc).date().isoformat()
    versions = ", ".join(f"{name} {version(name)}" for name in OURS)
    kept = ", ".join(f"`{k} = {v}`" for k, v in server.items() if k != "server_version")
    return "\n".join(
        [
            f"- {day}, commit {_commit()}; {_processor()}, {os.cpu_count()} cores, {_memory()};",
            f"  load of the machine before the run {os.getloadavg()[0]:.1f}",
            f"- {platform.system()} {platform.release()}, Python {platform.python_version()},",
            f"  {versions}",
            f"- PostgreSQL {server['server_version']}: {kept}",
        ]
    )


def _commit() -> str:
    asked = ["git", "-C", str(machine.ROOT), "rev-parse", "--short", "HEAD"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _memory() -> str:
    found = re.search(r"MemTotal:\s*(\d+) kB", Path("/proc/meminfo").read_text())
    return f"{int(found[1]) / 1024 / 1024:.0f} GB" if found else "unknown memory"

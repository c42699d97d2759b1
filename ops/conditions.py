"""What a figure means nothing without: the machine, the commit, the versions."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from ops import machine


def conditions(packages: Sequence[str]) -> list[str]:
    """A few lines for a report: day, commit, machine, load, versions."""
    day = datetime.now(timezone.utc).date().isoformat()
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return [
        f"- {day}, commit {_commit()}; {_processor()}, {os.cpu_count()} cores, {_memory()};",
        f"  load of the machine before the run {os.getloadavg()[0]:.1f}",
        f"- {platform.system()} {platform.release()}, Python {platform.python_version()},",
        f"  {versions}",
    ]


def _commit() -> str:
    asked = ["git", "-C", str(machine.ROOT), "describe", "--always", "--dirty"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _memory() -> str:
    found = re.search(r"MemTotal:\s*(\d+) kB", Path("/proc/meminfo").read_text())
    return f"{int(found[1]) / 1024 / 1024:.0f} GB" if found else "unknown memory"

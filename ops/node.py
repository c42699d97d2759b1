"""Install the browser side's packages from package-lock.json; runs on a bare Python."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 20


def main() -> None:
    """Check that Node is there and new enough, then run npm ci without install scripts."""
    problem = node_problem()
    if problem:
        sys.exit(problem)
    print("Installing package-lock.json into node_modules/ …", flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def node_problem() -> str:
    """What is wrong with this machine's Node and how to cure it; empty if nothing."""
    if not shutil.which("node") or not shutil.which("npm"):
        return f"Node.js {OLDEST} or newer with npm is needed to build the pages. Install it first."
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    major = re.match(r"v(\d+)", said)
    if not major or int(major[1]) < OLDEST:
        return f"Node.js {OLDEST} or newer is needed to build the pages; found {said.strip()}."
    return ""


if __name__ == "__main__":
    main()

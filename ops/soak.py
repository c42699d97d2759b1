"""Every campaign in its full size on both databases; the figures go into docs/reliability.md."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ops import check, machine, processes, servers
from ops.conditions import conditions

PAGE = machine.ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- soak: what make soak printed -->", "<!-- soak: end -->"
REPORTS = machine.ROOT / ".cache" / "soak"
PACKAGES = ("SpiffWorkflow", "Flask", "SQLAlchemy", "psycopg", "redis", "rq", "granian")
MINUTES = 120
SEED = 1
NOTHING_TO_DO = 5  # what pytest ends with where no campaign was chosen
TRIALS = {
    "R1": "Killed processes",
    "R2": "Death at every point of an act",
    "R3": "Duels",
    "R4": "The same form sent again",
    "R5": "Redis flushed, stopped, set back",
    "R6": "PostgreSQL restarted, cut off, away",
    "R7": "Full disks",
    "R8": "Wrong clocks",
    "R9": "Thirty days of outage",
    "R10": "Frozen workers",
    "R11": "Old histories",
    "R12": "Long cases",
    "R13": "Random acts against a model",
    "R14": "Bad networks",
    "R15": "Random processes",
    "R16": "New versions while cases run",
    "R17": "Every operation on processes of any shape",
    "S1": "Hostile definitions",
    "S2": "Large definitions",
}


@dataclass(frozen=True)
class Line:
    """One figure as a campaign wrote it."""

    requirement: str
    test: str
    database: str
    what: str
    shown: str
    bar: str
    held: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything, print the tables, and (for a whole run) write the page."""
    options = _parsed(arguments)
    began = time.monotonic()
    taken_on = conditions(PACKAGES)
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    try:
        with processes.interruptible():
            broken = run(options.seed, options.only)
    except processes.Interrupted:
        print("\nInterrupted; nothing was written.", file=sys.stderr)
        return 1
    except (machine.Missing, processes.NotReady) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    minutes = (time.monotonic() - began) / 60
    lines = read(REPORTS / "figures.jsonl")
    missing = [] if options.only else absent(lines)
    heading = [*taken_on, f"- seed {options.seed}; {minutes:.0f} minutes (at most {MINUTES})"]
    text = page([*heading, *faults(broken, missing)], lines, missing)
    print(f"\n{text}\n")
    if not options.only:
        write(text)
    held = all(line.held for line in lines) and not broken and not missing
    print(f"{sum(line.held for line in lines)} of {len(lines)} figures hold; {minutes:.0f} minutes")
    return 0 if held and lines and minutes <= MINUTES else 1


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ops.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="what chance starts from")
    parser.add_argument("--only", default="", help="as pytest's -k; the page stays as it is")
    return parser.parse_args(arguments)


def run(seed: int, only: str) -> list[str]:
    """Both databases beside each other, then one by one what must be alone; what failed."""
    machine.provide()
    with check.home() as folder, servers.running() as addresses:
        own = check.environment(folder)
        common = [
            *(str(check.PROGRAMS / "pytest"), "-v", "-p", "no:randomly", "--soak"),
            *(f"--seed={seed}", f"--figures={REPORTS / 'figures.jsonl'}"),
            *(("-k", only) if only else ()),
        ]
        sqlite = partial(Lane, "sqlite", "sqlite", common, own)
        postgresql = partial(
            Lane, "postgresql", addresses.postgresql, common, own | addresses.environment()
        )
        print(f"What the campaigns say as they go: {REPORTS}/*.log", flush=True)
        return [
            *at_once(sqlite(alone=False), postgresql(alone=False)),
            *at_once(sqlite(alone=True)),
            *at_once(postgresql(alone=True)),
        ]


def at_once(*lanes: Lane) -> list[str]:
    """Run them beside each other; the campaigns that failed."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.extend(lane.started() for lane in lanes)
        ended = [process.wait() for process in started]
    finally:
        for process in started:
            processes.stop(process)
    return [name for lane, code in zip(lanes, ended, strict=True) for name in lane.broken(code)]


@dataclass(frozen=True)
class Lane:
    """One run of pytest: a database, and the campaigns that are alone or the others."""

    database: str
    address: str
    command: Sequence[str]
    env: Mapping[str, str]
    alone: bool

    def started(self) -> subprocess.Popen[bytes]:
        """Start it; what it says goes into its log."""
        command = [
            *self.command,
            f"--database-url={self.address}",
            f"--alone={'yes' if self.alone else 'no'}",
            f"--junitxml={self._file('xml')}",
        ]
        return processes.spawn(command, log=self._file("log"), env=self.env, cwd=machine.ROOT)

    def broken(self, code: int) -> list[str]:
        """The campaigns that failed, or that it ended without saying which."""
        failed = [f"{test} on {self.database}" for test in check.failed(self._file("xml"))]
        if code not in (0, NOTHING_TO_DO) and not failed:
            return [f"the run on {self.database} ended with {code}"]
        return failed

    def _file(self, kind: str) -> Path:
        return REPORTS / f"{self.database}-{'alone' if self.alone else 'together'}.{kind}"


def read(file: Path) -> list[Line]:
    """What the campaigns wrote, in order."""
    rows = [json.loads(row) for row in file.read_text().splitlines()] if file.exists() else []
    return [
        Line(
            row["requirement"],
            row["test"],
            row["database"],
            row["what"],
            f"{_shown(row['value'])} {row['unit']}".strip(),
            row["bar"].replace("True", "yes"),
            row["held"],
        )
        for row in rows
    ]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def absent(lines: Iterable[Line]) -> list[str]:
    """Trials that left no figure: not run is not passed."""
    seen = {line.requirement for line in lines}
    return [name for name in TRIALS if name not in seen]


def faults(broken: Sequence[str], missing: Sequence[str]) -> list[str]:
    """What is not in order besides bars that were missed."""
    return [f"- **failed:** {each}" for each in broken] + [
        f"- **not run:** {each} ({TRIALS[each]})" for each in missing
    ]


def page(heading: Sequence[str], lines: Sequence[Line], missing: Sequence[str]) -> str:
    """Everything between the markers."""
    names = sorted({line.requirement for line in lines} | set(missing), key=_place)
    tables = [_table(name, [line for line in lines if line.requirement == name]) for name in names]
    return "\n\n".join(["\n".join(heading), *tables])


def _place(requirement: str) -> tuple[str, int]:
    digits = "".join(each for each in requirement if each.isdigit())
    return requirement[:1], int(digits or 0)


def _table(requirement: str, lines: Sequence[Line]) -> str:
    title = f"### {requirement} {TRIALS.get(requirement, '')}".rstrip()
    if not lines:
        return f"{title}\n\nNot run."
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for line in lines:
        cell = line.shown if line.held else f"**{line.shown}: missed**"
        rows.setdefault((line.test, line.what, line.bar), {})[line.database] = cell
    body = [
        f"| {what} | {bar or '–'} | {found.get('sqlite', '–')} | {found.get('postgresql', '–')} |"
        for (_test, what, bar), found in rows.items()
    ]
    head = ["| Figure | Bar | SQLite | PostgreSQL |", "|---|---|---|---|"]
    return "\n".join([title, "", *head, *body])


def write(text: str) -> None:
    """Put it into the page, between the markers."""
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())

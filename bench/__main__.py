"""`make bench`: every part of the bench, or those named; exit 0 only if every bar holds."""

from __future__ import annotations

import argparse
import sys
import time

from bench import report, site
from bench.figures import Table
from bench.load import LoadEnded
from bench.parts import PARTS
from ops import machine, processes


def main() -> int:
    """Measure, print as it comes, and write the page after a whole run."""
    chosen = parsed().only or list(PARTS)
    began = time.monotonic()
    try:
        machine.provide()
        with processes.interruptible(), site.postgresql() as server:
            settings = server.settings
            print(report.conditions(settings), flush=True)
            require_lasting(settings)
            tables = [measured(name, server) for name in chosen]
    except (processes.NotReady, machine.Missing, LoadEnded) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except processes.Interrupted:
        return 1
    if chosen == list(PARTS):
        report.write(tables, settings)
        print(f"\nWritten to {report.PAGE.relative_to(machine.ROOT)}.")
    broken = [table.title for table in tables if not table.held]
    print(f"\nThe bench took {(time.monotonic() - began) / 60:.1f} minutes.")
    print(f"Not held: {'; '.join(broken)}" if broken else "Every bar holds.")
    return 1 if broken else 0


def parsed() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("only", nargs="*", type=part, metavar="PART", help=f"of {', '.join(PARTS)}")
    return parser.parse_args()


def part(name: str) -> str:
    """One of the parts; `choices` would refuse to be given none."""
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"There is no part {name}: {', '.join(PARTS)}.")
    return name


def measured(name: str, server: site.PostgreSQL) -> Table:
    """One part, printed as soon as it is there."""
    table = PARTS[name](server)
    print(table.text(), flush=True)
    return table


def require_lasting(settings: dict[str, str]) -> None:
    """Refuse a database that would be fast because it forgets."""
    if {settings["fsync"], settings["synchronous_commit"]} != {"on"}:
        raise processes.NotReady("PostgreSQL does not keep what it commits; nothing is measured.")


if __name__ == "__main__":
    sys.exit(main())

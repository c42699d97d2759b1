"""Every check and every test in one go, as a person and the build server run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from ops import machine, processes, servers

ROOT = machine.ROOT
PROGRAMS = ROOT / ".venv" / "bin"
REPORTS = ROOT / ".cache" / "reports"
WRONG = ("failure", "error", "skipped")
LONGEST_HOME = 70  # characters; Chromium puts sockets below it, and those may not exceed 107

CHECKS = {
    "style": ("ruff", "check", "--quiet", "--output-format=concise"),
    "layout": ("ruff", "format", "--check", "--output-format=concise"),
    "types": ("mypy", "--no-error-summary"),
    "floors": ("lint-imports", "--no-logo"),
    "dependencies": ("deptry", "."),
    "templates": ("djlint", "app/templates", "--lint", "--quiet"),
    "texts": ("python", "-m", "ops.messages", "--check"),
}


@dataclass
class Tally:
    """How many checks and tests held, and which did not."""

    passed: int = 0
    failed: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, step: str, *, passed: int, failed: int) -> None:
        """Count what one step came to."""
        self.passed += passed
        self.failed += failed
        if failed:
            self.broken.append(step)


def main() -> int:
    """Run the checks, then the tests on both databases; the last line says how many held."""
    tally = Tally()
    began = time.monotonic()
    try:
        with processes.interruptible():
            run_checks(tally)
            if "--no-tests" not in sys.argv:
                run_tests(tally)
    except processes.Interrupted:
        tally.add("interrupted", passed=0, failed=1)
    except (machine.Missing, processes.NotReady, subprocess.CalledProcessError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        tally.add("preparation", passed=0, failed=1)
    return close(tally, time.monotonic() - began)


def close(tally: Tally, seconds: float) -> int:
    """Say how it went; the last line is the one the build server reads."""
    if tally.broken:
        print(f"\nNot in order: {', '.join(tally.broken)}")
    print(f"\nAll checks and tests, {seconds / 60:.1f} minutes:")
    print(f"{tally.passed} passed, {tally.failed} failed", flush=True)
    return 1 if tally.failed else 0


def run_checks(tally: Tally) -> None:
    """The checks that read the code; what one says is shown if it fails."""
    for name, (program, *arguments) in CHECKS.items():
        print(f"{name:<14}", end="", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            [str(PROGRAMS / program), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        held = done.returncode == 0
        print(f"{'ok' if held else 'FAILED'}  {time.monotonic() - began:5.1f} s", flush=True)
        if not held:
            print(done.stdout, done.stderr, sep="", flush=True)
        tally.add(name, passed=int(held), failed=int(not held))


def run_tests(tally: Tally) -> None:
    """All tests on SQLite, those that touch the database on PostgreSQL too, then the coverage."""
    machine.provide()
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    with home() as folder, servers.running() as addresses:
        env = environment(folder) | addresses.environment()
        run_suite(tally, "sqlite", "sqlite", env)
        run_suite(tally, "postgresql", addresses.postgresql, env)
    measure(tally)


def run_suite(tally: Tally, name: str, database: str, env: dict[str, str]) -> None:
    """One run of pytest, its output shown as it comes; a skipped test counts as failed."""
    print(f"\nTests on {name}", flush=True)
    report = REPORTS / f"{name}.xml"
    done = subprocess.run(
        [
            *(str(PROGRAMS / "pytest"), "-q", "--numprocesses=auto", "--maxprocesses=4"),
            *("--dist=loadgroup", "--durations=10", "--durations-min=5"),
            *("--cov", "--cov-report=", "--cov-fail-under=0"),
            *(f"--junitxml={report}", f"--database-url={database}"),
        ],
        cwd=ROOT,
        env=env | {"COVERAGE_FILE": str(REPORTS / f"coverage-{name}")},
        check=False,
    )
    passed, failed = counted(report)
    if done.returncode and not failed:
        failed = 1
    tally.add(f"tests on {name}", passed=passed, failed=failed)


def counted(report: Path) -> tuple[int, int]:
    """How many tests of a run passed and did not, by pytest's own report."""
    if not report.exists():
        return 0, 1
    suite = ET.parse(report).getroot()[0]  # noqa: S314 - our own pytest wrote it a moment ago
    total = int(suite.get("tests", 0))
    failed = sum(int(suite.get(kind, 0)) for kind in ("failures", "errors", "skipped"))
    return max(total - failed, 0), failed


def failed(report: Path) -> list[str]:
    """The names of the tests that did not pass, by pytest's own report; skipped ones too."""
    if not report.exists():
        return ["the whole run"]
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - as above
    return [case.get("name", "?") for case in cases if any(case.findall(kind) for kind in WRONG)]


def measure(tally: Tally) -> None:
    """Put both runs' branch coverage together and hold it against the threshold."""
    print("\nBranch coverage of both runs", flush=True)
    env = os.environ | {"COVERAGE_FILE": str(REPORTS / "coverage")}
    files = [str(REPORTS / f"coverage-{name}") for name in ("sqlite", "postgresql")]
    coverage = str(PROGRAMS / "coverage")
    combined = subprocess.run([coverage, "combine", "-q", *files], cwd=ROOT, env=env, check=False)
    reported = subprocess.run([coverage, "report"], cwd=ROOT, env=env, check=False)
    held = combined.returncode == 0 and reported.returncode == 0
    tally.add("coverage", passed=int(held), failed=int(not held))


def environment(folder: Path) -> dict[str, str]:
    """The variables the tests run under: nothing of this person's, nothing left elsewhere."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "CHROMIUM") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "HYPOTHESIS_PROFILE": "ci",
        "PYTHONUTF8": "1",
    }


@contextmanager
def home() -> Iterator[Path]:
    """A home folder for the tests, gone at the end; inside the project unless its path is long."""
    servers.HOME.mkdir(exist_ok=True)
    inside = servers.HOME if len(str(servers.HOME)) < LONGEST_HOME else None
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=inside))
    folder.chmod(0o711)  # the database server, run as somebody else, may have its folder below
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

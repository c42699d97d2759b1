"""The engine's share of an act, beside the stock engine (the floor) and Node's bpmn-engine."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app import engine
from bench import environments, site
from bench.figures import Figure, Table, milliseconds
from tests.engine import paces

TURNS = 3
REWORK = 1_000
CASES = 60
PROCESS: Final = site.HERE / "processes" / "supervision_brief.bpmn"
PEERS: Final = {
    "SpiffWorkflow in memory": "memory",
    "SpiffWorkflow with its own serializer": "saved",
}


def shares(_server: site.PostgreSQL) -> Table:
    """Load, step and save of our engine, fresh and old; what peers need for a step."""
    fresh: list[float] = []
    for _turn in range(TURNS):
        fresh += paces.shares(0)[0]
    old, largest = paces.shares(REWORK, cases=2)
    figures = [
        Figure("38-node process: load, step, save", milliseconds(fresh), "ms", 0.8),
        Figure(
            f"the same after {REWORK:,} rounds of rework",
            milliseconds(old),
            "ms",
            0.8,
            note=f"the largest state had {largest:,} bytes",
        ),
    ]
    peers, missing = beside()
    how = (
        "Processor time of an act, no database. The peers run the bench's six tasks, which is "
        "less than the process ours is measured on; ours on the six tasks stands with them."
    )
    return Table("The engine's share", how, [*figures, *peers], missing)


def beside() -> tuple[list[Figure], list[str]]:
    """One step of the six tasks in each engine; and what is missing."""
    figures = [Figure("six tasks: ours, load, step, save", milliseconds(six()), "ms")]
    missing: list[str] = []
    for ask in (spiff, node):
        try:
            figures += ask()
        except environments.Unavailable as problem:
            missing.append(f"{ask.__name__} ({problem})")
    return figures, missing


def six() -> list[float]:
    """Processor seconds of every step of the six tasks in our engine, state loaded and saved."""
    process = engine.compile_bundle([PROCESS.read_bytes()], "supervision_brief")
    costs: list[float] = []
    for _case in range(CASES):
        outcome = engine.start(process, {}, now=paces.NOW)
        while not outcome.finished:
            step = engine.open_steps(process, outcome.state)[0]
            began = time.process_time()
            outcome = engine.complete(process, outcome.state, step.id, {}, now=paces.NOW)
            costs.append(time.process_time() - began)
    return costs


def spiff() -> list[Figure]:
    """The stock engine: without and with saving after each step."""
    program = [str(environments.python() / "python"), str(environments.LOCKS / "stock_spiff.py")]
    said = json.loads(_said([*program, str(PROCESS)], environments.LOCKS))
    return [
        Figure(f"six tasks: {name}", milliseconds(said[key]), "ms") for name, key in PEERS.items()
    ]


def node() -> list[Figure]:
    """bpmn-engine, taking its state after each step."""
    folder = environments.node()
    program = ["node", str(environments.LOCKS / "bpmn_engine.cjs"), str(PROCESS)]
    samples = json.loads(_said(program, folder))
    return [Figure("six tasks: bpmn-engine, state taken", milliseconds(samples), "ms")]


def _said(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
        raise environments.Unavailable(last[0])
    return done.stdout

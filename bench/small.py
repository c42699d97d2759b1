"""The same inbox in a small office: SQLite, a hundred thousand tasks, a tenth of them open."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import site
from bench.figures import Figure, milliseconds
from bench.load import loading

TASKS = 100_000
OPEN = 10  # of as many tasks one
OF_A_CASE = 20
OURS = 5  # of as many open tasks one is the unit's whose inbox is looked at
LOOKS = 200
Change = Callable[[int], Mapping[str, Any]]


def figure() -> Figure:
    """The first page over HTTP, one client."""
    with TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/small.sqlite3"
        flask = [str(site.PROGRAMS / "flask"), "--app", "wsgi"]
        env = site.environment(address)
        for command in (
            [*flask, "db", "upgrade"],
            [*flask, "install", str(site.HERE / "processes")],
            [sys.executable, "-m", "bench.county", "1"],
            [sys.executable, "-m", "bench.timers"],
        ):
            site.done(command, env)
        build(Path(folder) / "small.sqlite3")
        with site.serving(address) as place, loading(place, clients=1) as load:
            load.run(clients=1, cases=20, act="inbox")
            looked = milliseconds(load.run(clients=1, cases=LOOKS, act="inbox").times["inbox"])
    return Figure(f"first page on SQLite with {TASKS:,} tasks", looked, "ms", 50)


def build(file: Path) -> None:
    """Copy the one real task, as for PostgreSQL."""
    now = datetime.now(tz=timezone.utc)  # noqa: DTZ005, RUF100 - the bench's own clock
    with closing(sqlite3.connect(file)) as asked:
        asked.row_factory = sqlite3.Row
        others = copies(asked, "unit", 200, lambda n: {"code": f"U{n}", "name": f"第{n}单位"})
        cases = copies(asked, "case_file", TASKS // OF_A_CASE, lambda n: {"title": f"第{n}号事项"})

        def mine(n: int) -> dict[str, Any]:
            return {"case_id": cases + n // OF_A_CASE}

        tickets = copies(
            asked, "ticket", TASKS, lambda n: {**mine(n), "engine_task": f"t{n}",
            "state": "open" if n % OPEN == 0 else "done"},
        )  # fmt: skip

        def task(n: int) -> dict[str, Any]:
            due = now + timedelta(minutes=(n * 104729) % 129600 - 28800)
            lights = {"red_from": due, "yellow_from": due - timedelta(days=2),
                      "blue_from": due - timedelta(days=7), "due_at": due}  # fmt: skip
            theirs = {} if n % (OPEN * OURS) == 0 else {"unit_id": others + n % 200}
            state = "active" if n % OPEN == 0 else "done"
            said = {name: f"{moment:%Y-%m-%d %H:%M:%S.%f}" for name, moment in lights.items()}
            return {**mine(n), **theirs, **said, "ticket_id": tickets + n, "state": state}

        copies(asked, "assignment", TASKS, task)
        asked.execute("ANALYZE")
        asked.commit()


def copies(asked: sqlite3.Connection, table: str, times: int, changed: Change) -> int:
    """So many more rows like the newest one; the id of the first of them."""
    like = dict(asked.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1").fetchone())  # noqa: S608 - names of ours
    like |= {name: None for name in ("number", "matter_key") if name in like}
    first = int(like["id"]) + 1
    marks = ", ".join("?" * len(like))
    rows = (tuple({**like, **changed(n), "id": first + n}.values()) for n in range(times))
    asked.executemany(f"INSERT INTO {table} ({', '.join(like)}) VALUES ({marks})", rows)  # noqa: S608 - names of ours
    return first

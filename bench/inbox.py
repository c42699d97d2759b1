"""The inbox among a million tasks, a tenth of them open, in two thousand units of all sizes."""

from __future__ import annotations

import json
import sys
import time

import psycopg

from app import clock, create_app
from app.queries.glance import counted
from app.queries.people import actor_by_login
from app.queries.waiting import Filters, whose
from bench import county, site, small, words
from bench.copies import copy, newest, one
from bench.figures import Figure, Table, milliseconds, percentile
from bench.load import loading
from bench.timers import one_real_case

TASKS = 1_000_000
OPEN = 10  # of as many tasks one
OF_A_CASE = 20
UNITS = 2_000
LOOKS = 300
COUNTING = [sys.executable, "-m", "bench.inbox"]
# The unit at place k of 2,000 gets about 1/k of the tasks; numbers jump about, the same each run.
CHANCE = "((n::bigint * 7919) % 1000003) / 1000003.0"
UNIT = f"{{first}} + floor(power({UNITS}, {CHANCE}))::int - 1"
STEP = "CASE WHEN n % 4 = 0 THEN '起草' ELSE '核对第' || n % 60 || '项' END"
DUE = (
    "now() + interval '1 minute' * ((n::bigint * 104729) % 129600 - 28800)"  # 20 days ago to 70 on
)


def inbox(server: site.PostgreSQL, *, tasks: int = TASKS) -> Table:
    """The first page of the largest unit's inbox, and the statements it is made of."""
    database = site.founded(server, "inbox")
    one_real_case(database)
    with psycopg.connect(database, autocommit=True) as asked:
        waiting = build(asked, tasks)
        words.let_speak(asked)
    with site.serving(database) as place, loading(place, clients=1) as load:
        load.run(clients=1, cases=20, act="inbox")
        looked = milliseconds(load.run(clients=1, cases=LOOKS, act="inbox").times["inbox"])
    counted = milliseconds(json.loads(site.done(COUNTING, site.environment(database))))
    figures = [
        Figure("first page, largest unit", looked, "ms", 25),
        Figure(
            "the same, of a hundred the slowest five from", [percentile(looked, 0.95)], "ms", 60
        ),
        Figure("tasks counted per light, largest unit", counted, "ms", 10),
    ]
    how = (
        f"{tasks:,} tasks of {tasks // OF_A_CASE:,} cases, {tasks // OPEN:,} of them open in "
        f"{UNITS:,} units, of which the largest has {waiting:,}. Over HTTP, one client, one web "
        "process; session, permission, counts of every light and fifty rows."
    )
    return Table(
        "The inbox among a million tasks", how, [*figures, *words.figures(database), small.figure()]
    )


def counting() -> None:
    """Print how many seconds each of a hundred countings took, as JSON."""
    viewer, times = actor_by_login(county.login("supervision_clerk", 0)), []
    now = clock.now()
    for _time in range(100):
        began = time.perf_counter()
        counted(viewer, whose(viewer), Filters(), now)
        times.append(time.perf_counter() - began)
    print(json.dumps(times))


def build(asked: psycopg.Connection[object], tasks: int) -> int:
    """Copy the one real task; how many wait for the largest unit, which is the clerk's."""
    first = newest(asked, "unit")
    copy(asked, "unit", UNITS - 1, code="'U' || n", name="'第' || n || '单位'")
    cases = copy(asked, "case_file", tasks // OF_A_CASE, title="'第' || n || '号事项'")
    mine = {"case_id": f"{cases} + (n - 1) / {OF_A_CASE}"}
    done = f"n % {OPEN} <> 0"
    state = {"state": f"CASE WHEN {done} THEN 'done' ELSE '{{}}' END"}
    closed = f"CASE WHEN {done} THEN now() END"
    tickets = copy(
        asked, "ticket", tasks, **mine, engine_task="ticket.engine_task || n",
        state=state["state"].format("open"), closed_at=closed, name=STEP, name_en=STEP,
    )  # fmt: skip
    copy(
        asked, "assignment", tasks, **mine, ticket_id=f"{tickets} + n - 1",
        unit_id=UNIT.format(first=first), state=state["state"].format("active"), done_at=closed,
        due_at=DUE, red_from=f"{DUE} + interval '1 microsecond'",
        yellow_from=f"{DUE} - interval '2 days'", blue_from=f"{DUE} - interval '7 days'",
        grey_from=f"CASE WHEN n % {OPEN * 20} = 0 THEN timestamptz '1900-01-01Z' END",
    )  # fmt: skip
    asked.execute("VACUUM ANALYZE")
    query = f"SELECT count(*) FROM assignment WHERE state = 'active' AND unit_id = {first}"  # noqa: S608 - a number
    return int(one(asked, query)[0])


if __name__ == "__main__":
    with create_app().app_context():
        counting()

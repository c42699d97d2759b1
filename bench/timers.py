"""A million timers that wait, of which ten thousand come due in one moment; two workers."""

from __future__ import annotations

import sys
import time
from typing import Any

import psycopg

from app import create_app
from app.commands.evaluation import start_brief
from app.queries.people import actor_by_login
from bench import county, site
from bench.copies import copy, one
from bench.figures import Figure, Table
from ops import processes

CASES = 143_000
LADDER = ("remind", "remind", "due", "urge", "urge", "bulletin", "escalate")
DUE = 10_000
WORKERS = 2
LONGEST = 300  # seconds
OF_A_CASE = """
    INSERT INTO timer (case_id, assignment_id, kind, step, fire_at, state, attempts)
    SELECT case_id, id, ladder.kind, ladder.step,
           now() + interval '1 day' * (1 + id %% 60 + ladder.step), 'pending', 0
    FROM assignment, unnest(%s::text[]) WITH ORDINALITY AS ladder (kind, step)
"""
OF_A_JOURNAL = """
    INSERT INTO event
        (format, stream, seq, at, kind, case_id, person_id, unit_id, body, previous, hash)
    SELECT format, 'case:' || c.id, 1, e.at, e.kind, c.id, person_id, unit_id, body, previous, hash
    FROM event e, case_file c WHERE e.stream = 'case:' || %s AND e.seq = 1 AND c.id <> %s
"""
NOW_DUE = """
    UPDATE timer SET fire_at = clock_timestamp() WHERE id IN
    (SELECT id FROM timer WHERE kind = 'remind' AND step = 1 ORDER BY id LIMIT %s)
"""
KNOWN = (  # the copies' history, so that only what fires is there to be told and to be found
    """
    INSERT INTO setting (key, value) SELECT 'search.read_until', max(id)::text FROM event
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
    """,
    """
    INSERT INTO told (id, event_id) SELECT 1, max(id) FROM event
    ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id
    """,
)
LEFT = "SELECT count(*) FROM timer WHERE state = 'pending' AND fire_at <= clock_timestamp()"
BOTH_THERE = "SELECT count(*) < 2 FROM worker"
TWICE = """
    SELECT count(*) - count(DISTINCT (body::json -> 'data' ->> 'timer')) AS twice, count(*) AS fired
    FROM event WHERE kind = 'timer.fired'
"""


def timers(server: site.PostgreSQL, *, cases: int = CASES, due: int = DUE) -> Table:
    """How long until all that came due have fired, by two workers."""
    database = site.founded(server, "timers")
    one_real_case(database)
    with psycopg.connect(database, autocommit=True) as asked:
        pending = build(asked, cases)
        seconds, twice, fired = fire(asked, database, due)
    figures = [
        Figure(f"{due:,} due of {pending:,} pending: all fired", [seconds], "s", 60),
        Figure("fired twice or not at all", [float(twice + abs(due - fired))], "", 0),
    ]
    how = (
        f"{WORKERS} background processes; {due:,} reminders come due at one moment among "
        f"{pending:,} timers of {cases:,} cases; from that moment to the last commit."
    )
    return Table("Timers", how, figures)


def one_real_case(database: str) -> None:
    """Open the case that is copied, with the ordinary command."""
    site.done([sys.executable, "-m", "bench.timers"], site.environment(database))


def build(asked: psycopg.Connection[Any], cases: int) -> int:
    """Copy the one case with its task, give each a whole ladder ahead; how many timers wait."""
    (case_id,) = one(asked, "SELECT id FROM case_file ORDER BY id LIMIT 1")
    first = copy(asked, "case_file", cases - 1)
    mine = {"case_id": f"{first} + n - 1"}
    ticket = copy(asked, "ticket", cases - 1, **mine)
    copy(asked, "assignment", cases - 1, ticket_id=f"{ticket} + n - 1", **mine)
    asked.execute("DELETE FROM timer")
    asked.execute(OF_A_CASE, (list(LADDER),))
    asked.execute(OF_A_JOURNAL, (str(case_id), case_id))
    for mark in KNOWN:
        asked.execute(mark)
    asked.execute("ANALYZE")
    return int(one(asked, "SELECT count(*) FROM timer")[0])


def fire(asked: psycopg.Connection[Any], database: str, due: int) -> tuple[float, int, int]:
    """Let the workers wait, make the timers due; seconds until none is left, twice, fired."""
    log = site.LOGS / "timers.log"
    log.write_text("")
    command = [str(site.PROGRAMS / "flask"), "--app", "wsgi", "work"]
    env = site.environment(database)
    workers = [processes.spawn(command, log=log, env=env) for _number in range(WORKERS)]
    try:
        _wait(asked, BOTH_THERE)
        asked.execute(NOW_DUE, (due,))
        began = time.monotonic()
        _wait(asked, f"SELECT ({LEFT}) > 0")
        seconds = time.monotonic() - began
    finally:
        for worker in workers:
            processes.stop(worker)
    twice, fired = one(asked, TWICE)
    return seconds, int(twice), int(fired)


def _wait(asked: psycopg.Connection[Any], unfinished: str) -> None:
    until = time.monotonic() + LONGEST
    while one(asked, unfinished)[0]:
        if time.monotonic() > until:
            raise processes.NotReady(f"Not done after {LONGEST} s: {unfinished}")
        time.sleep(0.1)


def openone() -> None:
    """The one real case that is copied; runs with the settings of the server it is for."""
    start_brief("tanghe", "计时", actor=actor_by_login(county.login("supervision_director", 0)))


if __name__ == "__main__":
    with create_app().app_context():
        openone()

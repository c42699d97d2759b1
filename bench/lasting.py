"""What only shows in quantity: a thousand starts, ten thousand requests."""

from __future__ import annotations

from bench import cpu, site
from bench.figures import Figure, Table, milliseconds
from bench.load import loading

STARTS = 1_000
REQUESTS = 10_000
A_CASE = 14  # requests: a page and a form for the start and for each of six tasks
MEGABYTE = 1024 * 1024


def starts(server: site.PostgreSQL) -> Table:
    """A thousand cases started one after the other."""
    database = site.founded(server, "starts")
    with site.serving(database) as place, loading(place, clients=1) as load:
        load.run(clients=1, cases=5, act="start")
        done = load.run(clients=1, cases=STARTS, act="start")
        looked = load.run(clients=1, cases=60, act="inbox")
    figures = [
        Figure("1,000 cases started", [sum(done.times["start"])], "s", 15),
        Figure("one start", milliseconds(done.times["start"]), "ms"),
        Figure(
            "inbox of an office with 1,000 open tasks", milliseconds(looked.times["inbox"]), "ms"
        ),
    ]
    how = "Over HTTP, one client, one web process; the time of the forms sent (pages not counted)."
    return Table("Starting cases", how, figures)


def memory(server: site.PostgreSQL) -> Table:
    """One web process after ten thousand requests."""
    database = site.founded(server, "memory")
    with site.serving(database) as place, loading(place, clients=4) as load:
        resident, asked = [], 0
        while asked < REQUESTS:
            done = load.run(clients=4, cases=18)
            asked += done.cases * A_CASE
            resident.append(cpu.memory(worker(place)) / MEGABYTE)
    half = resident[len(resident) // 2]
    figures = [
        Figure("resident after 10,000 requests", [resident[-1]], "MB", 200),
        Figure("growth over the second half", [resident[-1] - half], "MB", 5),
        Figure("resident, after every 1,000", resident, "MB"),
    ]
    how = f"One web process of {site.THREADS} threads, four clients, whole cases."
    return Table("Memory of a web process", how, figures)


def worker(place: site.Site) -> int:
    """The process that answers: of those the server started, the one that holds most."""
    return max(cpu.tree(place.pids[0])[1:], key=cpu.memory)

"""Whole cases over HTTP: the cost of one completion, cases a second, more and more processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from bench import cpu, environments, site, viewflow
from bench.figures import Figure, Table, milliseconds
from bench.load import Done, Load, loading

PEER = "django-viewflow"
ROUNDS = 6
CLIENTS = 4
PROCESSES = 2  # one for each core: more only take turns (`processes` shows it)


@dataclass(frozen=True)
class Run:
    """One turn of the load at one site, with what everybody spent on it, in cores."""

    done: Done
    server: float
    database: float

    @property
    def rate(self) -> float:
        """Cases a second."""
        return self.done.cases / self.done.wall

    @property
    def completions(self) -> float:
        """Completed tasks a second of the time spent completing (pages not counted)."""
        times = self.done.times["completion"]
        return len(times) / sum(times)

    @property
    def cost(self) -> float:
        """Processor milliseconds of web processes and database for one case."""
        return 1000 * (self.server + self.database) * self.done.wall / self.done.cases

    @property
    def load(self) -> float:
        """The load generator's own share."""
        return self.done.cpu / self.done.wall


@dataclass(frozen=True)
class Bench:
    """A site under load."""

    postgresql: site.PostgreSQL
    place: site.Site
    load: Load

    def run(self, *, clients: int, cases: int) -> Run:
        """Let the clients work once, watching what it costs."""
        before = self._spent()
        done = self.load.run(clients=clients, cases=cases)
        server, database = (now - b for now, b in zip(self._spent(), before, strict=True))
        return Run(done, server / done.wall, database / done.wall)

    def _spent(self) -> tuple[float, float]:
        """Processor seconds of the web processes and of PostgreSQL until now."""
        return sum(map(cpu.seconds, self.place.pids)), cpu.seconds(self.postgresql.pid)


def completion(server: site.PostgreSQL) -> Table:
    """One client, one worker, turn by turn with the peer."""
    with both(server, "one", workers=1, clients=1) as (ours, peer, missing):
        turns = alternating([ours, *peer], clients=1, cases=15)
    mine, theirs = turns[0], turns[1:]
    figures = [
        Figure("completion, p50 of each turn", _p50(mine, "completion"), "ms", 8),
        Figure("form page, p50 of each turn", _p50(mine, "page"), "ms"),
        Figure("start of a case, p50 of each turn", _p50(mine, "start"), "ms"),
        Figure("whole cases, one client", [run.rate for run in mine], "cases/s"),
        Figure("processor time of a case, web and database", [run.cost for run in mine], "ms"),
    ]
    for runs in theirs:
        ratios = [a.completions / b.completions for a, b in zip(mine, runs, strict=True)]
        wholes = [a.rate / b.rate for a, b in zip(mine, runs, strict=True)]
        costs = [b.cost / a.cost for a, b in zip(mine, runs, strict=True)]
        figures += [
            Figure(f"{PEER}: completion, p50 of each turn", _p50(runs, "completion"), "ms"),
            Figure(f"{PEER}: form page, p50 of each turn", _p50(runs, "page"), "ms"),
            Figure(f"completions a second against {PEER}", ratios, "×", 2.5, "most"),
            Figure(f"whole cases a second against {PEER}", wholes, "×"),
            Figure(f"cases from the same processor time against {PEER}", costs, "×"),
        ]
    how = (
        f"One client, one web process of {site.THREADS} threads; {ROUNDS} turns of 15 cases, each "
        "followed by as many at the peer, on the same PostgreSQL under the same web server."
    )
    return Table("A completed task over HTTP", how, figures, missing)


def cases(server: site.PostgreSQL) -> Table:
    """Four clients at a web process for each core."""
    with both(server, "four", workers=PROCESSES, clients=CLIENTS) as (ours, peer, missing):
        turns = alternating([ours, *peer], clients=CLIENTS, cases=12)
    mine, theirs = turns[0], turns[1:]
    figures = [
        Figure("whole cases", [run.rate for run in mine], "cases/s", 25, "most"),
        *_shares(mine),
        Figure("completion, p50 of each turn", _p50(mine, "completion"), "ms"),
    ]
    for runs in theirs:
        ratios = [a.rate / b.rate for a, b in zip(mine, runs, strict=True)]
        figures += [
            Figure(f"{PEER}: whole cases", [run.rate for run in runs], "cases/s"),
            Figure(f"whole cases against {PEER}", ratios, "×"),
        ]
    how = (
        f"{CLIENTS} clients, {PROCESSES} web processes with a port each, to which the clients are "
        "dealt out; turn by turn with the peer. A case is a start and six completions, with the "
        "form's page before each: 14 requests. Server, database and load generator share the "
        "machine's cores."
    )
    return Table("Whole cases of six tasks", how, figures, missing)


def processes(server: site.PostgreSQL) -> Table:
    """One, two, then four web processes at one database."""
    figures: list[Figure] = []
    for workers in (1, 2, 4):
        database = site.founded(server, f"processes_{workers}")
        with ExitStack() as stack:
            place = stack.enter_context(site.serving(database, workers=workers))
            bench = _warm(stack, server, place, 2 * CLIENTS)
            runs = [bench.run(clients=2 * CLIENTS, cases=6) for _turn in range(4)]
        name = f"{workers} web process{'es' if workers > 1 else ''}"
        used = median(run.server + run.database + run.load for run in runs)
        its = median(run.database for run in runs)
        note = f"{used:.2f} cores used in all, {its:.2f} of it by PostgreSQL"
        figures.append(Figure(name, [run.rate for run in runs], "cases/s", note=note))
    how = f"{2 * CLIENTS} clients; the whole case as above."
    return Table("More web processes", how, figures)


@contextmanager
def both(
    server: site.PostgreSQL, name: str, *, workers: int, clients: int
) -> Iterator[tuple[Bench, list[Bench], list[str]]]:
    """Our site and, where it can be had, the peer's, both warm; and what is missing."""
    with ExitStack() as stack:
        database = site.founded(server, f"weathervane_{name}")
        place = stack.enter_context(site.serving(database, workers=workers))
        ours = _warm(stack, server, place, clients)
        try:
            database = viewflow.founded(server, f"viewflow_{name}")
        except environments.Unavailable as problem:
            yield ours, [], [f"{PEER} ({problem})"]
            return
        place = stack.enter_context(viewflow.serving(database, workers=workers))
        yield ours, [_warm(stack, server, place, clients)], []


def alternating(benches: Sequence[Bench], *, clients: int, cases: int) -> list[list[Run]]:
    """Turns of each in alternation, so that what disturbs one disturbs all."""
    turns: list[list[Run]] = [[] for _bench in benches]
    for _round in range(ROUNDS):
        for runs, bench in zip(turns, benches, strict=True):
            runs.append(bench.run(clients=clients, cases=cases))
    return turns


def _warm(stack: ExitStack, server: site.PostgreSQL, place: site.Site, clients: int) -> Bench:
    bench = Bench(server, place, stack.enter_context(loading(place, clients=clients)))
    bench.run(clients=clients, cases=6)
    return bench


def _p50(runs: Sequence[Run], what: str) -> list[float]:
    return milliseconds(median(run.done.times[what]) for run in runs)


def _shares(runs: Sequence[Run]) -> list[Figure]:
    return [
        Figure("web processes", [run.server for run in runs], "cores"),
        Figure("PostgreSQL", [run.database for run in runs], "cores"),
        Figure("load generator", [run.load for run in runs], "cores"),
    ]

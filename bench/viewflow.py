"""The peer over HTTP: the same six tasks on django-viewflow, served and used the same way."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import psycopg

from bench import environments, site
from bench.browser import Answer, Browser
from bench.walks import TEXT, Times

PASSWORD: Final = "six steps in a row"  # noqa: S105 - opens a database that lives for minutes
LOGIN: Final = "/accounts/login/"
TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
STEPS: Final[tuple[Mapping[str, str], ...]] = (
    {"text": TEXT, "basis": "专报办法第三条"},
    {"progress": TEXT, "percent": "60"},
    {"approved": "approve", "opinion": "同意"},
    {"result": TEXT, "measures_taken": TEXT, "evidence": TEXT, "percent": "100"},
    {"handling": "read"},
    {"closing": "approve", "closing_opinion": "同意办结"},
)


def founded(server: site.PostgreSQL, name: str) -> str:
    """A database with the peer's tables and accounts."""
    programs, database = environments.python(), server.make(name)
    site.done([str(programs / "django-admin"), "migrate", "-v0"], _environment(database))
    accounts = [str(programs / "python"), str(environments.LOCKS / "viewflow_people.py")]
    site.done([*accounts, str(site.PEOPLE)], _environment(database))
    return database


@contextmanager
def serving(database: str, *, workers: int = 1) -> Iterator[site.Site]:
    """The peer's pages, under the same web server with as many processes and threads as ours."""
    options = (f"--blocking-threads={site.THREADS}", "six.wsgi:app")
    command = [str(environments.python() / "granian"), *site.GRANIAN, *options]
    place = site.Server(command, _environment(database), environments.LOCKS, LOGIN)
    with place.running(workers) as (ports, pids):
        yield site.Site("viewflow", ports, pids, database)


class ViewflowWalk:
    """One person at the peer's pages, who holds every permission and is given every task."""

    def __init__(self, port: int, number: int, database: str) -> None:
        """Sign in."""
        self._person = Browser(port)
        self._database = psycopg.connect(database, autocommit=True, prepare_threshold=0)
        token = {TOKEN: self._person.get(LOGIN).hidden(TOKEN)}
        name = {"username": f"clerk_{number}", "password": PASSWORD}
        self._person.post(LOGIN, {**token, **name})

    def case(self, times: Times) -> None:
        """Start a case and complete its six tasks, opening each form's page before."""
        case_id = self.start(times)
        for answers in STEPS:
            task_id, node = self._open_task(case_id)
            address = f"/six/{case_id}/{node}/{task_id}/execute/"
            self._send(address, answers, times, "completion")

    def start(self, times: Times) -> int:
        """Start a case; its number."""
        done = self._send("/six/start/", {"title": "六步专报"}, times, "start")
        return int(done.onwards.split("/")[2])

    def _send(self, path: str, answers: Mapping[str, str], times: Times, what: str) -> Answer:
        page = self._person.get(path)
        times["page"].append(page.seconds)
        token = {TOKEN: page.hidden(TOKEN)}
        done = self._person.post(path, {**token, **answers})
        times[what].append(done.seconds)
        return done

    def _open_task(self, case_id: int) -> tuple[int, str]:
        """The number and node of the case's open task."""
        row = self._database.execute(
            "SELECT id, flow_task FROM viewflow_task WHERE process_id = %s AND status = 'ASSIGNED'",
            (case_id,),
        ).fetchone()
        assert row is not None  # noqa: S101 - a case in the middle has an open task
        return int(row[0]), str(row[1]).rpartition(".")[2]


def _environment(database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "six.settings",
        "PYTHONPATH": str(environments.LOCKS),
    }

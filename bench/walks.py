"""One case from start to end as people do it: each step's page, then its form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Protocol

import psycopg

from bench import county
from bench.browser import Answer, Browser

Times = defaultdict[str, list[float]]

CLERK, DIRECTOR = county.POSTS
TEXT: Final = "组织研判会商，逐项核对数据，明确责任单位、措施和完成时限，按期反馈办理结果。"
STEPS: Final = (
    (CLERK, {"text": TEXT, "basis": "专报办法第三条"}),
    (CLERK, {"text": TEXT, "percent": "60"}),
    (DIRECTOR, {"decision": "approve", "opinion": "同意"}),
    (CLERK, {"result": TEXT, "measures_taken": TEXT, "evidence": TEXT, "percent": "100"}),
    (CLERK, {"handling": "read"}),
    (DIRECTOR, {"decision": "approve", "opinion": "同意办结"}),
)


class Walk(Protocol):
    """A client of some server that can carry one case through."""

    def __init__(self, port: int, number: int, database: str) -> None:
        """Sign in."""

    def case(self, times: Times) -> Any:
        """Start a case and complete its six tasks, opening each form's page before."""

    def start(self, times: Times) -> Any:
        """Start a case and leave it there."""


class WeathervaneWalk:
    """A clerk and a director at our own server."""

    def __init__(self, port: int, number: int, database: str) -> None:
        """Sign both in."""
        self._people = {post: _signed_in(port, county.login(post, number)) for post in county.POSTS}
        self._address = database
        self._cases = 0

    def case(self, times: Times) -> None:
        """Start a case and complete its six tasks, opening each form's page before."""
        case_id = self.start(times)
        for post, answers in STEPS:
            self._complete(self._people[post], self._task(case_id), answers, times)

    def start(self, times: Times) -> int:
        """Start a case; its number."""
        clerk = self._people[CLERK]
        page = clerk.get("/start/brief")
        times["page"].append(page.seconds)
        self._cases += 1
        title = {"title": f"六步专报 {self._cases}", "profile": "tanghe"}
        begun = clerk.post("/start/brief", {**_hidden(page), **title})
        times["start"].append(begun.seconds)
        return int(begun.onwards.rsplit("/", 1)[1])

    def inbox(self, times: Times) -> None:
        """Look at what waits for the office."""
        times["inbox"].append(self._people[CLERK].get("/inbox/").seconds)

    def _complete(
        self, person: Browser, task: int, answers: Mapping[str, str], times: Times
    ) -> None:
        page = person.get(f"/tasks/{task}")
        times["page"].append(page.seconds)
        done = person.post(f"/tasks/{task}/completion", {**_hidden(page), **answers})
        times["completion"].append(done.seconds)

    @cached_property
    def _database(self) -> psycopg.Connection[Any]:
        """For those acts alone that look something up: the inbox is looked at on SQLite too."""
        return psycopg.connect(self._address, autocommit=True, prepare_threshold=0)

    def _task(self, case_id: int) -> int:
        """The case's open task: what a person would see in the inbox."""
        row = self._database.execute(
            "SELECT id FROM assignment WHERE case_id = %s AND state = 'active'", (case_id,)
        ).fetchone()
        assert row is not None  # noqa: S101 - a case in the middle has an open task
        return int(row[0])


def _hidden(page: Answer) -> dict[str, str]:
    fields = {name: page.hidden(name) for name in ("csrf_token", "idempotency_key")}
    if b'name="version"' in page.body:
        fields["version"] = page.hidden("version")
    return fields


def _signed_in(port: int, login: str) -> Browser:
    """A browser whose person signs in for the first time and chooses a password."""
    browser = Browser(port)
    token = {"csrf_token": browser.get("/signin").hidden("csrf_token")}
    browser.post("/signin", {**token, "login": login, "password": county.PASSWORD})
    token = {"csrf_token": browser.get("/account/password").hidden("csrf_token")}
    chosen = {"new": county.OWN_PASSWORD, "again": county.OWN_PASSWORD}
    browser.post("/account/password", {**token, "current": county.PASSWORD, **chosen})
    return browser

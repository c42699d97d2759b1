"""Tasks completed over HTTP, and what each one cost the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.actor import Actor
from app.db import db, session
from tests import stories
from tests.access.browsers import hidden_fields, signed_in
from tests.web.conftest import TOKEN, Browser

NOT_COUNTED = ("BEGIN", "COMMIT", "SET", "ROLLBACK")


@dataclass
class Cost:
    """What was sent to the database while a request was answered."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def __str__(self) -> str:
        return f"{len(self.statements)} statements, {self.commits} commit"


@contextmanager
def counted() -> Iterator[Cost]:
    """Everything the database hears meanwhile."""
    cost = Cost()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            cost.statements.append(statement)

    def committed(_connection: Any) -> None:
        cost.commits += 1

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", committed)
    try:
        yield cost
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", committed)


@dataclass
class Counter:
    """Everybody's browser, and the cost of each task completed in one, by process and element."""

    app: Flask
    browsers: dict[str, Browser] = field(default_factory=dict)
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def complete(
        self, case_id: int, node: str, answers: Mapping[str, Any] | None = None, *, by: Actor
    ) -> dict[str, Any]:
        """Open the task's page, fill in its form, send it (in the place of stories.complete)."""
        name = f"{stories.case(case_id).kind}.{node}"
        task = stories.open_for(case_id, node, by).id
        self.costs.setdefault(name, []).append(self.send(task, answers or {}, by=by))
        return {"case": case_id}

    def send(self, task: int, answers: Mapping[str, Any], *, by: Actor) -> Cost:
        """The same for one assignment: what the sending cost."""
        return self._sent(f"/tasks/{task}", f"/tasks/{task}/completion", answers, by)

    def start(self, name: str, answers: Mapping[str, Any], *, by: Actor) -> Cost:
        """Start something from its page: what the sending cost."""
        return self._sent(f"/start/{name}", f"/start/{name}", answers, by)

    def _sent(self, address: str, to: str, answers: Mapping[str, Any], by: Actor) -> Cost:
        browser = self._browser(by)
        page = browser.get(address).text
        token = TOKEN.search(page)
        assert token, page
        form = {**hidden_fields(page), **dict(_filled(answers)), "csrf_token": token[1]}
        session().rollback()
        with counted() as cost:
            answer = browser.client.post(to, data=form)
        assert answer.status_code == 303, answer.text
        return cost

    def _browser(self, by: Actor) -> Browser:
        known = self.browsers.get(by.login)
        if known is None or not known.is_signed_in:  # the story's clock has moved on
            self.browsers[by.login] = signed_in(self.app, by)
        return self.browsers[by.login]


def _filled(answers: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Answers as a browser sends them: `measures-0-text`, nothing for what is not filled in."""
    for name, value in answers.items():
        if value is None or value is False:
            continue
        if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            for number, row in enumerate(value):
                yield from _filled(row, f"{before}{name}-{number}-")
        elif isinstance(value, list | tuple):
            yield f"{before}{name}", [str(each) for each in value]
        else:
            yield f"{before}{name}", "true" if value is True else str(value)

"""Somebody who goes to every address and complains where the answer is not the declared one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.db import db
from tests.access.cast import NOBODY
from tests.access.routes import Entry, Thing
from tests.web.conftest import Browser

API = "/api/"
READING = ("GET",)
WRITING = ("POST", "PUT", "PATCH", "DELETE")
ANSWERS = {
    ("opens", "GET"): {200, 302, 303},
    ("opens", "POST"): {200, 302, 303, 409, 422},
    ("says why not", "GET"): {403},
    ("says why not", "POST"): {403},
    ("hides it", "GET"): {404},
    ("hides it", "POST"): {404},
    ("asks to sign in", "GET"): {302, 401},
    ("asks to sign in", "POST"): {302, 401},
}
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
BOOKKEEPING = {"web_session"}  # a visit is noted so that the session does not go idle
CHANGING = re.compile(r'content="[^"]*"|value="[^"]*"|<code>\w+</code>')


@dataclass(frozen=True)
class Answered:
    """An answer without what changes from request to request; what broke has no status."""

    status: int | str
    leads_to: str = ""
    kind: str = ""
    text: str = ""
    body: bytes = field(default=b"", compare=False)


@dataclass(frozen=True)
class Visitor:
    """One of the cast with the cookies they came with, the same for every visit."""

    name: str
    app: Flask
    cookies: Mapping[str, str]
    token: str

    @classmethod
    def of(cls, name: str, browser: Browser, app: Flask) -> Visitor:
        """Remember how this browser is signed in."""
        token = browser.token()
        kept = {key: browser.client.get_cookie(key) for key in ("wv", "wv-form")}
        return cls(name, app, {key: each.value for key, each in kept.items() if each}, token)

    def visit(self, method: str, address: str, body: Mapping[str, Any]) -> Answered:
        """Go there as if for the first time."""
        try:
            answer = self.opened(method, address, body)
        except Exception as problem:  # noqa: BLE001 - whatever breaks a page is a complaint
            return Answered(f"with {type(problem).__name__}: {problem}")
        text = answer.text if answer.mimetype.startswith("text/") else ""
        if answer.mimetype == "application/problem+json":
            text = str({**answer.json, "request_id": ""})
        return Answered(
            answer.status_code, answer.location or "", answer.content_type or "",
            CHANGING.sub("", text.replace(address, "")), answer.data,
        )  # fmt: skip

    def opened(self, method: str, address: str, body: Mapping[str, Any]) -> TestResponse:
        """The answer as it came."""
        client = self.app.test_client()
        for key, value in self.cookies.items():
            client.set_cookie(key, value)
        if method in READING:
            return client.open(address, method=method)
        if address.startswith(API):
            token = {"X-CSRFToken": self.token}
            return client.open(address, method=method, json=dict(body), headers=token)
        return client.open(address, method=method, data={"csrf_token": self.token, **body})


@contextmanager
def written() -> Iterator[list[str]]:
    """The tables that are written to meanwhile."""
    tables: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = WRITES.match(statement)
        if found and found[2] not in BOOKKEEPING:
            tables.append(found[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def routes(app: Flask, methods: tuple[str, ...]) -> Iterator[tuple[str, str, Rule]]:
    """Every route that takes one of these methods: its line in the table, method and rule."""
    for rule in app.url_map.iter_rules():
        for method in sorted(set(rule.methods or ()) & set(methods)):
            yield f"{method} {rule.rule}", method, rule


def expected(entry: Entry, thing: Thing, name: str) -> str:
    """What the table says this person meets there."""
    if entry.public:
        return "opens"
    if name == NOBODY:
        return "asks to sign in"
    if name not in thing.readers:
        return "hides it"
    if thing.doers is not None and name not in thing.doers:
        return "says why not"
    return "opens"


def asked_to_sign_in(address: str, answer: Answered) -> bool:
    """A person is led to the page for it, a program told so in its own language."""
    if address.startswith(API):
        return (answer.status, answer.kind) == (401, "application/problem+json")
    return answer.leads_to.startswith("/signin")


def address_of(rule: Rule, values: Mapping[str, Any]) -> str:
    """The address of a route with its values filled in."""
    built = rule.build(dict(values), append_unknown=False)
    assert built is not None, f"{rule.rule} cannot be built from {dict(values)}"
    return built[1]


@dataclass
class Walk:
    """One walk through the addresses; remembers how each visitor hears that nothing is there."""

    visits: int = 0
    nothings: dict[tuple[str, str, str], Answered] = field(default_factory=dict)

    def complaints(
        self, visitor: Visitor, method: str, rule: Rule, entry: Entry, thing: Thing
    ) -> Iterator[str]:
        """Everything that is not as declared when this person goes there."""
        wanted, address = expected(entry, thing, visitor.name), address_of(rule, thing.values)
        self.visits += 1
        with written() as tables:
            answer = visitor.visit(method, address, entry.body())
        said = f"{visitor.name}: {method} {address} answered {answer.status}"
        if answer.status not in ANSWERS[wanted, method]:
            yield f"{said}, but the table says it {wanted}"
        elif wanted == "asks to sign in" and not asked_to_sign_in(address, answer):
            yield f"{said} and leads to {answer.leads_to}"
        if tables and (method in READING or wanted != "opens"):
            yield f"{said} and wrote to {sorted(set(tables))}"
        if wanted == "hides it" and answer != self.nothing(visitor, method, rule, entry, answer):
            yield f"{said}, otherwise than for what does not exist"

    def nothing(
        self, visitor: Visitor, method: str, rule: Rule, entry: Entry, answer: Answered
    ) -> Answered:
        """How this person is answered where there is nothing; no such place, no other answer."""
        if entry.absent is None:
            return answer
        key = (visitor.name, method, rule.rule)
        if key not in self.nothings:
            address = address_of(rule, entry.absent)
            self.nothings[key] = visitor.visit(method, address, entry.body())
        return self.nothings[key]

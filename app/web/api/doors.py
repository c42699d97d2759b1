"""Doors for programs: each says its address, what it asks and gives; the document says it on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from flask import Blueprint, Response
from marshmallow import Schema

from app import forms
from app.i18n import Text
from app.web.api.asking import Act, Said, brought, nothing_more
from app.web.api.telling import DoneOut, told
from app.web.policy import Policy, require, signed_in
from app.web.wording import say

Json = dict[str, Any]
View = Callable[..., Any]
NOTHING: Final = ""
WITH_FILES: Final = "files"
OWN_FORM: Final = None
SIGNS: Final = re.compile(r"\W+")


@dataclass(frozen=True)
class Row:
    """One of several acts behind one address that ends in its name."""

    name: str
    label: Text
    form: str
    consequence: Text | None = None
    further: bool = False


@dataclass(frozen=True)
class Door:
    """An address; `asks` names the form an act asks (OWN_FORM: that of the task)."""

    method: str
    rule: str
    summary: Text
    answer: type[Schema] | None
    query: Mapping[str, Json]
    asks: str | None = NOTHING
    rows: tuple[Row, ...] = ()
    body: type[Schema] = Act


bp = Blueprint("api", __name__, url_prefix="/api")
DOORS: Final[list[Door]] = []


def reads(
    rule: str,
    summary: Text,
    answer: type[Schema],
    *,
    policy: Policy = signed_in,
    query: Mapping[str, Json] | None = None,
) -> Callable[[View], View]:
    """Open an address to read; the view gives what the schema tells."""

    def declared(view: View) -> View:
        @wraps(view)
        def answered(**values: Any) -> Response:
            return told(answer(), view(**values))

        _open(Door("GET", rule, summary, answer, query or {}), answered, policy)
        return view

    return declared


def acts(
    rule: str,
    summary: Text,
    *,
    asks: str | None = NOTHING,
    rows: tuple[Row, ...] = (),
    policy: Policy = signed_in,
    body: type[Schema] = Act,
) -> Callable[[View], View]:
    """Open an address to act at; the view takes what was said, gives words and what came of it."""

    def declared(view: View) -> View:
        def done(values: Mapping[str, Any], said: Said) -> Response:
            if asks == NOTHING and not rows:
                nothing_more(said.answers)
            words, result = view(**values, said=said)
            return told(DoneOut(), {"done": say(words), "result": result})

        @wraps(view)
        def answered(**values: Any) -> Response:
            if asks == WITH_FILES:
                return done(values, Said({}, None, None, {}))
            return done(values, brought(body))

        _open(Door("POST", rule, summary, DoneOut, {}, asks, rows, body), answered, policy)
        return view

    return declared


def checked(form: str, said: Said) -> dict[str, Any]:
    """The answers, for an act that does not look at its form itself."""
    return forms.checked(forms.load(form), said.answers, context=forms.Context())


def _open(door: Door, view: View, policy: Policy) -> None:
    DOORS.append(door)
    where = f"{door.method}_{SIGNS.sub('_', door.rule)}"
    bp.add_url_rule(door.rule, where, require(policy)(view), methods=[door.method])

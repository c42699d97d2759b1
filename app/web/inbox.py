"""待办: what waits for me and my units, what we have done and begun, what we got copies of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, g, jsonify, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from app.actor import Actor
from app.i18n import Text
from app.queries import my_work
from app.queries.inbox import SORTS, Place, glance, inbox
from app.queries.tasks import unit_choices
from app.queries.waiting import LIGHTS, Filters
from app.queries.words.cases import KINDS
from app.web.english import called
from app.web.policy import current_actor, require, signed_in, unattended
from app.web.wording import PARTS, STAGES, say

bp = Blueprint("inbox", __name__, url_prefix="/inbox")
LONGEST: Final = 80
WHOSE: Final = ("me", "unit", "deputy")
ROLES: Final = ("lead", "co", "office")


@bp.get("/")
@require(signed_in)
def index() -> str:
    """The tasks I may complete now."""
    return _waiting("index", receipt=None)


@bp.get("/receipts")
@require(signed_in)
def receipts() -> str:
    """待签收: those of them by which my unit signs for something."""
    return _waiting("receipts", receipt=True)


@bp.get("/counts.json")
@require(unattended)
def counts() -> WerkzeugResponse:
    """How much waits, for open pages that ask every so often; 304 while nothing changed."""
    found = glance(current_actor())
    answer = jsonify(all=found.all, receipts=found.receipts, news=found.news, state=found.state)
    answer.set_etag(f"{found.state}.{found.news}")
    return answer.make_conditional(request)


@bp.get("/done")
@require(signed_in)
def done() -> str:
    """已办: what I, or my unit, completed."""
    return _list("done", my_work.done, whole_unit=_ours())


@bp.get("/begun")
@require(signed_in)
def begun() -> str:
    """我发起的: the cases I, or my unit, opened."""
    return _list("begun", my_work.begun, whole_unit=_ours())


@bp.get("/followed")
@require(signed_in)
def followed() -> str:
    """关注: the cases I marked to find them again."""
    return _list("followed", my_work.followed)


@bp.get("/copies")
@require(signed_in)
def copies() -> str:
    """抄送我的: the papers my units got copies of."""
    return _list("copies", my_work.copies, unread=request.args.get("unread") == "1")


def _waiting(tab: str, *, receipt: bool | None) -> str:
    viewer, args = current_actor(), request.args
    light = _one_of(args.get("light", ""), LIGHTS)
    filters, sort = _filters(receipt=receipt), _one_of(args.get("sort", ""), SORTS) or "pressing"
    box = inbox(viewer, light=light or None, filters=filters, sort=sort, after=_after(), now=g.now)
    units = {held.unit_id: held.unit_name for held in viewer.holdings}
    return render_template(
        "inbox/index.html",
        tab=tab,
        waiting=box.waiting,
        box=box,
        chosen=light,
        filters=filters,
        sort=sort,
        query=_query("light", "after"),
        options={
            "kind": _options(KINDS),
            "stage": _options(STAGES),
            "role": _options({role: PARTS[role] for role in ROLES}),
            "unit": [(number, called(name)) for number, name in units.items()],
            "from": [(number, called(name)) for number, name in unit_choices()],
        },
        deputy=any(held.deputy_for for held in viewer.holdings),
    )


def _list(tab: str, found: Callable[..., my_work.Pages[Any]], **wanted: bool) -> str:
    viewer: Actor = current_actor()
    text = request.args.get("text", "")[:LONGEST].strip()
    return render_template(
        f"inbox/{tab}.html",
        tab=tab,
        waiting=glance(viewer),
        pages=found(viewer, text=text, after=_after(), **wanted),
        text=text,
        wanted=wanted,
        query=_query("after"),
    )


def _options(words: Mapping[str, Text]) -> list[tuple[str, str]]:
    return [(code, say(text)) for code, text in words.items()]


def _filters(*, receipt: bool | None) -> Filters:
    """What the address asks for; what it cannot mean is left out."""
    args = request.args
    return Filters(
        kind=_one_of(args.get("kind", ""), KINDS),
        stage=_one_of(args.get("stage", ""), STAGES),
        role=_one_of(args.get("role", ""), ROLES),
        whose=_one_of(args.get("whose", ""), WHOSE),
        unit_id=_number(args.get("unit", "")),
        from_unit_id=_number(args.get("from", "")),
        due_from=_day(args.get("due_from", "")),
        due_until=_day(args.get("due_until", "")),
        text=args.get("text", "")[:LONGEST].strip(),
        receipt=receipt,
    )


def _query(*without: str) -> Mapping[str, str]:
    """What else the address asks for, to be kept in links."""
    return {name: said for name, said in request.args.items() if said and name not in without}


def _after() -> Place | None:
    return Place.read(request.args.get("after", ""))


def _ours() -> bool:
    return request.args.get("whose") == "unit"


def _one_of(said: str, known: Any) -> str:
    return said if said in known else ""


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) < 10 else None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None

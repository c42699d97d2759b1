"""待办: what waits for me and my units, what we have done and begun, what we got copies of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from app.actor import Actor
from app.commands import views as keeping
from app.commands.operations import in_bulk
from app.i18n import Text, _
from app.queries import my_work
from app.queries.glance import glance
from app.queries.inbox import inbox
from app.queries.places import BY_MOMENT, Place
from app.queries.views import views
from app.queries.words.cases import KINDS
from app.rules.access import may_share_views
from app.web.english import called
from app.web.frame import toast
from app.web.offices import unit_options
from app.web.policy import current_actor, require, signed_in, unattended
from app.web.posted import form_fields, number
from app.web.wishes import LONGEST, ROLES, kept, wished
from app.web.wording import PARTS, STAGES, say, worded

bp = Blueprint("inbox", __name__, url_prefix="/inbox")
ORDERS: Final[Mapping[str, Text]] = {
    "light": _("Light"),
    "due": _("Due date"),
    "number": _("Number"),
    "unit": _("Unit"),
    "opened": _("Came in"),
}


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
    answer = jsonify(
        all=found.all,
        receipts=found.receipts,
        copies=found.copies,
        news=found.news,
        state=found.state,
    )
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
    """抄送与传阅: what came to me and my units for reading; what was read only when asked for."""
    return _list("copies", my_work.copies, unread=request.args.get("all") != "1")


@bp.post("/views")
@require(signed_in)
def keep_view() -> WerkzeugResponse:
    """Keep what the list is narrowed and ordered by under a name."""
    fields = form_fields()
    said = fields.get("query", "")[:2000].replace("%00", "")
    query = kept(MultiDict(parse_qsl(said)))
    keeping.keep(fields.get("name", ""), query, number("unit"), actor=current_actor())
    toast(_("The view is kept; it stands above the list."))
    return redirect(f"{url_for('inbox.index')}?{urlencode(query)}", 303)


@bp.post("/views/<int:view_id>/removal")
@require(signed_in)
def remove_view(view_id: int) -> WerkzeugResponse:
    """Throw a view of one's own away."""
    keeping.remove(view_id, actor=current_actor())
    toast(_("The view is gone; the tasks are as they were."))
    return redirect(url_for("inbox.index"), 303)


def _waiting(tab: str, *, receipt: bool | None) -> str:
    viewer, wish = current_actor(), wished(request.args, receipt=receipt)
    box = inbox(viewer, wish, now=g.now)
    return render_template(
        "inbox/index.html",
        tab=tab,
        waiting=box.waiting,
        box=box,
        wish=wish,
        query=kept(request.args),
        options=_choices(viewer),
        senders=unit_options(wish.filters.from_unit_id),
        deputy=any(held.deputy_for for held in viewer.holdings),
        orders=[(key, say(words), wish.sort.first(key)) for key, words in ORDERS.items()],
        views=views(viewer),
        sharing=_sharing(viewer),
        acts=in_bulk.offered_to(viewer),
    )


def _list(tab: str, found: Callable[..., my_work.Pages[Any]], **wanted: bool) -> str:
    viewer: Actor = current_actor()
    text = request.args.get("text", "")[:LONGEST].strip()
    after = Place.read(request.args.get("after", ""), BY_MOMENT)
    return render_template(
        f"inbox/{tab}.html",
        tab=tab,
        waiting=glance(viewer),
        pages=found(viewer, text=text, after=after, **wanted),
        text=text,
        wanted=wanted,
        query={name: said for name, said in request.args.items() if said and name != "after"},
    )


def _options(words: Mapping[str, Text]) -> list[tuple[str, str]]:
    return [(code, say(text)) for code, text in words.items()]


def _choices(viewer: Actor) -> dict[str, list[tuple[Any, str]]]:
    """What the list can be narrowed to, by name."""
    units = {held.unit_id: held.unit_name for held in viewer.holdings}
    return {
        "kind": _options(KINDS),
        "stage": _options(STAGES),
        "role": _options({role: PARTS[role] for role in ROLES}),
        "unit": [(number, called(name)) for number, name in units.items()],
    }


def _sharing(viewer: Actor) -> list[tuple[int, str]]:
    """The units this person may put a view before."""
    units = {held.unit_id: held for held in viewer.holdings if held.deputy_for is None}
    return [
        (number, worded(held, "unit_name"))
        for number, held in units.items()
        if may_share_views(viewer, number)
    ]


def _ours() -> bool:
    return request.args.get("whose") == "unit"

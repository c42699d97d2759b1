"""What surrounds every page: navigation by work, theme, messages, a demonstration's notice."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from flask import Flask, current_app, flash, g, get_flashed_messages, request, url_for
from markupsafe import Markup, escape

from app.actor import Actor, Holding
from app.i18n import Text, _
from app.queries.incidents import unsolved_count
from app.queries.readiness import simulated_now
from app.web.policy import maybe_actor, policy_of
from app.web.posts import held
from app.web.security import csrf_token, path_asked_for
from app.web.sessions import settings
from app.web.speech import speech
from app.web.wording import say

THEMES: Final = ("light", "dark", "auto")
TONES: Final = ("success", "info", "warning", "danger")


@dataclass(frozen=True, eq=False)
class Entry:
    """One kind of work in the navigation; shown to those whom its page's policy admits."""

    endpoint: str
    label: Text
    icon: str
    roles: frozenset[str]
    families: frozenset[str]
    count: Callable[[Actor], int] | None = None


def entry(
    endpoint: str,
    label: Text,
    icon: str,
    *,
    roles: Sequence[str] = (),
    families: Sequence[str] = (),
    count: Callable[[Actor], int] | None = None,
) -> Entry:
    """An entry for the page `endpoint`, lit up on every page of its blueprint and of `families`.

    `roles` narrows it further than the page's own policy does; `count` says how much waits there.
    """
    own, _dot, _view = endpoint.partition(".")
    return Entry(endpoint, label, icon, frozenset(roles), frozenset({own, *families}), count)


def _incidents(actor: Actor) -> int:
    """How many wait; who asks was told whether any does."""
    return unsolved_count(actor) if g.get("trouble") else 0


ENTRIES: Final = (
    entry("inbox.index", _("Tasks"), "inbox", families=("tasks", "selection")),
    entry("ledger.index", _("Matters"), "list-details", families=("cases",)),
    entry("rounds.index", _("Rounds"), "repeat", families=("indicators", "imports")),
    entry("documents.index", _("Papers"), "file-text", families=("notices",)),
    entry("meetings.index", _("Meetings"), "users-group"),
    entry("incidents.index", _("Incidents"), "alert-hexagon", count=_incidents),
    entry("dashboard.index", _("Board"), "dashboard"),
    entry("audit.index", _("Audit"), "shield-check"),
    entry("studio.index", _("Processes"), "sitemap"),
    entry("people.index", _("Units and people"), "users", families=("units",)),
    entry("calendar.index", _("Calendar"), "calendar"),
    entry("wordings.index", _("Mail texts"), "mail"),
)


WAITS: Final = "inbox.index"
HERE: Final = secrets.token_hex(16)  # stands for the address asked for where it is put in later …
TOKEN: Final = secrets.token_hex(16)  # … and this for the token; nobody can write either


@dataclass(frozen=True)
class Link:
    """An entry as this page shows it; `waits`: the script keeps how much waits there up to date."""

    url: str
    label: Text
    icon: str
    here: bool
    count: int = 0
    waits: bool = False


@dataclass(frozen=True)
class Navigation:
    """Where one can go from here."""

    links: tuple[Link, ...]
    home_url: str
    search_url: str | None
    help_url: str | None


@dataclass(frozen=True)
class Frame:
    """Everything else the templates of the frame ask about this request."""

    theme: str
    here: str
    token: str
    demo: bool

    @property
    def simulated(self) -> datetime | None:
        """The moment a demonstration's moved clock shows; asked for only where it is said."""
        return simulated_now() if self.demo else None

    @property
    def fixed_theme(self) -> str | None:
        """The theme to paint at once; None leaves it to what the system prefers."""
        return None if self.theme == "auto" else self.theme


def install(app: Flask) -> None:
    """Hand the frame to every template."""
    app.context_processor(_context)


def toast(text: Text, tone: str = "success") -> None:
    """Say something short on the next page shown."""
    flash(say(text), tone if tone in TONES else "info")


def frame() -> Frame:
    """The frame of this request."""
    if "frame" not in g:
        g.frame = _frame()
    found: Frame = g.frame
    return found


def _frame() -> Frame:
    here = path_asked_for() if request.method == "GET" else "/"
    return Frame(_theme(), here, csrf_token(), demo=settings().env == "demo")


def surroundings() -> Markup:
    """Navigation and top bar: a fifth of a page's work, so they are kept drawn.

    They look the same for somebody on all pages of one kind of work; what is of this request
    alone, its token and its address, is put in where it belongs.
    """
    actor = maybe_actor()
    family, _dot, _view = (request.endpoint or "").partition(".")
    entries = tuple(
        (one, one.count(actor) if actor and one.count else 0) for one in _entries(actor)
    )
    draw = drawn.__wrapped__ if current_app.debug else drawn
    now, kept = frame(), draw(actor, held(), entries, family, speech().locale, _theme())
    return kept.replace(HERE, escape(now.here)).replace(TOKEN, escape(now.token))


@lru_cache(maxsize=500)
def drawn(
    actor: Actor | None,
    posts: tuple[Holding, ...],
    entries: tuple[tuple[Entry, int], ...],
    family: str,
    locale: str,
    theme: str,
) -> Markup:
    """Both for this person and kind of work, with marks for what is put in later."""
    to = Navigation(
        links=tuple(
            Link(
                url_for(one.endpoint),
                one.label,
                one.icon,
                family in one.families,
                count,
                waits=one.endpoint == WAITS,
            )
            for one, count in entries
        ),
        home_url=home_url(),
        search_url=_address("search.index"),
        help_url=_address("help.index"),
    )
    marked = Frame(theme, HERE, TOKEN, demo=False)
    parts: Any = current_app.jinja_env.get_template("macros/frame.html").module
    drawn_: Markup = parts.rail(to) + parts.top_bar(marked, to, actor, posts, locale)
    return drawn_ + parts.keys_dialog() if actor else drawn_


def _context() -> dict[str, Any]:
    return {
        "frame": frame,
        "surroundings": surroundings,
        "actor": maybe_actor(),
        "county": settings().county,
        "locale": speech().locale,
        "toasts": _toasts,
    }


def home_url() -> str:
    """Where one's work is."""
    return _address("inbox.index") or "/"


def first_url() -> str | None:
    """The first page this person may open, if there is any."""
    return next((url_for(one.endpoint) for one in _entries(maybe_actor())), None)


def _entries(actor: Actor | None) -> list[Entry]:
    return [one for one in ENTRIES if actor and _open(one, actor)]


def _open(one: Entry, actor: Actor) -> bool:
    policy = policy_of(current_app.view_functions.get(one.endpoint))
    if policy is None or not policy.admits(actor):
        return False
    return not one.roles or actor.has(*one.roles)


def _address(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _theme() -> str:
    wish = request.cookies.get("theme", "auto")
    return wish if wish in THEMES else "auto"


def _toasts() -> list[tuple[str, str]]:
    return get_flashed_messages(with_categories=True)  # type: ignore[return-value] # pairs, as asked

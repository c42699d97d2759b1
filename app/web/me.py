"""A person's own page: how they are told, how pages look, where they are signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands import choices, sessions
from app.errors import Invalid
from app.i18n import Text, _
from app.queries.me import OwnSession, OwnTelling, own_sessions, own_telling
from app.queries.staff import deputyships
from app.rules import access
from app.rules.telling import KINDS, Choices
from app.web.frame import toast
from app.web.policy import current_actor, require, signed_in
from app.web.sessions import settings
from app.web.wording import say

bp = Blueprint("me", __name__, url_prefix="/me")
WRONG: Final = 422
LONGEST: Final = 18  # digits of a number

BROWSERS: Final[Mapping[str, Text]] = {
    "wechat": _("WeChat"),
    "edge": _("Edge"),
    "360": _("360 browser"),
    "firefox": _("Firefox"),
    "chrome": _("Chrome"),
    "safari": _("Safari"),
}
SYSTEMS: Final[Mapping[str, Text]] = {
    "harmony": _("HarmonyOS"),
    "android": _("Android"),
    "ios": _("iPhone or iPad"),
    "windows": _("Windows"),
    "mac": _("Mac"),
    "linux": _("Linux"),
}


@bp.get("/")
@require(signed_in)
def show() -> str:
    """Everything a person settles for themselves."""
    return _page(own_telling(current_actor()), {})


@bp.post("/telling")
@require(signed_in)
def tell() -> Response:
    """Keep how they want to be told."""
    form = request.form
    mail = {kind: form[f"mail-{kind}"] for kind in KINDS if f"mail-{kind}" in form}
    off = frozenset(kind for kind in KINDS if f"tell-{kind}" not in form)
    email, daily_at = form.get("email", ""), form.get("daily_at", "")
    try:
        choices.choose(email, daily_at, mail, off, actor=current_actor())
    except Invalid as problem:
        typed = OwnTelling(email, Choices(off, mail, daily_at))
        return make_response(_page(typed, problem.fields), WRONG)
    toast(_("It is kept how you are told."))
    return redirect(url_for("me.show") + "#own-telling")


@bp.post("/sessions/end")
@require(signed_in)
def end_sessions() -> Response:
    """Sign out a browser that was left open somewhere; without a number, all but this one."""
    number = request.form.get("session", "")
    if number.isdecimal() and len(number) < LONGEST:
        sessions.end_session(int(number), actor=current_actor())
        toast(_("That browser is signed out."))
    else:
        sessions.end_other_sessions(g.session_id, actor=current_actor())
        toast(_("Every other browser is signed out."))
    return redirect(url_for("me.show"))


def _page(telling: OwnTelling, problems: Mapping[str, Text]) -> str:
    viewer = current_actor()
    found = own_sessions(viewer, g.session_id, settings(), now=g.now)
    own = viewer.in_own_name
    return render_template(
        "me/show.html",
        sessions=[(each, device(each)) for each in found],
        absence=deputyships(viewer.person_id or 0, now=g.now),
        may_name=bool(own.holdings) and not own.has(*access.ADMINISTRATORS),
        telling=telling,
        problems=problems,
        kinds=KINDS,
        mail=settings().mail,
        quiet=(settings().quiet_from, settings().quiet_until),
    )


def device(found: OwnSession) -> str:
    """The browser in plain words."""
    browser, system = BROWSERS.get(found.browser), SYSTEMS.get(found.system)
    if browser and system:
        return say(_("%(browser)s on %(system)s", browser=browser, system=system))
    return say(browser or system or _("A browser that does not say what it is"))

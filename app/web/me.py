"""A person's own page: how the pages look, where they are signed in, their password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands import sessions
from app.i18n import Text, _
from app.queries.me import OwnSession, own_sessions
from app.web.frame import toast
from app.web.policy import current_actor, require, signed_in
from app.web.sessions import settings
from app.web.wording import say

bp = Blueprint("me", __name__, url_prefix="/me")
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
    found = own_sessions(current_actor(), g.session_id, settings(), now=g.now)
    return render_template("me/show.html", sessions=[(each, device(each)) for each in found])


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


def device(found: OwnSession) -> str:
    """The browser in plain words."""
    browser, system = BROWSERS.get(found.browser), SYSTEMS.get(found.system)
    if browser and system:
        return say(_("%(browser)s on %(system)s", browser=browser, system=system))
    return say(browser or system or _("A browser that does not say what it is"))

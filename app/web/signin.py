"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.commands import signin as acts
from app.errors import Invalid
from app.i18n import Text, _
from app.queries.people import demo_accounts
from app.rules.devices import device_of
from app.web.frame import home_url, toast
from app.web.policy import current_actor, maybe_actor, own_account, public, require
from app.web.security import safe_next
from app.web.sessions import begin, end, settings

bp = Blueprint("signin", __name__)

WRONG: Final = 422
LOCKED: Final = 429


@bp.get("/signin")
@require(public)
def form() -> Response:
    """The sign-in page; somebody already signed in goes straight on."""
    if maybe_actor():
        return redirect(_onwards())
    return _page(request.args.get("account", ""))


@bp.post("/signin")
@require(public)
def sign_in() -> Response:
    """Check the password and open a session."""
    login = request.form.get("login", "")
    answer = acts.sign_in(
        login,
        request.form.get("password", ""),
        address=request.remote_addr or "",
        settings=settings(),
        device=_device(),
    )
    if answer.session_id is None:
        return _page(login, answer.problem, LOCKED if answer.locked else WRONG)
    return begin(make_response(redirect(_onwards())), answer.session_id)


@bp.post("/signout")
@require(own_account)
def sign_out() -> Response:
    """End the session and go back to the sign-in page."""
    acts.sign_out(g.session_id, actor=current_actor())
    response = end(make_response(redirect(url_for("signin.form"))))
    toast(_("You are signed out."), "info")
    return response


@bp.get("/account/password")
@require(own_account)
def password() -> str:
    """The page to change one's own password."""
    return render_template("signin/password.html", problems={})


@bp.post("/account/password")
@require(own_account)
def change_password() -> Response:
    """Change it, end every other session, and go on with a new one."""
    given = (request.form.get(name, "") for name in ("current", "new", "again"))
    try:
        session_id = acts.change_password(*given, actor=current_actor(), device=_device())
    except Invalid as problem:
        page = render_template("signin/password.html", problems=problem.fields)
        return make_response(page, WRONG)
    response = begin(make_response(redirect(home_url())), session_id)
    toast(_("Your password is changed. Other browsers were signed out."))
    return response


def _page(login: str, problem: Text | None = None, status: int = 200) -> Response:
    page = render_template(
        "signin/form.html",
        login=login,
        problem=problem,
        accounts=demo_accounts(settings()),
        onwards=safe_next(request.values.get("next")),
    )
    return make_response(page, status)


def _device() -> str:
    """What the browser says it is, for the person's own list of sessions."""
    return device_of(request.user_agent.string)


def _onwards() -> str:
    return safe_next(request.values.get("next")) or home_url()

"""What people see when something is refused, missing or broken: plain words and a way on."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.errors import Busy, Full, NotFound, Refusal
from app.i18n import Text, _
from app.web.faster import is_api, told, wants_json, what_they_did
from app.web.policy import NobodySignedIn, PasswordMustChange
from app.web.posted import sent_again
from app.web.security import path_asked_for, safe_next
from app.web.sessions import SAFE, cookie_name, settings
from app.web.wording import say

RETRY_AFTER: Final = "5"


@dataclass(frozen=True)
class Answer:
    """What an error page says: the matter in a few words, and what to do about it."""

    status: int
    code: str
    title: Text
    advice: Text


MISSING: Final = Answer(
    404,
    "not_found",
    _("Nothing to see here"),
    _(
        "This page or record does not exist, or is not open to you. Check the address, or look for "
        "it from the start page."
    ),
)
BROKEN: Final = Answer(
    500,
    "broken",
    _("Something went wrong on our side"),
    _(
        "Nothing of what you sent was kept. Try once more; if it happens again, tell the system "
        "administrator the number below."
    ),
)
AWAY: Final = Answer(
    503,
    "busy",
    _("The system is busy for a moment"),
    _("Nothing is lost. Wait a few seconds and try again."),
)
AWAY_KEPT: Final = replace(
    AWAY,
    advice=_(
        "Nothing is lost: what you sent is kept on this page. Wait a few seconds and send it "
        "again; what has gone through already is not done a second time."
    ),
)
AWAY_NOT_KEPT: Final = replace(
    AWAY,
    advice=_(
        "Nothing is lost. Go back and send it again in a few seconds; passwords and files have to "
        "be given once more."
    ),
)
FULL: Final = Answer(
    503,
    "full",
    _("There is no room left"),
    _(
        "New things cannot be kept just now; everything confirmed so far is safe and can be read. "
        "Tell the system administrator, and try again later."
    ),
)
FORM_EXPIRED: Final = Answer(
    400,
    "form_expired",
    _("This form has grown old"),
    _(
        "It was opened before you signed in, or in another window. Go back, reload the page and "
        "send it again."
    ),
)
SESSION_OVER: Final = Answer(
    401,
    "signed_out",
    _("You are signed out"),
    _("Sign in again to go on."),
)
PASSWORD_FIRST: Final = Answer(
    403,
    "password_change",
    _("Choose a password of your own first"),
    _("Sign in with a browser and choose one; after that this works."),
)
TITLES: Final = {
    400: _("This cannot be taken as sent"),
    403: _("This is not yours to do"),
    405: _("This address is not for that"),
    409: _("Somebody else was faster"),
    413: _("The file is too large"),
    415: _("This is not of the kind expected"),
    422: _("Something needs correcting"),
    429: _("Too often"),
}
ADVICE: Final = {
    400: _("Go back, reload the page and try again."),
    403: _("If you think it should be, ask your unit's leader or the supervising office."),
    405: _("Go back and use the buttons of the page."),
    413: _("Send a smaller one, or split it."),
    415: _("Send it as application/json."),
}
OTHERWISE: Final = _("Go back and try again.")


def register(app: Flask) -> None:
    """Answer every kind of refusal and failure in one way."""
    app.jinja_env.globals["what_they_did"] = what_they_did
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(NobodySignedIn, _sign_in_first)
    app.register_error_handler(PasswordMustChange, _change_password_first)
    app.register_error_handler(InternalServerError, lambda _problem: respond(BROKEN))


def respond(
    answer: Answer, problem: Refusal | None = None, again: Sequence[tuple[str, str]] = ()
) -> Response:
    """The answer as JSON, as a fragment for htmx, or as a page in the frame.

    `again`: the fields that were sent, kept on the page to be sent once more.
    """
    g.failed = answer.code
    fields = {name: say(text) for name, text in problem.fields.items()} if problem else {}
    if wants_json():
        response = jsonify(
            code=answer.code,
            title=say(answer.title),
            message=say(answer.advice),
            fields=fields,
            request_id=g.get("request_id"),
            **_details(problem),
        )
        if is_api():
            response.mimetype = "application/problem+json"
    else:
        template = "errors/notice.html" if _from_htmx() else "errors/page.html"
        response = make_response(
            render_template(
                template,
                answer=answer,
                fields=fields,
                again=again,
                refusal=problem,
                retry=request.method in SAFE,
            )
        )
    if _from_htmx():
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "beforeend"
    response.status_code = answer.status
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _details(problem: Refusal | None) -> dict[str, Any]:
    """What is known besides; for programs always in one place."""
    found = told(problem) if problem else {}
    return found if not is_api() or "details" in found else {"details": found}


def _expired(_problem: CSRFError) -> Response:
    """Signing out once more is no problem: whoever is signed out sees the sign-in page."""
    if request.endpoint == "signin.sign_out" and cookie_name(settings()) not in request.cookies:
        return make_response(redirect(url_for("signin.form")))
    return respond(FORM_EXPIRED)


def _refused(problem: Refusal) -> Response:
    if isinstance(problem, NotFound):
        return respond(MISSING)
    title = TITLES.get(problem.status, TITLES[400])
    return respond(Answer(problem.status, problem.code, title, problem.text), problem)


def _http(problem: HTTPException) -> Response:
    status = problem.code or 500
    if status == HTTPStatus.NOT_FOUND:
        return respond(MISSING)
    if status >= 500:
        return respond(BROKEN)
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    response = respond(
        Answer(status, code, TITLES.get(status, TITLES[400]), ADVICE.get(status, OTHERWISE))
    )
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = dict(problem.get_headers())["Allow"]
    return response


def _busy(problem: Busy) -> Response:
    """The database cannot serve just now: nothing of it is asked for the page that says so."""
    g.actor = None
    again = sent_again()
    if isinstance(problem, Full):
        return respond(FULL, again=again)
    if request.method in SAFE or request.is_json:
        return respond(AWAY)
    return respond(AWAY_KEPT if again else AWAY_NOT_KEPT, again=again)


def _disk(problem: OSError) -> Response:
    """A large form or file found no room on its way in; anything else is a bug."""
    if problem.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise problem
    current_app.logger.warning("disk", exc_info=problem)
    g.actor = None
    return respond(FULL)


def _sign_in_first(_problem: Exception) -> Response:
    """Reading comes back after signing in; what was being sent cannot, but its page can."""
    here = path_asked_for() if request.method in SAFE else _page_sent_from()
    address = url_for("signin.form", next=safe_next(here))
    if wants_json() or _from_htmx():
        response = respond(SESSION_OVER)
        if _from_htmx():
            response.headers["HX-Redirect"] = url_for("signin.form")
        return response
    return make_response(redirect(address))


def _page_sent_from() -> str | None:
    """The path of the page with the form, where a task's draft is there again."""
    page = urlsplit(request.referrer or "")
    return page.path if page.netloc == request.host else None


def _change_password_first(_problem: Exception) -> Response:
    address = url_for("signin.password")
    if is_api():
        return respond(PASSWORD_FIRST)
    if _from_htmx():
        response = make_response("")
        response.headers["HX-Redirect"] = address
        return response
    return make_response(redirect(address))


def _from_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"

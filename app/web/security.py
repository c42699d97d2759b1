"""What every answer carries and every write must bring: headers, CSRF token, our own origin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.routing import IntegerConverter, Map

from app.web.policy import enforce, policy_of
from app.web.sessions import SAFE, configure, cookie_name, recognise, settings

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # no-referrer would blank the Origin of our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
VARY: Final = ("Cookie", "HX-Request")
TRANSPORT_SECURITY: Final = "max-age=31536000"
LARGEST: Final = 210 * 1024**2  # several files in one form; each has its own limit
HIGHEST: Final = 2**63 - 1
ZERO: Final = b"%00"
_SAFE_PATH: Final = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")

if TYPE_CHECKING:  # there is no such module when the application runs
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

csrf = CSRFProtect()


def guard(app: Flask) -> None:
    """Put every request through the same gates, in this order, and headers on every answer."""
    configure(app, app.config["SETTINGS"])
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a token lives as long as its session
    app.before_request(_refuse_foreign_writes)
    app.before_request(_make_room_for_files)
    csrf.init_app(app)
    app.before_request(_refuse_what_no_database_keeps)
    app.url_map.converters["int"] = Number
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.before_request(recognise)
    app.before_request(_enforce_policy)
    app.wsgi_app = Guarded(  # type: ignore[method-assign] # as Flask documents middleware
        app.wsgi_app, transport=app.config["SETTINGS"].cookie_secure
    )


def csrf_token() -> str:
    """The token of this request, made for the first form that asks; a page has several."""
    return str(g.get("csrf_token") or generate_csrf())


def safe_next(wanted: str | None) -> str | None:
    """The address to go on to after a form, if it is a path of this site; else nothing."""
    if wanted and _SAFE_PATH.fullmatch(wanted):
        return wanted
    return None


def path_asked_for() -> str:
    """This request's path and query, to come back to."""
    query = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{query}" if query else request.path


def _refuse_foreign_writes() -> None:
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        abort(403)
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def _make_room_for_files() -> None:
    """Where files are sent along more may come, from a browser in which somebody signed in."""
    policy = policy_of(current_app.view_functions.get(request.endpoint or ""))
    if policy is not None and policy.files and cookie_name(settings()) in request.cookies:
        request.max_content_length = LARGEST


def _refuse_what_no_database_keeps() -> None:
    """The character zero: no person types it, and PostgreSQL has no text with it."""
    said = () if request.method in SAFE else request.form.items(multi=True)
    if ZERO in request.query_string or "\0" in request.path or any("\0" in v for _n, v in said):
        abort(400)


class Number(IntegerConverter):
    """A number in an address; what no row can have as its own is no address of ours."""

    def __init__(self, of: Map, *given: Any, **named: Any) -> None:
        """As Werkzeug's own, with the largest that a database holds."""
        super().__init__(of, *given, **{"max": HIGHEST, **named})


def _enforce_policy() -> None:
    if request.endpoint is not None:
        enforce(current_app.view_functions[request.endpoint])


class Guarded:
    """The application with our headers on every answer of its own, whatever went wrong inside.

    Where a page sent one of them itself, its own stands. Here and not in an `after_request`,
    where each of them costs forty calls.
    """

    def __init__(self, inner: WSGIApplication, *, transport: bool) -> None:
        """Wrap an application; `transport`: browsers are to come over HTTPS only."""
        self._inner = inner
        self._every = [*HEADERS.items(), ("Cache-Control", "no-store")]
        if transport:
            self._every.append(("Strict-Transport-Security", TRANSPORT_SECURITY))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""

        def begin(status: str, headers: list[tuple[str, str]], *problem: Any) -> Any:
            return start_response(status, self._completed(headers), *problem)

        return self._inner(environ, begin)

    def _completed(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        there = {name.lower(): value for name, value in headers}
        own = [pair for pair in headers if pair[0].lower() != "vary"]
        more = [pair for pair in self._every if pair[0].lower() not in there]
        told = [value for name, value in headers if name.lower() == "vary"]
        varies = dict.fromkeys((*VARY, *filter(None, ", ".join(told).split(", "))))
        return [*own, *more, ("Vary", ", ".join(varies))]

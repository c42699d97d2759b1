"""The gates every request passes: policies, tokens, origins, headers, addresses to go on to."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint

from app import create_app
from app.config import BadSettings, Settings
from app.db import Base, db
from app.model import ClockOffset, Setting
from app.web.policy import (
    NobodySignedIn,
    current_actor,
    require,
    require_policies,
    signed_in,
)
from app.web.security import CONTENT_SECURITY_POLICY, safe_next

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


def addresses(app):
    """Every route with something in its places, and the unsafe methods it takes."""
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<int:\w+>", "1", re.sub(r"<(?!int:)[^>]*>", "en", rule.rule))
        yield address, sorted(set(rule.methods) & set(UNSAFE))


def anonymous(page: str) -> str:
    """A page without what changes from answer to answer."""
    return re.sub(r'content="[^"]*"|value="[^"]*"|<code>\w+</code>', "", page)


# --- policies


def test_a_route_without_a_policy_keeps_the_application_from_starting():
    app = create_app(Settings(env="test"))
    bp = Blueprint("careless", __name__)
    bp.add_url_rule("/careless", view_func=lambda: "")
    app.register_blueprint(bp)

    with pytest.raises(RuntimeError, match="/careless"):
        require_policies(app)


def test_a_route_whose_policy_was_forgotten_lets_nobody_in(doors, browser, monkeypatch):
    monkeypatch.setitem(doors.view_functions, "sample.everybody", lambda: "open")

    assert browser.get("/sample/open").location.startswith("/signin")


def test_nobody_is_sent_to_sign_in_and_back(browser):
    answer = browser.get("/sample/page?light=red&tab=2")

    assert answer.location == "/signin?next=/sample/page?light%3Dred%26tab%3D2"
    assert browser.post("/sample/refuse/stale").location == "/signin"


def test_a_part_of_a_page_and_a_program_hear_that_nobody_is_signed_in(browser):
    part = browser.get("/sample/page", headers=HTMX)
    program = browser.get("/sample/page", headers=JSON)

    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/signin")
    assert (program.status_code, program.json["code"]) == (401, "signed_out")


def test_a_role_opens_its_pages_and_nobody_else_learns_of_them(browser, new_browser, somebody):
    somebody("clerk", role="supervision_clerk")
    somebody("convener", role="convener")
    browser.sign_in("clerk")
    other = new_browser()
    other.sign_in("convener")

    assert other.get("/sample/convener").text == "for the convener"
    refused, missing = browser.get("/sample/convener"), browser.get("/sample/refuse/missing")
    assert refused.status_code == missing.status_code == 404
    assert anonymous(refused.text) == anonymous(missing.text)
    assert anonymous(browser.get("/no/such/page").text) == anonymous(missing.text)


# --- tokens and origins


def test_every_route_that_changes_something_wants_the_forms_token(doors, browser, somebody):
    somebody("clerk")
    browser.sign_in("clerk")
    tried = [
        (method, address, browser.client.open(address, method=method).status_code)
        for address, methods in addresses(doors)
        for method in methods
    ]

    assert len(tried) > 5
    assert [one for one in tried if one[2] != 400] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_sent_by_another_site_is_refused(browser, headers):
    assert browser.post("/language/en", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, {"Sec-Fetch-Site": "none"}],
)
def test_our_own_form_is_taken(browser, headers):
    assert browser.post("/language/en", headers=headers).status_code == 302


def test_an_old_form_says_so_in_plain_words(browser):
    answer = browser.client.post("/language/en")

    assert answer.status_code == 400
    assert "表单已失效" in answer.text


def test_the_token_may_come_in_a_header(browser):
    answer = browser.client.post("/language/en", headers={"X-CSRFToken": browser.token()})

    assert answer.status_code == 302


# --- headers and cookies


@pytest.mark.parametrize("path", ["/signin", "/sample/open", "/sample/page", "/none", "/healthz"])
def test_every_answer_carries_the_headers(browser, path):
    headers = browser.get(path).headers

    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_the_content_security_policy_is_the_agreed_one():
    assert CONTENT_SECURITY_POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    )


def test_over_https_cookies_are_tied_to_host_and_transport(tmp_path):
    address = f"sqlite:///{tmp_path / 'secure.sqlite3'}"
    app = create_app(Settings(env="test", database_url=address, cookie_secure=True))

    with app.test_client() as client:
        answer = client.get("/signin", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-wv-form=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


def test_a_trusted_proxy_says_who_asks_and_how(tmp_path):
    address = f"sqlite:///{tmp_path / 'proxied.sqlite3'}"
    app = create_app(Settings(env="test", database_url=address, trusted_proxies=1))
    seen = {}

    @app.before_request
    def look():
        from flask import request

        seen.update(address=request.remote_addr, secure=request.is_secure)

    forwarded = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    app.test_client().get("/healthz", headers=forwarded)

    assert seen == {"address": "198.51.100.7", "secure": True}


# --- going on to an address


@pytest.mark.parametrize("path", ["/", "/cases/7", "/inbox?light=red&q=%E5%B9%B3", "/a#b", "/a//b"])
def test_a_path_of_ours_may_be_gone_on_to(path):
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", " ", "cases", "./a", "../a", "//evil.example", "///evil.example",
        "/\\evil.example",
        "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", " //evil",
        "http://evil.example", "https:evil.example", "HTTPS://evil.example", "javascript:alert(1)",
        "data:text/html,x", "mailto:a@b", "ftp://evil.example", "evil.example", "@evil.example",
        "/ evil", "/a\\b", "/a\x00b", "/a\r\nSet-Cookie: a=b", "\t//evil.example", "?next=/", "#a",
        "/a\x7f",
    ],
)  # fmt: skip
def test_any_other_address_is_dropped(wanted):
    assert safe_next(wanted) is None


# --- real work keeps off demonstrations


def production(tmp_path):
    return Settings(
        env="production", database_url=f"sqlite:///{tmp_path / 'real.sqlite3'}",
        secret_key="x" * 40, allow_sqlite=True, cookie_secure=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (ClockOffset(id=1, seconds=60), "a moved clock"),
        (Setting(key="demo.database", value="true"), "demonstration data"),
    ],
)
def test_production_refuses_a_demonstrations_database(tmp_path, row, named):
    app = create_app(production(tmp_path))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    create_app(production(tmp_path))
    with app.app_context():
        db.session.add(row)
        db.session.commit()
        db.engine.dispose()

    with pytest.raises(BadSettings, match=named):
        create_app(production(tmp_path))


@pytest.mark.parametrize(
    "weak", [{"secret_key": "short"}, {"allow_sqlite": False}, {"env": "staging"}]
)
def test_unsafe_settings_keep_the_application_from_starting(tmp_path, weak):
    given = {**vars(production(tmp_path)), **weak}

    with pytest.raises(BadSettings):
        create_app(Settings(**given))


def test_a_public_page_has_no_person_to_speak_of(doors, site):
    with doors.test_request_context(), pytest.raises(NobodySignedIn):
        current_actor()


def test_a_decorated_view_keeps_its_policy():
    def view():
        return ""

    assert require(signed_in)(view).policy is signed_in

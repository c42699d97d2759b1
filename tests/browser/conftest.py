"""Headless Chromium and a served application for the tests that click; any complaint fails them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from werkzeug.serving import make_server

from ops import machine
from tests.browser.living import HANDLER, Living, at_work, founded, task_link

HERE = Path(__file__).resolve().parent
AXE = machine.ROOT / "node_modules" / "axe-core" / "axe.min.js"
QUIET = (  # without these Chromium calls its maker on every start
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
SECONDS = 180


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here share one browser and one served county, so one worker runs them."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(SECONDS))
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the run: the machine's own, never a downloaded one."""
    program = machine.browser()
    assert program, "Chromium is missing. Install first: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser profile of this test's own."""
    with profile(chromium) as found:
        yield found


@pytest.fixture
def other(chromium: Browser) -> Iterator[Page]:
    """A page of somebody else's browser."""
    with profile(chromium) as found:
        yield found.new_page()


@contextmanager
def profile(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser profile: Chinese, desktop size, cut off from other hosts."""
    context = chromium.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    context.route("**/*", only_here)
    yield context
    context.close()


def only_here(route: Route) -> None:
    """Let requests to the served application through, and nothing else."""
    if "//127.0.0.1:" in route.request.url:
        route.fallback()
    else:
        route.abort()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; script errors, blocked content and failed loads fail the test that saw them."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"{message.type}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    yield page
    assert complaints == []


@pytest.fixture
def forgiving(context: BrowserContext) -> Page:
    """A page whose console may mention what was refused."""
    return context.new_page()


@pytest.fixture
def address(living: Living, forgiving: Page) -> str:
    """A task of a handler, who is signed in there, that no test completes."""
    living.enter(forgiving, HANDLER)
    return living.address + task_link(forgiving, living.cases["kept"], living)


@pytest.fixture
def accessible() -> Callable[..., None]:
    """A function that holds a page against axe's rules and names every element that breaks one."""

    def check(page: Page, within: str = "html") -> None:
        page.evaluate(f"window.axe || (() => {{ {AXE.read_text()} }})()")
        found = page.evaluate("within => axe.run(within, { resultTypes: ['violations'] })", within)
        broken = [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert broken == []

    return check


def closed_by_all_means(app: Flask) -> WSGIApplication:
    """The application; what it answers is closed even where the browser hangs up first.

    This server forgets to (the one for production does not), and left files open.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            yield from body
        finally:
            getattr(body, "close", lambda: None)()

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a loopback port, for as long as the block lasts."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, closed_by_all_means(app), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def serve() -> Callable[[Flask], object]:
    """The function above, for tests that bring their own application."""
    return served


@pytest.fixture(scope="session")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """A county at work, served; tests that act in it have a case of their own there."""
    app = founded(tmp_path_factory.mktemp("living"))
    with app.app_context():
        cases, numbers = at_work()
    with served(app) as address:
        yield Living(address, cases, numbers)

"""Every page there is, found in the address map: accessible, one column on a phone, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page

from app import create_app
from app.config import Settings
from tests.browser.living import ANALYST, AUDITOR, CLERK, GRANTER, HANDLER, KEEPER, LEADER, Living

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# each page is opened by the first who may
PEOPLE = (CLERK, AUDITOR, ANALYST, HANDLER, KEEPER, GRANTER, LEADER)
EXAMPLES = {  # for addresses whose part is no number that tests/browser/living.py knows
    "audit.show": ("round:1",),
    "cases.operation": ("suspend", "copy", "circulate", "circulate_widely"),
    "people.operation": ("rename", "grant", "deputy", "close"),
    "starts.form": ("item", "meeting"),
    "tasks.operation": ("claim", "transfer", "circulate_first", "delegate", "add_before"),
    "units.operation": ("rename", "move"),
    "wordings.show": ("urged.en", "overdue.zh_Hans_CN"),
}
FILES = ("/source", "/content", "/preview")
KINDS_OF_FILES = "csv|xlsx|bpmn|dmn|png|jpg|pdf|txt"
NO_PAGES = {"/", "/healthz", "/readyz", "/signin", "/static/<path:filename>"}
WORDS_IN_CHINESE = {
    "SHA", "CSV", "XLSX", "EN", "DMN", "BPMN", "UTF", "GB", "MB", "chinesecalendar",
    "Chrome", "Linux", "PDF", "OFD", "DOCX", "JPG", "PNG", "TXT", "ZIP", "kB",
}  # fmt: skip
LABELS = "h1, h2, h3, th, dt, legend, label, button, summary, .tag, .light, .rail-link, .tabs a"
OWN_WORDS = "[lang|=zh], .choice, select, .paper-columns, .work-list, .head h1"


@dataclass(frozen=True)
class Place:
    """An address of a page with its numbers filled in."""

    endpoint: str
    path: str


def rules() -> Iterator[tuple[str, str]]:
    """Address and endpoint of everything that can be opened."""
    app = create_app(Settings(env="demo", database_url="sqlite://"))
    for rule in app.url_map.iter_rules():
        files = rule.rule.endswith(("<kind>", "<ending>", ".bpmn", ".json", *FILES))
        parts = files or rule.rule.endswith("/progress")  # files, and parts of pages
        parts = parts or rule.rule.startswith("/api/")  # what programs read
        if "GET" in (rule.methods or ()) and rule.rule not in NO_PAGES and not parts:
            yield rule.rule, rule.endpoint


PAGES = sorted(rules())


def places(living: Living, rule: str, endpoint: str) -> list[Place]:
    """The page's addresses; a part nobody gave an example for fails the test that asks."""
    path = rule
    for name in re.findall(r"<int:(\w+)>", rule):
        path = path.replace(f"<int:{name}>", str(living.numbers[name]))
    if "<" not in path:
        return [Place(endpoint, path)]
    return [Place(endpoint, re.sub(r"<[^>]+>", each, path)) for each in EXAMPLES[endpoint]]


class Visitors:
    """Browsers in which each of the people is signed in already."""

    def __init__(self, living: Living) -> None:
        self.living = living
        self.cookies: dict[str, list] = {}
        self.open_to: dict[Place, str] = {}

    def opened(self, context: BrowserContext, page: Page, place: Place, locale: str) -> None:
        """Open the page as the first of the people who may."""
        self._become(context, page, self._who_may(context, page, place))
        context.add_cookies([{"name": "language", "value": locale, "url": self.living.address}])
        page.goto(self.living.address + place.path)

    def _who_may(self, context: BrowserContext, page: Page, place: Place) -> str:
        if place not in self.open_to:
            for login in PEOPLE:
                self._become(context, page, login)
                if page.request.get(self.living.address + place.path).ok:
                    self.open_to[place] = login
                    break
        assert place in self.open_to, f"{place.path} opens for none of {PEOPLE}"
        return self.open_to[place]

    def _become(self, context: BrowserContext, page: Page, login: str) -> None:
        context.clear_cookies()
        if login not in self.cookies:
            self.living.enter(page, login)
            self.cookies[login] = context.cookies()
        context.add_cookies(self.cookies[login])


@pytest.fixture(scope="module")
def visitors(living) -> Visitors:
    return Visitors(living)


@pytest.mark.parametrize(("rule", "endpoint"), PAGES, ids=[rule for rule, _ in PAGES])
def test_a_page_is_accessible_in_words_and_one_column_on_a_phone(
    living, visitors, context, page, accessible, rule, endpoint
):
    for place in places(living, rule, endpoint):
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        visitors.opened(context, page, place, "zh_Hans_CN")
        wait_for_diagram(page)
        assert latin(page) == set(), place.path
        accessible(page)

        page.set_viewport_size(NARROW)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place.path
        page.emulate_media(color_scheme="dark")
        page.wait_for_selector("html[data-bs-theme=dark]")
        accessible(page)

        visitors.opened(context, page, place, "en")
        assert chinese(page) == [], place.path


@pytest.mark.parametrize("stream", ["organisation", "settings", "calendar"])
def test_a_stream_is_told_in_words(living, visitors, context, page, stream):
    visitors.opened(context, page, Place("audit.show", f"/audit/streams/{stream}"), "zh_Hans_CN")

    assert page.locator(".data-table tbody tr").count() > 0
    assert latin(page) == set()


def wait_for_diagram(page: Page) -> None:
    """A diagram changes its part of the page once it is drawn."""
    if page.locator("[data-diagram-url]").count():
        page.wait_for_selector("[data-diagram-state=shown]")


def latin(page: Page) -> set[str]:
    """Words in Latin letters a Chinese page shows: a code nobody named, or a text in English."""
    text = page.evaluate("""() => {
      const page = document.querySelector("main").cloneNode(true);
      const code = "code, .number, .fingerprint, .hash, [data-diagram-url], template";
      page.querySelectorAll(`[lang|=en], ${code}`).forEach(each => each.remove());
      return page.textContent;
    }""")
    without_files = re.sub(rf"https?://\S+|\S+\.({KINDS_OF_FILES})\b", "", text, flags=re.ASCII)
    return set(re.findall(r"[A-Za-z_]{2,}", without_files)) - WORDS_IN_CHINESE


def chinese(page: Page) -> list[str]:
    """Labels in Chinese on an English page, but for what is a case's or a paper's own words."""
    return page.evaluate(
        """([labels, own]) => [...document.querySelectorAll(labels)]
          .filter(each => !each.closest(own) && !each.querySelector(own))
          .map(each => each.textContent.trim()).filter(text => /[\\u4e00-\\u9fff]/.test(text))""",
        [LABELS, OWN_WORDS],
    )

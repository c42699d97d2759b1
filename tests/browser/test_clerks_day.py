"""A clerk's day at a desk and on a phone: sign for three, hand one on, ask, report, complete."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.commands.roles import set_roles
from app.db import session
from app.model import Person
from app.queries.people import actor_by_login
from tests import stories, supervision
from tests.browser.living import HANDLER, LEADER, LIAISON, Living, founded, the_county
from tests.browser.test_people_at_work import COMPLETION, task_link

PLACES = [
    pytest.param({"width": 1440, "height": 900}, "zh-CN", id="desk"),
    pytest.param({"width": 390, "height": 844}, "en-GB", id="phone"),
]
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
SECURITY = "dsj_sec_admin"
UNTIL = "2026-12-31"
WHY = "工地停工，复核工程量需要时间。"
PICTURE = {"name": "现场.png", "mimeType": "image/png", "buffer": DOT}
TEXT = {"name": "检查清单.txt", "mimeType": "text/plain", "buffer": "一、二、三".encode()}
REPORT = "已走访全部在建项目，查明拖欠事项十二件。"


@dataclass(frozen=True)
class Clerk:
    """The handler of a unit, who is its liaison too, at a place of theirs."""

    living: Living
    page: Page

    def opened(self, case: str) -> None:
        """The task of a case, out of the list."""
        self.page.goto(f"{self.living.address}/inbox/")
        address = task_link(self.page, self.living.cases[case], self.living)
        self.page.goto(self.living.address + address)

    def chosen(self, operation: str) -> None:
        """An operation of the task that is open, out of its menu."""
        self.page.click("[data-operations] summary")
        self.page.click(f"[data-operations] a[href$='/operations/{operation}']")

    def said(self, **answers: str) -> None:
        """The form that is open is filled in and sent."""
        for name, answer in answers.items():
            self.page.fill(f"[name={name}]", answer)
        self.page.click(".form-acts .btn-primary")

    def told(self) -> str:
        """What the page says was done."""
        return self.page.locator(".toast-line").inner_text()

    def waits(self, case: str) -> bool:
        """Whether a case has something for me."""
        self.page.goto(f"{self.living.address}/inbox/")
        return task_link(self.page, self.living.cases[case], self.living) != ""

    def signs_for_everything(self) -> int:
        """All there is to be signed for, at once; how many were."""
        for tick in self.page.locator(".work-tick input").all():
            tick.check()
        self.page.click(".bulk-bar button[value=sign]")
        self.page.click(".form-acts .btn-primary")
        expect(self.page.locator(".tag-urged")).to_have_count(0)
        return self.page.locator(".data-table tbody tr").count()


@pytest.fixture
def day(tmp_path: Path, serve) -> Iterator[Living]:
    """Three items to sign for and three in hand."""
    app = founded(tmp_path)
    with app.app_context():
        county = the_county()
        stories.set_clock("2026-07-27 09:30")
        in_hand = [supervision.in_hand(county, matter=f"在办事项之{n}", co=[]) for n in "一二三"]
        for n in "一二三":
            item = supervision.open_item(county, matter=f"新派事项之{n}", co=[])
            supervision.dispatched(county, item)
        both = [{"unit": "ZJJ", "role": role} for role in ("unit_handler", "unit_liaison")]
        who = session().scalars(select(Person.id).where(Person.login == HANDLER)).one()
        set_roles(who, both, actor=actor_by_login(SECURITY))
    with serve(app) as address:
        yield Living(address, dict(zip(("given", "longer", "done"), in_hand, strict=True)), {})


@pytest.fixture
def clerk(day, chromium, size, language) -> Iterator[Clerk]:
    """Signed in, before what is to be signed for."""
    context = chromium.new_context(viewport=size, locale=language, reduced_motion="reduce")
    page = context.new_page()
    day.enter(page, HANDLER, "/inbox/receipts")
    yield Clerk(day, page)
    context.close()


@pytest.mark.parametrize(("size", "language"), PLACES)
def test_a_clerk_gets_through_the_day(clerk, accessible, size):
    assert clerk.signs_for_everything() == 3
    clerk.page.goto(f"{clerk.living.address}/inbox/receipts")
    expect(clerk.page.locator(".work-row")).to_have_count(0)

    clerk.opened("given")
    clerk.chosen("transfer")
    clerk.page.select_option("[name=person]", LIAISON)
    clerk.said(reason="休假期间请代为办理。")
    assert clerk.told()
    assert not clerk.waits("given")

    clerk.opened("longer")
    clerk.chosen("extension")
    clerk.said(reason=WHY, progress=REPORT, new_date=UNTIL)
    assert clerk.told()
    clerk.opened("longer")
    clerk.chosen("progress")
    clerk.said(text=REPORT, percent="55")
    assert clerk.told()

    clerk.opened("done")
    clerk.page.set_input_files("#files-files-input", [PICTURE, TEXT])
    expect(clerk.page.locator(".task-form .file-list li")).to_have_count(2)
    accessible(clerk.page)
    clerk.said(**COMPLETION)
    assert re.search("下一步|Next:", clerk.told())
    assert clerk.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    clerk.page.context.clear_cookies()
    clerk.living.enter(clerk.page, LEADER)
    assert clerk.waits("done")
    clerk.opened("done")
    expect(clerk.page.locator(".file-list a").first).to_be_attached()

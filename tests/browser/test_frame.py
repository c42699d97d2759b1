"""The frame in a real browser: accessible in both themes, usable by keys, one column on a phone."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Blueprint, render_template_string, request
from playwright.sync_api import Page, expect

from app import create_app
from app.config import Settings
from app.db import Base, db
from app.forms import read
from app.i18n import _
from app.model import Person, RoleHolding, Setting, Unit
from app.queries.people import DEMO_PASSWORD
from app.rules import lights, passwords
from app.web.policy import require, signed_in

PASSWORD = "the demonstration's password"
NARROW = {"width": 390, "height": 844}

WORK = """
{% extends "base.html" %}
{% from "macros/page.html" import dialog, empty, notice, page_head, tabs %}
{% from "macros/signs.html" import due_line, level, light, stage_bar, unit_card %}
{% from "macros/form.html" import fields, hidden %}
{% from "macros/table.html" import data_table, facts, share %}
{% block title %}督办事项{% endblock %}
{% block page %}
  {% call page_head("预售资金监管", number="平督〔2026〕12号", crumbs=[("事项", "/")]) %}
    <button class="btn" data-opens="urge">催办</button>
  {% endcall %}
  {{ stage_bar("supervision") }}
  {{ tabs([("a", "概况", "/sample/", none), ("b", "文书", "/sample/?tab=b", 2)], "a") }}
  <p>{% for one in signs %}{{ light(one) }}{% endfor %}
     {% for code in ("high", "medium", "low") %}{{ level(code) }}{% endfor %}</p>
  {% call unit_card("县住建局", "lead", signs[1]) %}{{ due_line(today, left, left) }}{% endcall %}
  {% call data_table(["事项", "进度"], "事项") %}
    <tr><td data-label="事项">预售资金</td>
        <td data-label="进度">{{ share(40, label="进度") }}</td></tr>
  {% endcall %}
  {{ facts([("来源", "评估报告")]) }}{{ notice("请反馈。") }}{{ empty("没有逾期事项") }}
  <form method="post" action="/sample/" novalidate>
    {{ hidden(1) }}{{ fields(form, {}, problems) }}<button class="btn btn-primary">提交</button>
  </form>
  {% call dialog("urge", "催办？", "/sample/", "催办", consequence="对方会收到提醒。") %}
    {{ hidden() }}
  {% endcall %}
{% endblock %}
"""
FORM = {
    "key": "report", "title": "报告", "title_en": "Report",
    "fields": [
        {"name": "result", "type": "choice", "label": "结果", "label_en": "Result",
         "required": True, "options": [
             {"value": "done", "label": "办结", "label_en": "Done"},
             {"value": "not", "label": "未办结", "label_en": "Not done"}]},
        {"name": "reason", "type": "textarea", "label": "原因", "label_en": "Why",
         "required": False, "show_if": {"field": "result", "equals": "not"}},
        {"name": "measures", "type": "table", "label": "措施", "label_en": "Measures",
         "required": False, "columns": [
             {"name": "text", "type": "text", "label": "措施", "label_en": "Measure",
              "required": True}]},
    ],
}  # fmt: skip


def sample() -> Blueprint:
    """One page with everything the frame offers."""
    bp = Blueprint("sample", __name__, url_prefix="/sample")

    @bp.route("/", methods=["GET", "POST"])
    @require(signed_in)
    def index() -> str:
        signs = [
            lights.Light(code, lights.WORDS[code], lights.ICONS[code], _("Nothing is due."))
            for code in lights.CODES
        ]
        return render_template_string(
            WORK, signs=signs, today=date(2026, 11, 25),
            left=_("Nothing is due."), form=read(json.dumps(FORM).encode()),
            problems={"measures": _("Choose")} if "problem" in request.args else {},
        )  # fmt: skip

    return bp


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory):
    path = tmp_path_factory.mktemp("frame") / "frame.sqlite3"
    app = create_app(Settings(env="demo", database_url=f"sqlite:///{path}"))
    app.register_blueprint(sample())
    with app.app_context():
        Base.metadata.create_all(db.engine)
        unit = Unit(code="PAB", name="县平安办", name_en="Safe-County Office", kind="office")
        clerk = Person(login="clerk", name="督办专员", password_hash=passwords.hashed(PASSWORD))
        db.session.add_all([unit, clerk])
        db.session.flush()
        db.session.add_all(
            [
                RoleHolding(person_id=clerk.id, unit_id=unit.id, role="supervision_clerk"),
                Setting(key=DEMO_PASSWORD, value=json.dumps(PASSWORD)),
            ]
        )
        db.session.commit()
    with serve(app) as address:
        yield address


def enter(page: Page, address: str) -> None:
    """Sign in with one click on a demonstration account."""
    page.goto(f"{address}/signin?next=/sample/")
    page.click("[data-fill=clerk]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/sample/")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, NARROW], ids=["wide", "narrow"])
def test_every_part_is_accessible_in_both_themes(address, page, accessible, theme, size):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    if size:
        page.set_viewport_size(size)
    page.goto(f"{address}/signin")
    accessible(page)

    enter(page, address)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    accessible(page)
    page.goto(f"{address}/sample/?problem")
    accessible(page)
    page.click("[data-opens=urge]")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_theme_changes_at_once_and_stays(address, page):
    page.emulate_media(color_scheme="light")
    enter(page, address)
    page.click("[data-theme-form] >> xpath=..")
    with page.expect_response("**/theme"):
        page.click("button[value=dark]")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")

    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_menus_close_by_key_and_by_a_click_elsewhere(address, page):
    enter(page, address)
    menu = page.locator("details:has(.tool-person)")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()

    menu.locator("summary").click()
    page.click("h1")
    expect(menu).not_to_have_attribute("open", "")


def test_a_dialog_asks_first_and_lets_go_without_doing_anything(address, page):
    enter(page, address)
    page.click("[data-opens=urge]")
    expect(page.locator("#urge")).to_be_visible()
    page.click("#urge [data-closes]")
    expect(page.locator("#urge")).to_be_hidden()


def test_questions_appear_and_rows_grow_as_the_form_is_filled_in(address, page):
    enter(page, address)
    expect(page.locator("[name=reason]")).to_be_hidden()
    page.check("[name=result][value=not]")
    expect(page.locator("[name=reason]")).to_be_visible()

    page.click("[data-add-row]")
    expect(page.locator("[name=measures-3-text]")).to_be_focused()
    page.click("tr:has([name=measures-0-text]) [data-remove-row]")
    expect(page.locator("tbody [data-row]")).to_have_count(3)


def test_the_keyboard_reaches_the_page_without_passing_the_navigation(address, page):
    enter(page, address)
    page.goto(f"{address}/sample/?tab=b")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_without_scripts_everything_still_works(address, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/signin?next=/sample/")
    page.fill("#login", "clerk")
    page.fill("#password", PASSWORD)
    page.click(".signin-form button")

    expect(page.locator("[name=measures-2-text]")).to_be_visible()
    expect(page.locator("[name=reason]")).to_be_visible()
    page.click("summary:has(.avatar-mark)")
    page.click("form[action='/signout'] button")
    expect(page.locator("#login")).to_be_visible()
    context.close()

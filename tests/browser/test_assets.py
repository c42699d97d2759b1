"""The browser's own behaviours, on pages under the content security policy of the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, Response, request

from app.web import assets
from app.web.security import CONTENT_SECURITY_POLICY

DRAWING = Path(__file__).with_name("small.bpmn")

FRAME = """<!doctype html><html lang="{lang}"><head><title>t</title>
<script src="{theme}"></script><link rel="stylesheet" href="{app_css}">
<link rel="stylesheet" href="{diagram_css}"><script src="{app_js}" defer></script>
<script src="{diagram_js}" defer></script></head><body><main>{body}</main></body></html>"""

DIAGRAM = """<div data-diagram-url="/small.bpmn" data-passed="begin draft" data-open="review">
<p id="words">Draft, then review.</p></div>"""
BROKEN = DIAGRAM.replace("/small.bpmn", "/missing.bpmn")
FORM = """<input data-search aria-label="Search">
<form action="/form"><label>Decision
<select name="decision"><option>approve<option>return</select></label>
<fieldset data-shown-when="decision" data-shown-values='["return"]'>
<label>Reason <input name="reason" required></label></fieldset>
<div data-rows><div data-row><input name="measures-0" aria-label="0"></div>
<template><div data-row><input name="measures-__row__" aria-label="__row__">
<button type="button" data-remove-row>less</button></div></template>
<button type="button" data-add-row>more</button></div><button>send</button></form>"""
BODIES = {"diagram": DIAGRAM, "broken": BROKEN, "form": FORM}


def page_of(name: str) -> Response:
    addresses = {key.replace(".", "_"): assets.asset(key) for key in assets.manifest()}
    html = FRAME.format(
        body=BODIES[name],
        lang=request.args.get("lang", "zh-Hans-CN"),
        theme=addresses["theme_js"],
        **{key: addresses[key] for key in ("app_css", "app_js", "diagram_css", "diagram_js")},
    )
    return Response(html, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


@pytest.fixture(scope="module")
def address(serve):
    app = Flask("pages")
    app.add_url_rule("/small.bpmn", view_func=lambda: Response(DRAWING.read_bytes()))
    app.add_url_rule("/favicon.ico", endpoint="icon", view_func=lambda: Response(status=204))
    app.add_url_rule("/<any(diagram,broken,form):name>", view_func=page_of)
    assets.install(app)
    with serve(app) as address:
        yield address


def test_a_diagram_is_drawn_and_marked_under_the_policy_with_its_watermark(address, page):
    page.goto(f"{address}/diagram")
    page.wait_for_selector("[data-diagram-state=shown]")

    assert page.locator("[data-element-id=review]").get_attribute("class").count("wv-open") == 1
    assert page.locator("[data-element-id=draft]").get_attribute("class").count("wv-passed") == 1
    assert page.locator("[data-element-id=review] text").text_content() == "审核"
    assert page.locator(".bjs-powered-by").is_visible()
    assert page.locator("#words").count() == 0


def test_a_diagram_speaks_english_on_an_english_page(address, page):
    page.goto(f"{address}/diagram?lang=en")
    page.wait_for_selector("[data-diagram-state=shown]")

    assert page.locator("[data-element-id=review] text").text_content() == "Review"


def test_marks_follow_when_the_page_changes_them(address, page):
    page.goto(f"{address}/diagram")
    page.wait_for_selector("[data-diagram-state=shown]")
    page.locator("[data-diagram-url]").evaluate(
        "e => { e.dataset.open = ''; e.dataset.late = 'review';"
        " e.dispatchEvent(new Event('diagram:marks')); }"
    )

    marks = page.locator("[data-element-id=review]").get_attribute("class")
    assert ("wv-late" in marks, "wv-open" in marks) == (True, False)


def test_the_words_stay_where_a_diagram_cannot_be_drawn(address, context):
    page = context.new_page()
    page.goto(f"{address}/broken")
    page.wait_for_selector("[data-diagram-state=failed]")

    assert page.locator("#words").is_visible()


def test_a_field_shows_and_counts_only_when_another_asks_for_it(address, page):
    page.goto(f"{address}/form")
    reason = page.get_by_label("Reason")
    assert not reason.is_visible()
    assert reason.is_disabled()

    page.get_by_label("Decision").select_option("return")

    assert reason.is_visible()
    assert reason.is_enabled()


def test_rows_of_a_table_are_added_under_new_names_and_taken_away(address, page):
    page.goto(f"{address}/form")
    page.get_by_role("button", name="more").click()
    page.get_by_role("button", name="more").click()
    page.get_by_role("button", name="less").first.click()

    names = page.locator("[data-row] input").evaluate_all("all => all.map(each => each.name)")
    assert names == ["measures-0", "measures-2"]
    assert page.locator(":focus").get_attribute("name") == "measures-2"


def test_the_slash_key_goes_to_the_search_unless_somebody_is_typing(address, page):
    page.goto(f"{address}/form")
    page.keyboard.press("/")
    assert page.locator("[data-search]:focus").count() == 1

    page.locator("[name=measures-0]").click()
    page.keyboard.press("/")
    assert page.locator("[name=measures-0]").input_value() == "/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_the_systems_before_the_first_paint(address, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/form")

    assert page.locator("html").get_attribute("data-bs-theme") == scheme


def test_the_pages_of_these_tests_are_accessible(address, page, accessible):
    page.goto(f"{address}/diagram")
    page.wait_for_selector("[data-diagram-state=shown]")

    accessible(page, "main")

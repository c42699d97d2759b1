"""Forms on the page: every kind of question, its problems beside it, and rows without scripts."""

from __future__ import annotations

import json
import re

import pytest
from flask import render_template_string
from lxml import html

from app import forms
from app.forms import read
from app.i18n import _
from app.web.speech import speaking

PAGE = """
{% from "macros/form.html" import fields, hidden %}
<form method="post" novalidate>
  {{ hidden(version) }}{{ fields(form, answers, problems, choices) }}
</form>"""
CHOICES = {
    "unit": [("ZJJ", "县住建局"), ("CZJ", "县财政局")],
    "person": [("clerk", "督办专员")],
    "people": [("clerk", "督办专员"), ("leader", "分管领导")],
    "indicator": [("I02", "建设工程指数")],
    "round": [("2026H1", "2026年上半年")],
}


def asked(name: str, kind: str, **more: object) -> dict[str, object]:
    words = {"label": f"问{name}", "label_en": f"Ask {name}"}
    return {"name": name, "type": kind, "required": False, **words, **more}


def option(value: str, **more: object) -> dict[str, object]:
    return {"value": value, "label": f"选{value}", "label_en": f"Take {value}", **more}


EVERYTHING = {
    "key": "everything",
    "title": "样样都有",
    "title_en": "Everything",
    "intro": "请如实填写。",
    "intro_en": "Say it plainly.",
    "fields": [
        asked("summary", "textarea", required=True, max_length=500, help="写", help_en="Write"),
        asked("name", "text", max_length=80),
        asked("decision", "choice", options=[option("approve"), option("return")]),
        asked("reason", "text", show_if={"field": "decision", "equals": "return"}),
        asked("many", "choice", options=[option(f"o{n}") for n in range(7)]),
        asked("several", "multichoice", options=[option("a"), option("b")]),
        asked("by", "date"),
        asked("count", "integer", min=0, max=99),
        asked("value", "decimal"),
        asked("agreed", "boolean"),
        asked("lead", "unit"),
        asked("others", "units"),
        asked("who", "person"),
        asked("whom", "people"),
        asked("what", "indicator"),
        asked("level", "level"),
        asked("when", "round"),
        asked(
            "measures", "table",
            columns=[asked("text", "text", required=True), asked("unit", "unit")],
        ),
    ],
}  # fmt: skip
FORM = read(json.dumps(EVERYTHING).encode())


@pytest.fixture
def render(doors, site):
    """A form as a parsed page, in Chinese unless told."""

    def draw(
        form=FORM, *, locale="zh_Hans_CN", answers=None, problems=None, version=None, template=PAGE
    ):
        with doors.test_request_context(), speaking(locale):
            page = render_template_string(
                template, form=form, answers=answers or {}, problems=problems or {},
                choices=CHOICES, version=version,
            )  # fmt: skip
        return html.fromstring(page)

    return draw


def named(page, name):
    return page.xpath(f'//*[@name="{name}"]')


def test_every_kind_of_question_can_be_asked(render):
    page = render()
    kinds = {field.name: [e.get("type") or e.tag for e in named(page, field.name)] for field in
             FORM.fields if field.type != "table"}  # fmt: skip

    assert kinds == {
        "summary": ["textarea"], "name": ["text"], "decision": ["radio", "radio"],
        "reason": ["text"], "many": ["select"], "several": ["checkbox", "checkbox"],
        "by": ["date"], "count": ["number"], "value": ["number"], "agreed": ["checkbox"],
        "lead": ["select"], "others": ["checkbox", "checkbox"], "who": ["select"],
        "whom": ["checkbox", "checkbox"],
        "what": ["select"], "level": ["radio", "radio", "radio"], "when": ["select"],
    }  # fmt: skip


def test_every_control_has_a_name_people_and_screen_readers_see(render):
    page = render()
    labelled = {label.get("for") for label in page.xpath("//label[@for]")}
    silent = [
        control.get("name")
        for control in page.xpath("//*[self::input or self::select or self::textarea]")
        if control.get("type") != "hidden"
        and control.get("id") not in labelled
        and not control.get("aria-label")
        and not control.xpath("ancestor::label")
    ]

    assert silent == []
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_form_carries_token_key_and_the_version_seen(render):
    first, second = render(version=3), render()

    assert named(first, "version")[0].get("value") == "3"
    assert named(second, "version") == []
    assert named(first, "csrf_token")[0].get("value")
    keys = {named(page, "idempotency_key")[0].get("value") for page in (first, second)}
    assert len(keys) == 2


def test_answers_given_before_stand_in_their_places(render):
    given = {
        "summary": "已<约谈>", "name": "a", "decision": "return", "many": "o3", "several": ["b"],
        "by": "2026-11-25", "count": "7", "value": "1.5", "agreed": True, "lead": "CZJ",
        "others": ["ZJJ"], "level": "high", "measures": [{"text": "约谈", "unit": "CZJ"}],
    }  # fmt: skip
    page = render(answers=given)

    assert named(page, "summary")[0].text == "已<约谈>"
    for name in ("name", "by", "count", "value"):
        assert named(page, name)[0].get("value") == given[name]
    chosen = [e.get("value") for e in page.xpath("//input[@checked]")]
    assert chosen == ["return", "b", "true", "ZJJ", "high"]
    assert [e.get("value") for e in page.xpath("//option[@selected]")] == ["o3", "CZJ", "CZJ"]
    assert named(page, "measures-0-text")[0].get("value") == "约谈"


def test_a_problem_stands_at_its_field_and_in_the_list_above(render):
    problems = {"summary": _("Choose"), "lead": _("Choose"), "measures.1.text": _("Choose")}
    page = render(problems=problems)

    wrong = named(page, "summary")[0]
    assert wrong.get("aria-invalid") == "true"
    described = [page.get_element_by_id(one) for one in wrong.get("aria-describedby").split()]
    assert [one.text_content().strip() for one in described] == ["写", "请选择"]
    assert page.get_element_by_id("f-measures-1-text-problem").text_content() == "请选择"
    targets = [a.get("href")[1:] for a in page.xpath('//*[@role="alert"]//a')]
    assert targets == ["f-summary", "f-lead", "f-measures-1-text"]
    assert all(page.xpath(f'//*[@id="{target}"]') for target in targets)


def test_a_question_asked_only_beside_an_answer_says_beside_which(render):
    part = named(render(), "reason")[0].xpath("ancestor::fieldset")[0]

    assert part.get("data-shown-when") == "decision"
    assert part.get("data-shown-values") == '["return"]'


@pytest.mark.parametrize(("given", "rows"), [(0, 3), (1, 1), (5, 5)])
def test_a_table_has_three_rows_to_start_with_and_one_to_copy(render, given, rows):
    page = render(answers={"measures": [{"text": "x"}] * given})
    names = [e.get("name") for e in page.xpath('//*[contains(@name, "-text")]')]

    assert names == [*(f"measures-{n}-text" for n in range(rows)), "measures-__row__-text"]
    assert page.xpath("//template//@name") == ["measures-__row__-text", "measures-__row__-unit"]


def test_english_readers_are_asked_in_english(render):
    words = render(locale="en").text_content()

    assert "Say it plainly." in words
    assert "Ask summary" in words
    assert "Take approve" in words
    assert not re.search(r"问|选", words)


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("form", forms.all_forms(), ids=str)
def test_every_shipped_form_can_be_shown(render, form, locale):
    shown = forms.load(form) if isinstance(form, str) else form
    page = render(shown, locale=locale)
    present = {re.split(r"-", name)[0] for name in page.xpath("//@name")}

    assert {field.name for field in shown.fields} <= present


DRAWN = """
{% from "macros/form.html" import field %}
{% for one in form.fields %}{{ field(one, {}, {}, choices) }}{% endfor %}"""


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize(
    "form", [*forms.all_forms(), FORM], ids=lambda form: getattr(form, "key", form)
)
def test_a_question_that_was_kept_looks_as_if_it_were_drawn_now(render, form, locale, doors):
    shown = forms.load(form) if isinstance(form, str) else form
    asked = [
        [html.tostring(one) for one in page.xpath("//*[@id]")]
        for page in (
            render(shown, locale=locale), render(shown, locale=locale),
            render(shown, locale=locale, template=DRAWN),
        )
    ]  # fmt: skip

    assert asked[0] == asked[1] == asked[2]
    assert asked[0]


def test_what_there_is_to_pick_from_is_never_kept(render, monkeypatch):
    before = named(render(), "lead")[0].xpath("option/@value")
    monkeypatch.setitem(CHOICES, "unit", [("JYJ", "县教体局")])
    after = render()

    assert before == ["", "ZJJ", "CZJ"]
    assert named(after, "lead")[0].xpath("option/@value") == ["", "JYJ"]
    assert named(after, "measures-0-unit")[0].xpath("option/@value") == ["", "JYJ"]


def test_several_units_are_offered_where_no_single_one_is_asked_for(render, monkeypatch):
    for name in list(CHOICES):
        monkeypatch.delitem(CHOICES, name)
    monkeypatch.setitem(CHOICES, "units", [("JYJ", "县教体局")])

    offered = named(render(), "others")

    assert [each.get("value") for each in offered] == ["JYJ"]

"""The frame: navigation by role, languages, theme, messages, and the words of dates and codes."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from flask import g
from sqlalchemy import select

from app.config import Settings
from app.forms.definition import Words
from app.i18n import Text, _
from app.model import ClockOffset, Person
from app.web import frame as frames
from app.web import wording
from app.web.frame import entry, toast
from app.web.speech import speaking as language


@pytest.fixture
def clerk(browser, somebody):
    somebody("clerk", role="supervision_clerk")
    browser.sign_in("clerk")
    return browser


# --- navigation


@pytest.fixture
def navigation(monkeypatch):
    entries = (
        entry("sample.page", _("Tasks"), "inbox"),
        entry("sample.convener", _("Meetings"), "users-group"),
        entry("signin.password", _("Admin"), "settings", roles=["sys_admin"]),
        entry("nowhere.index", _("Board"), "dashboard"),
    )
    monkeypatch.setattr(frames, "ENTRIES", entries)


@pytest.mark.usefixtures("navigation")
def test_only_work_that_exists_and_is_open_to_the_person_is_shown(clerk):
    page = clerk.get("/sample/page").text

    assert 'href="/sample/page" aria-current="page"' in page
    assert "/sample/convener" not in page
    assert "/account/password" not in page.partition("<header")[0]
    assert "看板" not in page


@pytest.mark.usefixtures("navigation")
def test_somebody_with_the_role_sees_more(browser, somebody):
    somebody("convener", role="convener")
    browser.sign_in("convener")

    assert 'href="/sample/convener"' in browser.get("/sample/page").text


def test_more_entries_than_a_phone_can_show_go_into_a_menu(clerk, monkeypatch):
    many = tuple(entry("sample.page", _("Tasks"), "inbox") for _each in range(9))
    monkeypatch.setattr(frames, "ENTRIES", many)

    page = clerk.get("/sample/page").text

    assert page.count('class="rail-rest"') == 5
    assert page.count('class="menu-item" href="/sample/page"') == 5


@pytest.mark.usefixtures("navigation")
def test_the_start_page_goes_where_the_work_is(clerk, monkeypatch):
    assert clerk.get("/").location == "/sample/page"

    monkeypatch.setattr(frames, "ENTRIES", ())
    assert "暂无可办理的内容" in clerk.get("/").text


def test_unit_and_role_stand_in_the_top_bar(clerk):
    page = clerk.get("/sample/page").text

    assert "县平安办" in page
    assert "督办专员" in page


# --- languages


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (None, "zh-Hans-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans-CN"),
        ("zh-TW", "zh-Hans-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.5,zh;q=0.1", "en"),
        ("de", "zh-Hans-CN"),
        ("en;q=0,zh", "zh-Hans-CN"),
    ],
)
def test_a_visitor_reads_what_the_browser_asks_for(browser, wanted, spoken):
    headers = {"Accept-Language": wanted} if wanted else {}

    assert f'<html lang="{spoken}"' in browser.get("/signin", headers=headers).text


def test_the_switch_goes_before_the_browser_and_comes_back_to_the_page(browser):
    answer = browser.post("/language/en", {"next": "/signin?account=x"})

    assert answer.location == "/signin?account=x"
    page = browser.get("/signin", headers={"Accept-Language": "zh"}).text
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_a_person_finds_their_language_again_in_another_browser(clerk, new_browser, site):
    clerk.post("/language/en")
    other = new_browser()
    other.client.set_cookie("language", "zh_Hans_CN")
    other.sign_in("clerk")

    assert site.scalars(select(Person.locale)).all() == ["en"]
    page = other.get("/sample/page").text
    assert '<html lang="en"' in page
    assert "Safe-County Office" in page


def test_a_language_nobody_speaks_here_is_not_found(browser):
    assert browser.post("/language/de").status_code == 404


def test_a_made_up_cookie_changes_nothing(browser):
    browser.client.set_cookie("language", "xx")
    browser.client.set_cookie("theme", "'><script>")

    page = browser.get("/signin").text
    assert '<html lang="zh-Hans-CN">' in page


# --- theme, messages, demonstration


def test_the_theme_is_painted_by_the_server_from_then_on(browser):
    assert "data-bs-theme" not in browser.get("/signin").text.partition("<head>")[0]

    browser.post("/theme", {"theme": "dark"})
    assert '<html lang="zh-Hans-CN" data-bs-theme="dark">' in browser.get("/signin").text

    browser.post("/theme", {"theme": "auto"})
    assert "data-bs-theme" not in browser.get("/signin").text.partition("<head>")[0]
    assert browser.post("/theme", {"theme": "pink"}).status_code == 404


def test_a_message_is_shown_once_on_the_next_page(doors, browser):
    with doors.test_request_context():
        toast(_("Next"), "no such tone")
        assert frames.get_flashed_messages(with_categories=True) == [("info", "下一页")]

    browser.post("/theme", {"theme": "light"})
    assert "data-toast" not in browser.get("/signin").text


def test_signing_out_says_so(clerk):
    clerk.post("/signout")

    assert "您已退出登录。" in clerk.get("/signin").text
    assert "您已退出登录。" not in clerk.get("/signin").text


def test_a_demonstration_says_that_it_is_one_and_what_time_it_plays(
    clerk, doors, site, monkeypatch
):
    assert "演示数据" not in clerk.get("/sample/page").text

    monkeypatch.setitem(doors.config, "SETTINGS", Settings(env="demo"))
    page = clerk.get("/sample/page").text
    assert "演示数据" in page
    assert "模拟时间" not in page

    site.add(ClockOffset(id=1, seconds=60))
    site.commit()
    assert "当前模拟时间" in clerk.get("/sample/page").text


# --- words


@pytest.fixture
def speaking(doors, site):
    """Called with a language, the filters speak it inside the block; the year is 2026."""
    with doors.test_request_context():
        g.year = 2026
        yield language


NOON = datetime(2026, 11, 25, 4, 30, tzinfo=timezone.utc)
LATE = datetime(2026, 12, 31, 17, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("locale", "said", "in_full", "next_year"),
    [
        ("zh_Hans_CN", "11月25日", "11月25日 12:30", "2027年1月1日 01:00"),
        ("en", "25 Nov 2026", "25 Nov 2026, 12:30", "1 Jan 2027, 01:00"),
    ],
)
def test_days_and_moments_are_said_on_the_countys_clocks(
    speaking, locale, said, in_full, next_year
):
    with speaking(locale):
        assert wording.day(date(2026, 11, 25)) == wording.day(NOON) == said
        assert wording.moment(NOON) == in_full
        assert wording.moment(LATE) == next_year
        assert wording.day(None) == wording.moment(None) == wording.number(None) == ""


def test_a_due_date_is_said_both_ways(speaking):
    left = _("%(count)s characters", count=3)

    with speaking("zh_Hans_CN"):
        assert wording.due(NOON, Text("Lead")) == "11月25日（主办）"
        assert wording.due(NOON) == "11月25日"
    with speaking("en"):
        assert wording.due(date(2026, 11, 25), left) == "25 Nov 2026 (3 characters)"


def test_a_text_takes_its_texts_dates_and_numbers_along(speaking):
    text = Text(
        "%(a)s|%(b)s|%(c)s|%(d)s|%(e)s|%(f)d",
        {"a": Text("Lead"), "b": NOON, "c": date(2026, 1, 2), "d": Decimal("1234.50"),
         "e": [Text("Lead"), "x"], "f": 2026},
    )  # fmt: skip

    with speaking("zh_Hans_CN"):
        assert wording.say(text) == "主办|11月25日 12:30|1月2日|1,234.5|主办、x|2026"
    with speaking("en"):
        said = wording.say(text)
    assert said == "Lead|25 Nov 2026, 12:30|2 Jan 2026|1,234.5|Lead, x|2026"
    assert wording.say("as it is") == "as it is"


def test_things_with_two_names_are_called_in_the_language_of_the_page(speaking):
    unit = {"name": "县财政局", "name_en": "Finance Bureau"}
    nameless = {"name": "县财政局", "name_en": None}
    words = type("Question", (), {"label": Words("说明", "Say")})()

    with speaking("en"):
        assert wording.worded(unit, "name") == "Finance Bureau"
        assert wording.worded(nameless, "name") == "县财政局"
        assert wording.worded(words) == "Say"
    with speaking("zh_Hans_CN"):
        assert wording.worded(unit, "name") == "县财政局"
        assert wording.worded(words) == "说明"


def test_a_code_nobody_named_is_shown_as_it_is(speaking):
    with speaking("en"):
        assert wording.named(wording.ROLES, "convener") == "Convener"
        assert wording.named(wording.ROLES, "made_up") == "made_up"
        assert wording.named(wording.ROLES, None) == ""


def test_the_year_is_asked_for_once_a_request_and_anew_outside(doors, site):
    with doors.test_request_context():
        first = wording.day(date(2000, 5, 1))
        assert wording.day(date(2000, 5, 1)) == first == "2000年5月1日"
    with language("en"):
        assert wording.day(date(2000, 5, 1)) == "1 May 2000"

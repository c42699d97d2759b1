"""Whatever is sent twice is done once, and whoever sends it hears the first answer again."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import session
from app.model import Event
from tests.access.keyless import NEEDS_NO_KEY
from tests.access.repeat import Repeat
from tests.access.repeats import REPEATS
from tests.access.walker import WRITING, Visitor, routes
from tests.web.conftest import PASSWORD

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
ALL = [(line, each) for line, found in REPEATS.items() for each in found]
SAME_AGAIN = {
    "/language/en": {},
    "/post": {"post": ""},
    "/theme": {"theme": "dark"},
    "/me/telling": {"daily_at": "08:30", "email": ""},
    "/news/read": {},
    "/me/sessions/end": {},
    "/signout": {},
    "/audit/verification": {},
}


def form_on(text: str, address: str, own: str) -> dict[str, str]:
    """What the form that goes to an address carries; a form without one goes to its own page."""
    for attributes, content in FORM.findall(text):
        action = re.search(r'action="([^"]*)"', attributes)
        goes_to = html.unescape(action[1]).partition("#")[0] if action else own
        if goes_to == address and 'method="post"' in attributes:
            return {name: html.unescape(value) for name, value in FIELD.findall(content)}
    raise AssertionError(f"no form on {own} goes to {address}")


def rows() -> int:
    """How many journal rows there are."""
    session().rollback()
    return session().scalar(select(func.count()).select_from(Event)) or 0


def sent(
    visitor: Visitor, address: str, carried: Mapping[str, str], filled: Mapping[str, Any]
) -> tuple[int, str]:
    """Send the form; what became of it and where it leads."""
    files = {n: (BytesIO(v[0]), v[1]) for n, v in filled.items() if isinstance(v, tuple)}
    answer = visitor.opened("POST", address, {**carried, **filled, **files})
    return answer.status_code, answer.location or ""


def test_every_write_has_its_form_here(townhall):
    there = {line for line, _method, _rule in routes(townhall, WRITING)}

    assert sorted(there - set(REPEATS) - set(NEEDS_NO_KEY)) == [], "say it in tests/access/repeats"
    assert sorted({*REPEATS, *NEEDS_NO_KEY} - there) == [], "no route any more"


@pytest.mark.parametrize(
    ("line", "repeat"), ALL, ids=[f"{line}-{n}" for n, (line, _each) in enumerate(ALL)]
)
def test_a_form_sent_twice_is_done_once(town, everyone, line, repeat: Repeat):
    town = repeat.before(town)
    visitor, page = everyone(repeat.who), repeat.page(town)
    address = repeat.address(town)
    carried = form_on(visitor.opened("GET", page, {}).text, address, page)
    before, filled = rows(), repeat.fields(town)

    first = sent(visitor, address, carried, filled)
    done = rows()
    second = sent(visitor, address, carried, filled)

    assert carried.get("idempotency_key"), f"the form of {line} carries no key"
    assert first[0] == 303, first
    assert second == first
    assert done > before
    assert rows() == done


def test_a_key_used_for_something_else_is_refused_in_words(town, everyone):
    repeat = REPEATS["POST /start/<name>"][1]
    visitor, page = everyone(repeat.who), repeat.page(town)
    carried = form_on(visitor.opened("GET", page, {}).text, page, page)
    assert sent(visitor, page, carried, repeat.fields(town))[0] == 303

    other = visitor.opened("POST", "/start/brief", {**carried, "title": "另一件事"})
    changed = visitor.opened("POST", page, {**carried, "title": "改过的题目"})

    assert (other.status_code, changed.status_code) == (403, 409)
    assert "已用于其他办理" in other.text
    assert "改过的题目" in changed.text
    assert "此前已提交" in changed.text


def test_choices_made_twice_are_made_once_and_answered_alike(town, everyone):
    for address, fields in SAME_AGAIN.items():
        visitor = everyone("business auditor")
        first = sent(visitor, address, {}, fields)
        done = rows()

        assert sent(visitor, address, {}, fields) == first, address
        assert first[0] in (200, 302, 303), address
        assert rows() == done, address


def test_a_password_changed_twice_is_changed_once(town, everyone):
    visitor, new = everyone("convener"), "a quiet lamp beside the bridge"
    fields = {"current": PASSWORD, "new": new, "again": new}
    first = sent(visitor, "/account/password", {}, fields)
    done = rows()

    second = sent(visitor, "/account/password", {}, fields)

    assert first[0] == 302
    assert second == (302, "/signin")
    assert rows() == done

"""Who comes second hears who was faster, what they did and when, and keeps every word typed."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.access.cast import actor
from tests.access.repeat import Repeat
from tests.access.test_repeats import ALL, form_on, rows
from tests.access.walker import Visitor

ADDS = {
    "POST /start/<name>", "POST /rounds/", "POST /rounds/<int:round_id>/imports",
    "POST /indicators/aspects", "POST /people/new", "POST /units/new",
}  # fmt: skip
"""Each of these makes something new; there is nothing two people could change at once."""
CHANGES = [
    (line, each) for line, each in ALL
    if line not in ADDS and not each.adds
]  # fmt: skip
FASTER = {"zh": "先行办理", "en": "was faster"}
WORDY = ("text", "reason", "note", "subject", "problems", "advice", "opinion", "source")
WORDS = dict.fromkeys(WORDY, "两人同时填写的文字")


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same form with other words, where it takes any."""
    return {**fields, **{name: f"{WORDS[name]}{name}" for name in WORDS if name in fields}}


@pytest.mark.parametrize(
    ("line", "repeat"), CHANGES, ids=[f"{line}-{n}" for n, (line, _each) in enumerate(CHANGES)]
)
def test_the_second_is_told_and_keeps_every_word(town, everyone, line, repeat: Repeat):
    town = repeat.before(town)
    faster, slower = everyone(repeat.who), everyone(repeat.who)
    page, address = repeat.page(town), repeat.address(town)
    first, second = (
        form_on(each.opened("GET", page, {}).text, address, page) for each in (faster, slower)
    )
    filled = repeat.fields(town)
    assert faster.opened("POST", address, {**first, **filled}).status_code == 303
    before, theirs = rows(), {**second, **typed(filled)}

    late = slower.opened("POST", address, theirs)
    program = asked_by_a_program(slower, address, theirs)
    english = in_english(slower).opened("POST", address, theirs)

    assert (late.status_code, english.status_code, program.status_code) == (409, 409, 409)
    assert rows() == before
    told, name = program.json, actor(town.county, repeat.who).name
    assert (told["code"], told["by"]) == ("stale", name)
    assert told["what"]
    assert told["version"] is not None
    assert datetime.fromisoformat(told["at"]).tzinfo
    for answer, faster_words in ((late, FASTER["zh"]), (english, FASTER["en"])):
        assert f"{name}" in answer.text
        assert faster_words in answer.text
        for word in typed(filled).values():
            if isinstance(word, str) and word.startswith("两人"):
                assert word in html.unescape(answer.text), f"{line} lost {word}"


def asked_by_a_program(visitor: Visitor, address: str, fields: Mapping[str, Any]) -> Any:
    """The same post by something that reads JSON."""
    client = visitor.app.test_client()
    for key, value in visitor.cookies.items():
        client.set_cookie(key, value)
    accept = {"Accept": "application/json"}
    return client.post(address, data={"csrf_token": visitor.token, **fields}, headers=accept)


def in_english(visitor: Visitor) -> Visitor:
    """The same browser with the pages in English."""
    return replace(visitor, cookies={**visitor.cookies, "language": "en"})

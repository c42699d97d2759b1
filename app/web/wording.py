"""Jinja filters that say texts, dates, numbers and codes in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context

from app import clock, forms
from app.i18n import Text, _
from app.rules import role_words
from app.web.english import called
from app.web.speech import speech

CHINESE: Final = "zh_Hans_CN"
THIS_YEAR: Final = {CHINESE: "M月d日", "en": "d MMM y"}
OTHER_YEAR: Final = {CHINESE: "y年M月d日", "en": "d MMM y"}
DAY_AND_TIME: Final = {CHINESE: "%s %s", "en": "%s, %s"}
COMMA: Final = {CHINESE: "、", "en": ", "}

LEVELS: Final[Mapping[str, Text]] = {
    "high": _("High risk"),
    "medium": _("Medium risk"),
    "low": _("Low risk"),
}
STAGES: Final[Mapping[str, Text]] = {
    "warning": _("Warning"),
    "analysis": _("Analysis"),
    "coordination": _("Coordination"),
    "supervision": _("Supervision"),
    "feedback": _("Feedback"),
    "reassessment": _("Next round"),
    "evaluation": _("Evaluation"),
}
ROLES: Final = role_words.WORDS
PARTS: Final[Mapping[str, Text]] = {
    "lead": _("Lead"),
    "co": _("Co-handling"),
    "cc": _("Copy"),
    "addressee": _("Addressee"),
    "office": _("Office"),
    "signer": _("Added signer"),
    "delegate": _("Fills it in"),
}


def configure(app: Flask) -> None:
    """Make the filters known to every template."""
    app.jinja_env.filters.update(
        say=say,
        day=day,
        moment=moment,
        due=due,
        number=number,
        worded=worded,
        called=called,
        level_name=lambda code: named(LEVELS, code),
        stage_name=lambda code: named(STAGES, code),
        role_name=lambda code: named(ROLES, code),
        part_name=lambda code: named(PARTS, code),
    )


def say(text: Any) -> str:
    """A Text in the page's language, with the texts, dates and numbers in it; else as is."""
    if isinstance(text, Text):
        return speech().text(text.msgid, {k: _value(v) for k, v in text.values.items()})
    return str(_value(text))


def day(value: date | datetime | None) -> str:
    """11月25日 or 25 Nov 2026; in Chinese the year is said when it is not this one."""
    if value is None:
        return ""
    when = clock.local_day(value) if isinstance(value, datetime) else value
    form = THIS_YEAR if when.year == _this_year() else OTHER_YEAR
    locale = speech().locale
    return _date(date(when.year, when.month, when.day), form[locale], locale)


@lru_cache(maxsize=2000)
def _date(day: date, form: str, locale: str) -> str:
    return str(format_date(day, form, locale=locale))


def moment(value: datetime | None) -> str:
    """11月25日 14:30 or 25 Nov 2026, 14:30, on the clocks of the county."""
    if value is None:
        return ""
    return DAY_AND_TIME[speech().locale] % (day(value), clock.local(value).strftime("%H:%M"))


def due(value: date | datetime | None, left: Text | None = None) -> str:
    """11月25日（还剩 3 个工作日）: a due date both ways; `left` comes from the rules."""
    if value is None or left is None:
        return day(value)
    return say(_("%(day)s (%(left)s)", day=day(value), left=left))


def number(value: Decimal | float | None) -> str:
    """A number with its thousands apart; nothing for None."""
    if value is None:
        return ""
    return format_decimal(value, "#,##0.######", locale=speech().locale)


def worded(thing: Any, name: str = "label") -> str:
    """`label` or `label_en` of a form field, unit or process, whichever the page speaks."""
    words = _part(thing, name)
    if hasattr(words, "said"):
        return str(words.said(speech().locale))
    english = _part(thing, f"{name}_en") if speech().locale == "en" else None
    return str(english or words or "")


def _part(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def named(names: Mapping[str, Text], code: str | None) -> str:
    """What a code is called; a code nobody named is shown as it is."""
    found = names.get(code or "")
    return say(found) if found else str(code or "")


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return COMMA[speech().locale].join(str(_value(one)) for one in value)
    for kind, said in SAID.items():
        if isinstance(value, kind):
            return said(value)
    return value


SAID: Final[Mapping[type, Callable[[Any], str]]] = {
    Text: say,
    forms.Words: lambda words: words.said(speech().locale),
    str: called,
    datetime: moment,
    date: day,
    Decimal: number,
}  # a moment is a date too, so it comes first


def _this_year() -> int:
    if not has_request_context():
        return clock.today().year
    if "year" not in g:
        g.year = clock.today().year
    return int(g.year)

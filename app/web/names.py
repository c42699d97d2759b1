"""What the codes of cases, papers and reports are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import format_date
from flask import Flask, g

from app import clock, forms
from app.i18n import Text, _
from app.queries.naming import stream_titles
from app.queries.words.cases import KINDS
from app.rules import lights, outcomes
from app.web.speech import speech
from app.web.wording import CHINESE, day, named, worded

STATUSES: Final[Mapping[str, Text]] = {
    "open": _("In progress"),
    "active": _("In progress"),
    "waiting": _("Waiting its turn"),
    "asking": _("Waiting for others asked"),
    "suspended": _("Suspended"),
    "closed": _("Closed"),
    "done": _("Done"),
    "void": _("Void"),
    "cancelled": _("Dropped"),
    "withdrawn": _("No longer counts"),
    "terminated": _("Terminated"),
    "revoked": _("Revoked"),
    "draft": _("Draft"),
    "approved": _("Approved"),
    "issued": _("Issued"),
}
REPORTS: Final[Mapping[str, Text]] = {
    "progress": _("Progress report"),
    "completion": _("Completion report"),
    "urgent": _("Urgent report"),
    "co_opinion": _("Co-handling opinion"),
    "co_disagreement": _("Disagreement of a co-handler"),
    "coordination": _("Settled by the office"),
    "rectification": _("Rectification report"),
    "delisting": _("Request for delisting"),
    "plan": _("Handler and division of work"),
    "review": _("Review of the completion"),
}
INSTRUCTIONS: Final[Mapping[str, Text]] = {
    "noted": _("Noted"),
    "read": _("Read and circled"),
    "affirm": _("Affirmed"),
    "act": _("To be acted on"),
}
DECISIONS: Final[Mapping[str, Text]] = {
    "proposed": _("Proposed"),
    "confirmed": _("Confirmed"),
    "dropped": _("Not upheld"),
}
DELIVERIES: Final[Mapping[str, Text]] = {
    "main": _("To"),
    "cc": _("Copy to"),
    "cc_upward": _("Copied upward to"),
}
CAME_AS: Final[Mapping[str, Text]] = {
    "cc": _("Copy"),
    "cc_upward": _("Copy from below"),
    "reader": _("Reading list"),
}
STREAMS: Final[Mapping[str, Text]] = {
    "case": _("Case"),
    "round": _("Round"),
    "definition": _("Process"),
    "organisation": _("Units, accounts and posts"),
    "calendar": _("Working-day calendar"),
    "settings": _("Settings"),
    "incidents": _("Incidents"),
}
ANSWERS: Final[Mapping[str, Text]] = {
    "drafting": _("Being drafted"),
    "issued": _("Issued"),
    "delivered": _("Delivered"),
    "refused": _("Receipt refused"),
    "signed": _("Signed for"),
    "replied": _("Answered"),
    "accepted": _("Answer accepted"),
    "withdrawn": _("Withdrawn"),
}


def configure(app: Flask) -> None:
    """Make the names known to every template."""
    app.jinja_env.filters.update(
        kind_name=lambda code: named(KINDS, code),
        came_as=lambda code: named(CAME_AS, code),
        status_name=lambda code: named(STATUSES, code),
        report_name=lambda code: named(REPORTS, code),
        instruction_name=lambda code: named(INSTRUCTIONS, code),
        delivery_name=lambda code: named(DELIVERIES, code),
        answer_name=lambda code: named(ANSWERS, code),
        decision_name=lambda code: named(DECISIONS, code),
        outcome_name=lambda code: named(outcomes.WORDS, code),
        light_name=lambda code: named(lights.WORDS, code),
        iso_day=_iso_day,
        written_day=_written_day,
        clock_time=clock_time,
        file_size=file_size,
        stream_name=_stream_name,
        unit_kind=_unit_kind,
        last_day=_last_day,
    )


def _iso_day(text: str) -> str:
    """A date kept as text in a document, in the language of the page."""
    return day(date.fromisoformat(text[:10]))


def _written_day(moment: datetime) -> str:
    """2026年7月8日, as on a Chinese official paper whatever the language of the page."""
    return format_date(clock.local_day(moment), "y年M月d日", locale=CHINESE)


def _unit_kind(code: str) -> str:
    """What sort of unit it is, as the form says with which one is added."""
    asked = forms.load("unit_add").field("kind")
    option = asked.option(code) if asked else None
    return worded(option) if option else code


def _last_day(moment: datetime) -> str:
    """The last day of a time that ends at midnight, said by the moment it ends."""
    return day(clock.local_day(moment - timedelta(microseconds=1)))


def clock_time(moment: datetime) -> str:
    """The time of day alone, where the day stands above."""
    return clock.local(moment).strftime("%H:%M")


def _stream_name(stream: str) -> str:
    """`case:7` → 案件 7; `definition:escalation` → 流程 逾期升级; `round:1` → 轮次 2026H1."""
    if "stream_titles" not in g:
        g.stream_titles = stream_titles()
    family, _colon, which = stream.partition(":")
    title, title_en = g.stream_titles.get(stream, (which, which))
    english = speech().locale == "en"
    return f"{named(STREAMS, family)} {title_en if english else title}".strip()


def file_size(size: int) -> str:
    """How large a file is, for people."""
    return f"{size / 1024**2:.1f} MB" if size >= 10**5 else f"{max(1, round(size / 1024))} kB"

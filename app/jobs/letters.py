"""Writing and sending letters: what is due becomes one mail in the person's language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import partial
from typing import Final

from flask import current_app

from app import clock, spoken
from app.actor import Actor
from app.commands import letters as acts
from app.config import Settings
from app.i18n import _
from app.jobs import post
from app.jobs.heart import said
from app.queries.letters import LetterFacts, LetterLine, letter
from app.queries.wordings import Worded, wordings
from app.queries.words.cases import KINDS
from app.rules.disturbing import Quiet
from app.rules.wordings import CHINESE, fill

SEVERAL: Final = _("%(num)s notifications")
CHANGE: Final = _("You choose on your page what you are told by mail: %(link)s")
NOTHING: Final = "—"
LONGEST_SUBJECT: Final = 150
Wordings = Mapping[tuple[str, str], Worded]


def write(*, actor: Actor) -> int:
    """Put what is due into letters; how many are new."""
    if not _settings().mail or not acts.waiting():
        return 0
    return acts.write(actor=actor)


def send(letter_id: int, *, actor: Actor) -> None:
    """Send a letter, unless it was sent, or nothing is left to say; by day only.

    While the mail server is away it waits. What the server refuses for good fails here, so that
    the work becomes an incident.
    """
    settings = _settings()
    quiet = Quiet.read(settings.quiet_from, settings.quiet_until)
    found = letter(letter_id, quiet) if settings.mail else None
    if found is None:
        acts.dropped(letter_id, actor=actor)
        return
    if found.not_before > found.now:
        acts.put_off(letter_id, found.not_before, "", actor=actor)
        return
    try:
        post.send(settings, composed(found, settings, wordings()))
    except post.ServerAway as problem:
        acts.put_off(letter_id, None, str(problem), actor=actor)
        return
    said(partial(acts.sent, letter_id, actor=actor))


def composed(found: LetterFacts, settings: Settings, words: Wordings) -> EmailMessage:
    """The mail: one piece of news in its own words, several as a list of their first lines."""
    locale = found.locale or CHINESE
    speech, mail = spoken.of(locale), EmailMessage()
    filled = [(words[line.kind, locale].words, _values(line, settings, locale))
              for line in found.lines]  # fmt: skip
    subjects = [" ".join(fill(each.subject, values).split()) for each, values in filled]
    if len(filled) == 1:
        subject, body = subjects[0], fill(filled[0][0].body, filled[0][1])
    else:
        subject = speech.text(SEVERAL.msgid, {"num": len(filled)})
        lines = (f"{line}\n{values['link']}" for line, (_w, values) in zip(subjects, filled,
                 strict=True))  # fmt: skip
        body = "\n\n".join(lines) + "\n"
    mail["Subject"] = subject[:LONGEST_SUBJECT]
    mail["From"] = settings.mail_from
    mail["To"] = Address(addr_spec=found.address)
    mail["Date"] = format_datetime(found.now)
    mail["Message-ID"] = _message_id(found.id, settings)
    mail["Auto-Submitted"] = "auto-generated"
    footer = speech.text(CHANGE.msgid, {"link": f"{settings.public_url.rstrip('/')}/me/"})
    mail.set_content(f"{body}\n-- \n{footer}\n")
    return mail


def _values(line: LetterLine, settings: Settings, locale: str) -> dict[str, str]:
    """What the places stand for."""
    english = locale != CHINESE
    kind = KINDS.get(line.case_kind)
    path = f"tasks/{line.assignment_id}" if line.assignment_id else f"cases/{line.case_id}"
    return {
        "kind": spoken.of(locale).say(kind) if kind else line.case_kind,
        "number": line.number or f"#{line.case_id}",
        "step": (english and line.step_en) or line.step or NOTHING,
        "due": _day(line.due_at, english=english),
        "unit": (english and line.unit_en) or line.unit or NOTHING,
        "times": str(line.times),
        "link": f"{settings.public_url.rstrip('/')}/{path}",
    }


def _day(moment: datetime | None, *, english: bool) -> str:
    if moment is None:
        return NOTHING
    day = clock.local_day(moment)
    return f"{day.day} {day:%b %Y}" if english else f"{day.year}年{day.month}月{day.day}日"


def _message_id(number: int, settings: Settings) -> str:
    """The same for the same letter, so that one sent twice is known for one."""
    digest = hashlib.sha256(f"{settings.public_url} {number}".encode()).hexdigest()[:16]
    domain = parseaddr(settings.mail_from)[1].partition("@")[2]
    return f"<letter-{number}-{digest}@{domain}>"


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found

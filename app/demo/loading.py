"""Load the demonstration county: found it, play its history, and let the clock run true."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from typing import Final

from app import clock
from app.actor import SYSTEM
from app.commands import demonstration, installation, timers
from app.config import Settings
from app.demo import founding
from app.demo.diary import Diary
from app.demo.history import half_year, handling, last_year, november, october, waiting
from app.demo.playing import Play
from app.demo.shifting import Shift
from app.i18n import Text
from app.rules.workdays import statutory_calendar

BEGINS: Final = date(2026, 1, 5)
CHAPTERS: Final = (last_year, half_year, handling, october)
BOTH: Final = (november, waiting)
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def load(*, settings: Settings, hears: Callable[[Text], None] = lambda _title: None) -> None:
    """Fill an empty database with the county as of today, whatever the year."""
    installation.create_schema()
    shift = Shift(clock.today(), statutory_calendar())
    begins = clock.from_local(shift.day(BEGINS), hour=8)
    founding.found(begins, settings=settings, password=generated_password())
    county, court = Play("tanghe", Diary(), shift), Play("tongxu", Diary(), shift)
    for chapter in CHAPTERS:
        hears(chapter.TITLE)
        chapter.play(county)
    for both in BOTH:
        hears(both.TITLE)
        both.play(county, court)
    demonstration.release_clock(actor=SYSTEM)
    timers.fire_due()


def generated_password() -> str:
    """Three groups a person can type from a screen, never the same twice."""
    groups = ["".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(3)]
    return "-".join(groups)

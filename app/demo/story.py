"""The acceptance story: chapters played in order, with a checkpoint for whatever breaks off."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Final

from app import clock
from app.config import Settings
from app.demo import founding, tanghe, tongxu
from app.demo.diary import Diary, Entry
from app.demo.playing import Play
from app.errors import Refusal
from app.i18n import _
from app.queries import audit
from app.queries.audit import Verdict
from app.queries.evaluation import OutcomeLine

CHAPTERS: Final[dict[str, Sequence[ModuleType]]] = {
    "tanghe": tanghe.CHAPTERS,
    "tongxu": tongxu.CHAPTERS,
}
BEGINS: Final = date(2026, 7, 1)
_log = logging.getLogger("weathervane.story")


@dataclass(frozen=True)
class Told:
    """A story that was told: what was written down, what came of the risks, what audit says."""

    profile: str
    diary: Diary
    outcomes: tuple[OutcomeLine, ...]
    verdict: Verdict

    @property
    def held(self) -> bool:
        """Whether every checkpoint held and the journal is whole."""
        return bool(self.diary.checkpoints) and not self.diary.failed and self.verdict.whole


def tell(
    profile: str,
    *,
    settings: Settings,
    hears: Callable[[Entry], None] = lambda _entry: None,
    until: str = "",
) -> Told:
    """Found the county in an empty database and play its chapters (up to one, by its file name).

    What goes wrong ends the story with a checkpoint that did not hold.
    """
    diary = Diary(hears)
    founding.found(clock.from_local(BEGINS, hour=8), settings=settings)
    play = Play(profile, diary)
    for chapter in CHAPTERS[profile]:
        diary.open_chapter(chapter.TITLE)
        if not _played(chapter, play) or chapter.__name__.endswith(f".{until}"):
            break
    evaluated = play.cases.get("evaluation")
    found = play.see.outcomes(evaluated) if evaluated else ()
    return Told(profile, diary, found, audit.verify())


def _played(chapter: ModuleType, play: Play) -> bool:
    try:
        chapter.play(play)
    except Exception as problem:  # noqa: BLE001 - whatever broke the story off is what it tells
        _log.debug("The story broke off.", exc_info=True)
        play.check(_("The chapter is played to its end."), "played", _said(problem))
        return False
    return True


def _said(problem: Exception) -> str:
    """What went wrong, with the fields a refusal names."""
    fields = problem.fields if isinstance(problem, Refusal) else {}
    named = "".join(f" {name}: {text}" for name, text in fields.items())
    return f"{type(problem).__name__}: {problem}{named}"

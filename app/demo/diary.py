"""What is written down while a county is played: chapters, steps, checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.i18n import Text


@dataclass(frozen=True)
class Chapter:
    """A heading: what happens next."""

    no: int
    title: Text


@dataclass(frozen=True)
class Waiting:
    """What somebody has before them after a step: until when, and with which light."""

    unit: str
    unit_en: str
    task: str
    task_en: str
    due: date | None
    left: Text | None
    light: str


@dataclass(frozen=True)
class Step:
    """One act as the journal tells it: who, for which unit, when, what, and who is next."""

    chapter: int
    at: datetime
    who: str
    unit: str
    number: str
    title: str
    stage: str
    did: tuple[Text, ...]
    kinds: tuple[str, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class Checkpoint:
    """A sentence that must be true: what was expected, and what the database says."""

    no: int
    chapter: int
    rule: str
    sentence: Text
    expected: Any
    found: Any

    @property
    def held(self) -> bool:
        """Whether it is true."""
        return bool(self.expected == self.found)


Entry = Chapter | Step | Checkpoint


@dataclass
class Diary:
    """Everything that was written down, in order; `tell` hears each entry as it comes."""

    tell: Callable[[Entry], None] = lambda _entry: None
    entries: list[Entry] = field(default_factory=list)
    chapter: int = 0

    def open_chapter(self, title: Text) -> None:
        """A new chapter begins."""
        self.chapter += 1
        self.write(Chapter(self.chapter, title))

    def write(self, entry: Entry) -> None:
        """Keep an entry and tell it."""
        self.entries.append(entry)
        self.tell(entry)

    def check(self, sentence: Text, expected: Any, found: Any, *, rule: str = "") -> None:
        """Hold what the database says against what it should say."""
        no = len(self.checkpoints) + 1
        self.write(Checkpoint(no, self.chapter, rule, sentence, expected, found))

    @property
    def checkpoints(self) -> list[Checkpoint]:
        """Every checkpoint so far."""
        return [each for each in self.entries if isinstance(each, Checkpoint)]

    @property
    def steps(self) -> list[Step]:
        """Every step so far."""
        return [each for each in self.entries if isinstance(each, Step)]

    @property
    def failed(self) -> list[Checkpoint]:
        """The checkpoints that did not hold."""
        return [each for each in self.checkpoints if not each.held]

"""What a form is: its fields in two languages, and the conditions under which they show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

TRUE: frozenset[str | bool] = frozenset({True, "true", "on", "yes", "1"})
FALSE: frozenset[str | bool] = frozenset({False, "false", "off", "no", "0"})
"""What a ticked box and one that isn't may say; a browser leaves the second out."""

REFERENCES = {
    "unit": "unit",
    "units": "unit",
    "person": "person",
    "people": "person",
    "indicator": "indicator",
    "round": "round",
}
"""Field types that name a record by its code (people by the sign-in name), and of which kind."""

LEVELS = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Chinese, which is the official text, and in English."""

    zh: str
    en: str

    def said(self, locale: str) -> str:
        """The words for a reader of this language."""
        return self.zh if locale.lower().startswith("zh") else self.en or self.zh

    def __str__(self) -> str:
        """In English, as sentences are written to logs."""
        return self.said("en")

    def __bool__(self) -> bool:
        return bool(self.zh)


NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Condition:
    """True when another field of the form holds one of these values."""

    field: str
    values: tuple[str | bool, ...]

    def met(self, answers: Mapping[str, Any]) -> bool:
        """Whether the answers, as typed or as checked, meet the condition."""
        given = answers.get(self.field)
        if all(isinstance(value, bool) for value in self.values):
            return ticked(given) in self.values
        return isinstance(given, str) and given.strip() in self.values


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a choice offers, possibly only beside a certain answer to another field."""

    value: str
    label: Words
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form; `columns` are the questions of each row when it is a table.

    `vote`: where several sign the task, the answer to this one is each one's voice.
    """

    name: str
    type: str
    label: Words
    help: Words = NOTHING
    required: bool = False
    fact: bool = False
    vote: bool = False
    options: tuple[Option, ...] = ()
    min: Decimal | date | str | None = None
    max: Decimal | date | str | None = None
    min_length: int | None = None
    max_length: int = 0
    show_if: Condition | None = None
    required_if: Condition | None = None
    columns: tuple[Field, ...] = ()
    min_rows: int = 0
    max_rows: int = 0

    def shown(self, answers: Mapping[str, Any]) -> bool:
        """Whether the question is asked, given the other answers."""
        return self.show_if is None or self.show_if.met(answers)

    def needed(self, answers: Mapping[str, Any]) -> bool:
        """Whether the question must be answered, given the other answers."""
        return self.required or (self.required_if is not None and self.required_if.met(answers))

    def offered(self, answers: Mapping[str, Any]) -> tuple[Option, ...]:
        """The options open beside the other answers."""
        return tuple(o for o in self.options if o.show_if is None or o.show_if.met(answers))

    def option(self, value: Any) -> Option | None:
        """The option that stands for a stored value."""
        return next((option for option in self.options if option.value == value), None)

    def column(self, name: str) -> Field | None:
        """The question with this name in every row of the table."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The questions a person answers to finish a task; only itself is the same.

    `receipt`: by answering them a unit signs for something that was sent to it (签收); `signs` are
    the answers that do so by themselves, for signing for several at once.
    """

    key: str
    title: Words
    fields: tuple[Field, ...]
    intro: Words = NOTHING
    receipt: bool = False
    signs: Mapping[str, Any] | None = None

    def field(self, name: str) -> Field | None:
        """The question with this name."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def vote(self) -> Field | None:
        """The question whose answer is a voice, where several sign."""
        return next((field for field in self.fields if field.vote), None)

    def shown(self, answers: Mapping[str, Any]) -> Iterator[Field]:
        """The questions that are asked, given the answers; one hidden counts as unanswered."""
        seen: dict[str, Any] = {}
        for field in self.fields:
            if field.shown(seen):
                seen[field.name] = answers.get(field.name)
                yield field


def offering(form: Form, name: str, options: Mapping[str, Words]) -> Form:
    """The form with these options for one of its choices: what there is to choose from just now.

    Where there is nothing to choose from it is not asked.
    """
    now = tuple(Option(value, words) for value, words in options.items())
    fields = [replace(field, options=now) if field.name == name else field for field in form.fields]
    return replace(form, fields=tuple(each for each in fields if now or each.name != name))


def without(form: Form, name: str) -> Form:
    """The form without one of its questions."""
    return replace(form, fields=tuple(field for field in form.fields if field.name != name))


def ticked(value: Any) -> bool:
    """Whether a box is ticked, as a browser or as JSON says it."""
    text = value.strip() if isinstance(value, str) else value
    return isinstance(text, str | int | float) and text in TRUE


def label(thing: Field | Option, locale: str) -> str:
    """What a question or an answer is called for a reader of this language."""
    return thing.label.said(locale)

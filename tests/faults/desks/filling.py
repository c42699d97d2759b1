"""Answers to any form, made up field by field: right ones, of whatever kind it asks for."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app import clock
from app.forms import Field, Form

WORDS = "请按分工办理并于期限内反馈，涉及多个单位的由主办单位会商后统一答复。"
FARTHEST = timedelta(days=40)
SEVERAL = ("units", "people")


@dataclass
class Filling:
    """Makes up answers; `codes` are what references may name, by field type."""

    chance: random.Random
    codes: Mapping[str, Sequence[str]]

    def answers(self, form: Form, preferred: Mapping[str, Any]) -> dict[str, Any]:
        """Every question asked is answered if it must be, else sometimes."""
        given: dict[str, Any] = {}
        for field in form.fields:
            if not field.shown(given):
                continue
            if field.name in preferred:
                given[field.name] = preferred[field.name]
            elif field.needed(given) or self.chance.random() < 0.3:
                given[field.name] = self.answer(field, given)
        return given

    def answer(self, field: Field, given: Mapping[str, Any]) -> Any:
        """One answer."""
        ways: Mapping[str, Callable[[], Any]] = {
            "text": lambda: self._words(field),
            "textarea": lambda: self._words(field),
            "choice": lambda: self._chosen(field, given),
            "multichoice": lambda: [self._chosen(field, given)],
            "date": lambda: self._day(field).isoformat(),
            "integer": lambda: self._number(field),
            "decimal": lambda: self._number(field),
            "boolean": lambda: True,
            "table": lambda: self._rows(field),
        }
        return ways.get(field.type, lambda: self._named(field))()

    def _chosen(self, field: Field, given: Mapping[str, Any]) -> str:
        return self.chance.choice([each.value for each in field.offered(given)] or [""])

    def _number(self, field: Field) -> int:
        low, high = int(Decimal(str(field.min or 0))), int(Decimal(str(field.max or 100)))
        return self.chance.randint(low, max(low, high))

    def _rows(self, field: Field) -> list[dict[str, Any]]:
        count = max(field.min_rows, 1)
        return [{c.name: self.answer(c, {}) for c in field.columns} for _n in range(count)]

    def _words(self, field: Field) -> str:
        longest = min(field.max_length or len(WORDS), len(WORDS))
        shortest = min(max(field.min_length or 1, 1), longest)
        return WORDS[: self.chance.randint(shortest, longest)]

    def _day(self, field: Field) -> date:
        today = clock.today()
        first, last = (_bound(each, today) for each in (field.min, field.max))
        begin = first or (last - FARTHEST if last else today)
        end = last or begin + FARTHEST
        return begin + timedelta(days=self.chance.randint(0, max(0, (end - begin).days)))

    def _named(self, field: Field) -> Any:
        codes = self.codes.get(field.type, ())
        if not codes:
            return [] if field.type in SEVERAL else None
        code = self.chance.choice(codes)
        return [code] if field.type in SEVERAL else code


def _bound(said: object, today: date) -> date | None:
    if said is None or isinstance(said, date):
        return said
    return today if said == "today" else date.fromisoformat(str(said))

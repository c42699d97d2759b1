"""How journal rows become sentences: who is called what, and which kind says what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from app import clock
from app.i18n import Text, _


@dataclass(frozen=True)
class Names:
    """What units and people are called, by id; units and mechanisms by their codes too."""

    units: Mapping[int, str]
    people: Mapping[int, str]
    codes: Mapping[str, str] = field(default_factory=dict)

    def unit(self, unit_id: int | None) -> str:
        """A unit's name; nothing for nobody."""
        return self.units.get(unit_id, "") if unit_id else ""

    def person(self, person_id: int | None) -> str:
        """A person's name; nothing for the system itself."""
        return self.people.get(person_id, "") if person_id else ""

    def coded(self, code: str) -> str:
        """What a unit's code or a mechanism's key stands for; the code itself if nobody knows."""
        return self.codes.get(code, code)

    def all_units(self, ids: Sequence[int]) -> str:
        """Several units in one string."""
        return "、".join(self.unit(each) for each in ids)


Words = Callable[[Mapping[str, Any], Names], Text]
SENTENCES: Final[dict[str, Words]] = {}


def says(*kinds: str) -> Callable[[Words], Words]:
    """Register how one or more kinds of journal rows are said."""

    def register(words: Words) -> Words:
        for kind in kinds:
            SENTENCES[kind] = words
        return words

    return register


def sentence(kind: str, data: Mapping[str, Any], names: Names) -> Text:
    """The row in words; a kind nobody worded (a bug the tests find) is named as it is.

    So is a row somebody altered: it must not keep the page from opening that shows the damage.
    """
    words = SENTENCES.get(kind)
    try:
        return words(data, names) if words else _("recorded “%(kind)s”", kind=kind)
    except (LookupError, TypeError, ValueError, AttributeError):
        return _("recorded “%(kind)s”", kind=kind)


def plain(text: Text, **fields: str) -> Words:
    """A sentence whose places are filled straight from the row's data (place → data name)."""

    def words(data: Mapping[str, Any], _names: Names) -> Text:
        return Text(text.msgid, {place: data.get(name, "") for place, name in fields.items()})

    return words


def day_before(iso: str) -> date:
    """The last day of a time that ends at midnight, said by the moment it ends."""
    return clock.local_day(datetime.fromisoformat(iso) - timedelta(microseconds=1))


def day(iso: str | None) -> date | str:
    """A day (or a moment's day) as rows keep it, for a sentence that says days in people's way."""
    if iso and "T" in iso:
        return clock.local_day(datetime.fromisoformat(iso))
    return date.fromisoformat(iso) if iso else ""


def choice(field: str, sentences: Mapping[Any, Text], **places: str) -> Words:
    """The sentence that belongs to what the row says in a field; places as in `plain`."""
    said = {value: plain(text, **places) for value, text in sentences.items()}

    def words(data: Mapping[str, Any], names: Names) -> Text:
        return said[data[field]](data, names)

    return words

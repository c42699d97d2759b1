"""A sentence for every kind of journal row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.i18n import Text, _


@dataclass(frozen=True)
class Names:
    """What units and people are called, by id."""

    units: Mapping[int, str]
    people: Mapping[int, str]

    def unit(self, unit_id: int | None) -> str:
        """A unit's name; nothing for nobody."""
        return self.units.get(unit_id or 0, "")

    def person(self, person_id: int | None) -> str:
        """A person's name; nothing for the system itself."""
        return self.people.get(person_id or 0, "")

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
    """The row in words; a kind nobody worded (a bug the tests find) is named as it is."""
    words = SENTENCES.get(kind)
    return words(data, names) if words else _("recorded “%(kind)s”", kind=kind)


def plain(text: Text, **fields: str) -> Words:
    """A sentence whose places are filled straight from the row's data (place → data name)."""

    def words(data: Mapping[str, Any], _names: Names) -> Text:
        return Text(text.msgid, {place: data.get(name, "") for place, name in fields.items()})

    return words


@says("case.opened")
def _opened(data: Mapping[str, Any], _names: Names) -> Text:
    return _("opened “%(title)s”", title=data["title"])


@says("task.completed")
def _completed(data: Mapping[str, Any], _names: Names) -> Text:
    if data["late"]:
        return _("completed “%(task)s”, after the due date", task=data["name"])
    return _("completed “%(task)s”", task=data["name"])


@says("task.waived")
def _waived(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "let the case go on without the part of %(unit)s in “%(task)s”",
        unit=names.unit(data["of_unit"]), task=data["name"],
    )


SENTENCES.update({
    "case.void": plain(_("declared the case void")),
    "case.terminated": plain(_("terminated the case")),
})

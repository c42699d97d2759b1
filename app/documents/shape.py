"""What a kind of document consists of: who issues it, how it is numbered, which sections it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["text", "date", "time", "number", "level", "light", "outcome"]
Layout = Literal["general", "upward", "letter", "court", "minutes"]
Issuer = Literal["court", "supervising_office", "assessing_office", "convener", "unit"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    field: str
    heading: str
    heading_en: str
    format: Format = "text"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document: a text (or a single date, number, level), a list, or a table."""

    field: str
    heading: str
    heading_en: str
    kind: Literal["text", "list", "table"] = "text"
    format: Format = "text"
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document; `series` is the key of its number template in the mechanism profile."""

    code: str
    name: str
    name_en: str
    issuer: Issuer
    layout: Layout
    sections: tuple[Section, ...]
    series: str

    def section(self, field: str) -> Section | None:
        """The section filled by that field of the content."""
        return next((section for section in self.sections if section.field == field), None)


def kind(
    code: str,
    name: str,
    name_en: str,
    issuer: Issuer,
    layout: Layout,
    *sections: Section,
    series: str = "",
) -> Kind:
    """A kind whose numbers run under its own code unless another series is named."""
    return Kind(code, name, name_en, issuer, layout, sections, series or code)


def text(field: str, heading: str, heading_en: str, format_: Format = "text") -> Section:
    """A section of running text, or of one value."""
    return Section(field, heading, heading_en, "text", format_)


def listed(field: str, heading: str, heading_en: str) -> Section:
    """A section of numbered points."""
    return Section(field, heading, heading_en, "list")


def table(field: str, heading: str, heading_en: str, *columns: Column) -> Section:
    """A section of rows, each a mapping of the columns' fields."""
    return Section(field, heading, heading_en, "table", columns=columns)

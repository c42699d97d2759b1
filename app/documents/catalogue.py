"""Every kind of document (文书) the system knows, and whether a content fits its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.documents import accountability, coordination, warning
from app.documents.shape import Kind, Section

KINDS: Final[Mapping[str, Kind]] = {
    kind.code: kind for kind in (*warning.KINDS, *coordination.KINDS, *accountability.KINDS)
}


@dataclass(frozen=True, slots=True)
class Block:
    """A section together with what stands in it; `rows` of a table, `points` of a list."""

    section: Section
    text: str = ""
    points: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()


def blocks(code: str, content: Mapping[str, Any]) -> tuple[Block, ...]:
    """The sections in which something stands, in the kind's order: what a template walks."""
    return tuple(
        _block(section, content[section.field])
        for section in KINDS[code].sections
        if content.get(section.field) not in (None, "", [])
    )


def fitting(code: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content in the kind's order of sections; a ValueError when it does not fit."""
    found = list(_problems(KINDS[code], content))
    if found:
        raise ValueError(f"{code}: {'; '.join(found)}")
    return {
        section.field: content[section.field]
        for section in KINDS[code].sections
        if section.field in content
    }


def _block(section: Section, value: Any) -> Block:
    if section.kind == "table":
        return Block(section, rows=tuple(value))
    if section.kind == "list":
        return Block(section, points=tuple(map(str, value)))
    return Block(section, text=str(value))


def _problems(kind: Kind, content: Mapping[str, Any]) -> Iterator[str]:
    for field, value in content.items():
        section = kind.section(field)
        if section is None:
            yield f"{field} is no section"
        elif value is not None:
            yield from _misfits(section, value)


def _misfits(section: Section, value: Any) -> Iterator[str]:
    if section.kind == "text":
        if not isinstance(value, str | int):
            yield f"{section.field} must be a text"
    elif not isinstance(value, list):
        yield f"{section.field} must be a list"
    elif section.kind == "table":
        known = {column.field for column in section.columns}
        for row in value:
            yield from (f"{section.field}.{name} is no column" for name in sorted(set(row) - known))

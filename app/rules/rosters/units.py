"""The rows of a file of units beside the units there are, and no circle in their tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.i18n import Text, _
from app.rules.readings import folded
from app.rules.rosters.compared import Compared, Looking, first_lines
from app.rules.rosters.reading import LINE, Row
from app.rules.rosters.shape import UNIT_CODE, choices, words

CODE = _("Use 2 to 20 capital letters, digits and -.")


@dataclass(frozen=True)
class KnownUnit:
    """A unit there is; the one above by its code."""

    id: int
    name: str
    name_en: str | None
    kind: str
    parent: str | None
    active: bool


Units = Mapping[str, KnownUnit]


def compare_units(rows: Sequence[Row], known: Units) -> list[Compared]:
    """Every row with its verdict; a unit may stand below one that comes later in the file."""
    first = first_lines(rows, "code")
    above = {code: unit.parent for code, unit in known.items()}
    above |= {row["code"]: row["parent"] for row in rows if row.get("parent")}
    circles = _circles(above)
    return [_compared(Looking(row), known, first, circles) for row in rows]


def _compared(
    looking: Looking, known: Units, first: Mapping[str, int], circles: Mapping[str, str]
) -> Compared:
    code = looking.text("code")
    unit = known.get(code)
    problem = _wrong_code(code, looking.row, first, unit)
    if problem is not None:
        looking.refuse("code", problem)
    name = looking.name("name", unit.name if unit else None, needed=True)
    name_en = looking.name("name_en", unit.name_en if unit else None)
    kind = _kind(looking, unit)
    parent = looking.text("parent") or (unit.parent if unit else None)
    if looking.text("parent"):
        _check_parent(looking, code, known, first, circles)
    if unit is not None:
        for column, before, after in (
            ("name", unit.name, name), ("name_en", unit.name_en, name_en),
            ("parent", unit.parent, parent),
        ):  # fmt: skip
            looking.change(column, before, after)
    wants = {"name": name, "name_en": name_en, "kind": kind, "parent": parent}
    return looking.done(code, unit is not None, wants)


def _wrong_code(
    code: str, row: Row, first: Mapping[str, int], unit: KnownUnit | None
) -> Text | None:
    if not code:
        return _("This is missing.")
    if not UNIT_CODE.fullmatch(code):
        return CODE
    if first[code] != row[LINE]:
        return _("Line %(line)s has this code already; keep one of the two.", line=first[code])
    if unit is not None and not unit.active:
        return _("This unit is out of use; take it into use again first, or leave the row out.")
    return None


def _kind(looking: Looking, unit: KnownUnit | None) -> str | None:
    """The kind by code; what a unit is stays."""
    kinds = choices("unit_add", "kind")
    text = looking.text("kind")
    kind = kinds.get(folded(text))
    if not text and unit is None:
        looking.refuse("kind", _("This is missing."))
    elif text and kind is None:
        known = list(words("unit_add", "kind").values())
        looking.refuse(
            "kind",
            _("“%(text)s” is no kind of unit; write one of %(kinds)s.", text=text, kinds=known),
        )
    elif kind and unit is not None and kind != unit.kind:
        looking.refuse(
            "kind",
            _("The kind of a unit stays %(kind)s; leave this empty or add a new unit.",
              kind=words("unit_add", "kind").get(unit.kind, unit.kind)),
        )  # fmt: skip
    return kind or (unit.kind if unit else None)


def _check_parent(
    looking: Looking,
    code: str,
    known: Units,
    first: Mapping[str, int],
    circles: Mapping[str, str],
) -> None:
    parent = looking.text("parent")
    there = known.get(parent)
    if there is None and parent not in first:
        looking.refuse(
            "parent",
            _("There is no unit with the code %(code)s, and none in this file.", code=parent),
        )
    elif there is not None and not there.active:
        looking.refuse("parent", _("The unit %(code)s is out of use.", code=parent))
    elif code in circles:
        looking.refuse(
            "parent",
            _("The units above this one lead back to it: %(codes)s. Mend one of these rows.",
              codes=circles[code]),
        )  # fmt: skip


def _circles(above: Mapping[str, str | None]) -> dict[str, str]:
    """Every code that stands above itself, with the way round in words."""
    found: dict[str, str] = {}
    clear: set[str] = set()
    for start in above:
        way: list[str] = []
        places: dict[str, int] = {}
        code: str | None = start
        while code is not None and code not in clear and code not in places:
            places[code] = len(way)
            way.append(code)
            code = above.get(code)
        if code is not None and code in places and code not in found:
            ring = way[places[code] :]
            said = " → ".join([*ring[:5], *(["…"] if len(ring) > 5 else []), ring[0]])
            found |= dict.fromkeys(ring, said)
        clear.update(way)
    return found

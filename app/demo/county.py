"""The demonstration county as data: units, accounts by unit and post, indicators, readings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("county.json")
COLUMNS: Final = (
    "indicator",
    "period",
    "area_level",
    "area",
    "value",
    "value_year_before",
    "change",
    "case_count",
)
MEANS: Final = {"intermediate_court_mean": "intermediate_mean", "high_court_mean": "high_mean"}


@dataclass(frozen=True)
class Account:
    """Somebody who acts for a unit in a role, called by both and never by a name."""

    unit: str
    role: str
    name: str
    name_en: str

    @property
    def login(self) -> str:
        """What they sign in as: `zjj_unit_handler`."""
        return login_of(self.unit, self.role)


def login_of(unit: str, role: str) -> str:
    """What somebody with that role in that unit signs in as."""
    return f"{unit.lower()}_{role}"


@cache
def county() -> Mapping[str, Any]:
    """The whole file."""
    found: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def accounts() -> Iterator[Account]:
    """Everybody, in the order of the file."""
    roles = county()["roles"]
    for each in county()["accounts"]:
        unit, role = unit_of(each["unit"]), roles[each["role"]]
        yield Account(
            each["unit"],
            each["role"],
            f"{unit['short']}·{role['name']}",
            f"{unit['short_en']} · {role['name_en']}",
        )


def unit_of(code: str) -> Mapping[str, Any]:
    """A unit by its code."""
    found: Mapping[str, Any] = next(each for each in county()["units"] if each["code"] == code)
    return found


def unit_name(code: str) -> str:
    """A unit's official name."""
    return str(unit_of(code)["name"])


def indicator_of(code: str) -> Mapping[str, Any]:
    """An indicator by its code."""
    found: Mapping[str, Any] = next(each for each in county()["indicators"] if each["code"] == code)
    return found


def round_of(code: str) -> Mapping[str, Any]:
    """A round of the dataset by its code there."""
    found: Mapping[str, Any] = next(each for each in county()["rounds"] if each["code"] == code)
    return found


def readings_file(code: str, period: str) -> bytes:
    """The figures of a round as the CSV file an analyst would send, with its provenance on top."""
    lines = [f"# {county()['about']['readings']}", ",".join(COLUMNS)]
    for indicator, figures in round_of(code)["readings"].items():
        name = indicator_of(indicator)["name"]
        lines += [",".join((name, period, *row)) for row in _rows(figures)]
    return ("\n".join(lines) + "\n").encode()


def _rows(figures: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The county's own figure with its arithmetic, then the means of the courts above."""
    areas = county()["areas"]
    value, before = figures["value"], figures["year_before"]
    change = format(Decimal(value) - Decimal(before), "f")
    yield "county", areas["county"], value, before, change, str(figures["case_count"])
    for level, name in MEANS.items():
        yield level, areas[level], figures[name], "", "", ""

"""Files of units and of people (CSV and XLSX): read, and compared with what there is."""

from app.rules.rosters.compared import (
    CHANGED,
    NEW,
    REFUSED,
    SAME,
    VERDICTS,
    Change,
    Compared,
    Problem,
)
from app.rules.rosters.people import KnownPerson, compare_people, proposed
from app.rules.rosters.reading import RosterFile, read
from app.rules.rosters.shape import COLUMNS, LOGIN, MOST_BYTES, MOST_ROWS, UNIT_CODE
from app.rules.rosters.templates import template
from app.rules.rosters.units import KnownUnit, compare_units

__all__ = [
    "CHANGED",
    "COLUMNS",
    "LOGIN",
    "MOST_BYTES",
    "MOST_ROWS",
    "NEW",
    "REFUSED",
    "SAME",
    "UNIT_CODE",
    "VERDICTS",
    "Change",
    "Compared",
    "KnownPerson",
    "KnownUnit",
    "Problem",
    "RosterFile",
    "compare_people",
    "compare_units",
    "proposed",
    "read",
    "template",
]

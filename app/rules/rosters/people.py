"""The rows of a file of people beside the accounts there are, and the posts it proposes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.i18n import Text, _
from app.rules import access
from app.rules.readings import folded
from app.rules.rosters.compared import Compared, Looking, Problem, first_lines
from app.rules.rosters.reading import LINE, Row
from app.rules.rosters.shape import LOGIN, choices

BETWEEN: Final = re.compile(r"\s*[;,、/|\n]\s*")
CODE: Final = _("Use 2 to 60 small letters, digits, dots, - and _.")


@dataclass(frozen=True)
class KnownPerson:
    """An account there is, with the posts held now as (unit code, role)."""

    id: int
    name: str
    name_en: str | None
    active: bool
    posts: frozenset[tuple[str, str]] = field(default=frozenset())


def compare_people(
    rows: Sequence[Row], known: Mapping[str, KnownPerson], units: Mapping[str, bool]
) -> list[Compared]:
    """Every row with its verdict; `units`: the codes there are, and whether in use."""
    first = first_lines(rows, "login")
    return [_compared(Looking(row), known, units, first) for row in rows]


def proposed(one: Compared) -> list[tuple[str, str]]:
    """The posts a row would have somebody hold who does not yet, as (unit code, role)."""
    unit = one.wants["unit"]
    return [(unit, role) for role in one.wants["posts"]]


def _compared(
    looking: Looking,
    known: Mapping[str, KnownPerson],
    units: Mapping[str, bool],
    first: Mapping[str, int],
) -> Compared:
    login = looking.text("login")
    person = known.get(login)
    problem = _wrong_login(login, looking.row, first, person)
    if problem is not None:
        looking.refuse("login", problem)
    name = looking.name("name", person.name if person else None, needed=True)
    name_en = looking.name("name_en", person.name_en if person else None)
    unit, posts = _posts(looking, person, units)
    if person is not None:
        looking.change("name", person.name, name)
        looking.change("name_en", person.name_en, name_en)
    if posts:
        looking.change("posts", None, posts)
    wants: dict[str, Any] = {"name": name, "name_en": name_en, "unit": unit, "posts": posts}
    return looking.done(login, person is not None, wants)


def _wrong_login(
    login: str, row: Row, first: Mapping[str, int], person: KnownPerson | None
) -> Text | None:
    if not login:
        return _("This is missing.")
    if not LOGIN.fullmatch(login):
        return CODE
    if first[login] != row[LINE]:
        return _(
            "Line %(line)s has this sign-in name already; keep one of the two.", line=first[login]
        )
    if person is not None and not person.active:
        return _("This account is closed; open it again first, or leave the row out.")
    return None


def _posts(
    looking: Looking, person: KnownPerson | None, units: Mapping[str, bool]
) -> tuple[str, list[str]]:
    """The unit, and the roles proposed in it that are not held already."""
    unit, text = looking.text("unit"), looking.text("posts")
    found = list(dict.fromkeys(_role(looking, said) for said in BETWEEN.split(text) if said))
    if unit and not units.get(unit):
        looking.refuse("unit", _("There is no unit with the code %(codes)s.", codes=unit))
    elif unit and not text:
        looking.refuse("posts", _("Say which post in this unit, or leave the unit empty."))
    elif text and not unit:
        looking.refuse("unit", _("Say in which unit, or leave the posts empty."))
    held = person.posts if person else frozenset()
    return unit, [role for role in found if role and (unit, role) not in held]


def _role(looking: Looking, said: str) -> str:
    role = choices("post_grant", "role").get(folded(said), "")
    if not role:
        text = _("“%(text)s” is no post; write what the posts are called here.", text=said[:40])
        looking.problems.append(Problem("posts", text))
    elif role in access.ADMINISTRATORS:
        text = _("Administrators are no matter of files: their posts are granted one by one.")
        looking.problems.append(Problem("posts", text))
    return role

"""The smallest county the bench can work in; runs with the settings of the server it is for."""

from __future__ import annotations

import sys

from app import create_app
from app.actor import SYSTEM
from app.commands import organisation, roles, units

UNIT = "PAB"  # the supervising office of the profile the process is started under
POSTS = ("supervision_clerk", "supervision_director")
PASSWORD = "six steps in a row, given"  # noqa: S105 - opens a database that lives for minutes
OWN_PASSWORD = "six steps in a row, chosen"  # noqa: S105 - as above


def login(post: str, number: int) -> str:
    """The sign-in name of one of the people."""
    return f"{post}_{number}"


def found(pairs: int) -> None:
    """Add the unit, and for each client a clerk and a director."""
    units.add_unit(UNIT, "示例督办部门", "office", actor=SYSTEM)
    for number in range(pairs):
        for post in POSTS:
            name = login(post, number)
            made = organisation.add_person(name, f"示例{number}", PASSWORD, actor=SYSTEM)
            roles.set_roles(made["person"], [{"unit": UNIT, "role": post}], actor=SYSTEM)


if __name__ == "__main__":
    with create_app().app_context():
        found(int(sys.argv[1]))

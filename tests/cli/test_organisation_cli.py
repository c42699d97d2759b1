"""`flask units …` and `flask people …`: a county is set up and its first users get in."""

from __future__ import annotations

import json
import re

import pytest

from app.db import session
from app.model import Person
from app.queries.people import actor_by_login
from app.rules import passwords

PASSWORD = "a lamp beside the river"


@pytest.fixture
def county(typed):
    """Two units, typed in."""
    typed("units", "add", "XZF", "县政府", "--kind", "government")
    typed("units", "add", "ZJJ", "县住建局", "--kind", "dept", "--parent", "XZF", "--name-en", "H")


def test_units_stand_under_their_parents(county, typed):
    units = json.loads(typed("units", "list", "--json").output)

    assert [(unit["code"], unit["parent"]) for unit in units] == [("XZF", ""), ("ZJJ", "XZF")]
    lines = typed("units", "list").output.splitlines()
    assert lines[0].split() == ["code", "name", "kind", "parent", "active"]
    assert lines[2].startswith("ZJJ   县住建局  dept")


def test_an_account_gets_a_password_that_is_shown_once(county, typed):
    answer = typed("people", "add", "first_admin", "演示-首任", "--post", "XZF/sys_admin")

    assert answer.exit_code == 0, answer.output
    shown = re.search(r"initial password (\S+) ", answer.output)[1]
    person = session().query(Person).filter_by(login="first_admin").one()
    assert passwords.matches(person.password_hash, shown)
    assert actor_by_login("first_admin").roles == {"sys_admin"}
    [line] = json.loads(typed("people", "list", "--json").output)
    assert line["posts"] == ["XZF/sys_admin"]


def test_a_password_may_come_from_the_input_and_is_not_repeated(county, typed):
    answer = typed("people", "add", "clerk", "演示-经办", "--password-stdin", input=f"{PASSWORD}\n")
    assert (answer.exit_code, answer.output) == (0, "clerk: ready.\n")

    again = typed("people", "password", "clerk", "--password-stdin", input="short\n")
    assert again.exit_code == 1
    renewed = typed("people", "password", "clerk")
    assert "initial password" in renewed.output
    assert typed("people", "password", "nobody").exit_code == 1


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [(["people", "add", "clerk", "演示", "--post", "XZF"], 2, "UNIT/ROLE"),
     (["people", "add", "clerk", "演示", "--post", "XZF/king"], 1, "no role named king"),
     (["people", "add", "Clerk!", "演示"], 1, "login"),
     (["units", "add", "ZJJ", "县住建局", "--kind", "dept"], 1, "code"),
     (["units", "add", "SLJ", "县水利局", "--kind", "ministry"], 2, "ministry")],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_sentence(county, typed, words, code, why):
    answer = typed(*words)

    assert answer.exit_code == code
    assert why in answer.output

"""Files of people: accounts by one administrator, their posts by another, all or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.actor import SYSTEM
from app.commands.leaving import disable_person
from app.commands.organisation import add_person, rename_person
from app.commands.rosters import confirm, decline_posts, discard, grant_posts, upload
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.model import RoleHolding, Roster
from app.queries.audit import verify
from app.queries.history import place
from app.queries.people import actor_by_login
from app.queries.rosters import roster_page, rosters
from tests import stories
from tests.rosters import brought, person, refused, rows

ORGANISATION = "organisation"
PEOPLE = (
    "login,name,unit,posts\n"
    "water_clerk,演示-水利,ZJJ,联络员；经办人\n"
    "zjj_unit_handler,演示-改名,,\n"
    "fgw_unit_handler,演示-fgw_unit_handler,FGW,Handler\n"
)
PASSWORD = "a lamp beside the river"


def state(roster):
    return session().get_one(Roster, roster, populate_existing=True).state


def test_people_come_in_without_a_password_and_their_posts_wait(tanghe, system, security):
    roster = brought("people", PEOPLE, system)
    found = rows(roster, system)
    assert {key: one.verdict for key, one in found.items()} == {
        "water_clerk": "new", "zjj_unit_handler": "changed", "fgw_unit_handler": "same",
    }  # fmt: skip

    done = confirm(roster, actor=system, seen=place(ORGANISATION))

    assert done == {"new": 1, "changed": 1, "same": 1, "proposed": 2}
    new = person("water_clerk")
    assert (new.password_hash, new.must_change_password, new.active) == ("", True, True)
    assert actor_by_login("water_clerk").holdings == ()
    assert person("zjj_unit_handler").name == "演示-改名"
    assert state(roster) == "proposed"
    assert session().get_one(Roster, roster).rows == [
        {"line": 2, "login": "water_clerk", "unit": "ZJJ", "posts": "联络员;经办人"}
    ]
    assert not [each for each in verify().breaks if each.stream == ORGANISATION]


def test_the_security_administrator_grants_the_posts_proposed(tanghe, system, security):
    roster = brought("people", PEOPLE, system)
    confirm(roster, actor=system)
    page = roster_page(security, roster)
    assert (page.may_grant, page.may_decide, page.ready) == (True, False, True)

    assert grant_posts(roster, actor=security, seen=page.seen) == {"granted": 2}

    held = {(h.unit_id, h.role) for h in actor_by_login("water_clerk").holdings}
    assert held == {(tanghe.unit("ZJJ"), "unit_liaison"), (tanghe.unit("ZJJ"), "unit_handler")}
    told = [act["data"]["role"] for act in stories.acts(ORGANISATION, "post.granted")]
    assert told == ["unit_liaison", "unit_handler"]
    assert (state(roster), session().get_one(Roster, roster).rows) == ("granted", [])
    posts = session().scalar(select(func.count()).select_from(RoleHolding))
    with pytest.raises(Stale):
        grant_posts(roster, actor=security)
    assert {one.verdict for one in rows(brought("people", PEOPLE, system), system).values()} == {
        "same"
    }
    assert session().scalar(select(func.count()).select_from(RoleHolding)) == posts


def test_the_posts_are_declined_and_the_accounts_stay(tanghe, system, security):
    roster = brought("people", PEOPLE, system)
    confirm(roster, actor=system)

    decline_posts(roster, actor=security)

    assert actor_by_login("water_clerk").holdings == ()
    assert state(roster) == "declined"


def test_nobody_but_the_security_administrator_and_never_who_brought_it_grants(
    tanghe, system, security
):
    roster = brought("people", PEOPLE, system)
    confirm(roster, actor=system)
    for who in (system, tanghe.actor("audit_admin"), tanghe.actor("unit_leader", "ZJJ")):
        with pytest.raises(NotAllowed):
            grant_posts(roster, actor=who)
    session().get_one(Roster, roster).uploaded_by = security.person_id
    session().commit()

    with pytest.raises(Invalid, match="Somebody else decides"):
        grant_posts(roster, actor=security)

    assert actor_by_login("water_clerk").holdings == ()


def test_nobody_but_the_system_administrator_brings_files_in(tanghe, system, security):
    roster = brought("people", PEOPLE, system)
    for who in (security, tanghe.actor("audit_admin"), tanghe.actor("unit_leader", "ZJJ")):
        for act in (confirm, discard):
            with pytest.raises(NotAllowed):
                act(roster, actor=who)
        with pytest.raises(NotAllowed):
            upload("people", "x.csv", PEOPLE.encode(), actor=who)
    with pytest.raises(NotFound):
        rosters(tanghe.actor("unit_leader", "ZJJ"))
    with pytest.raises(NotFound):
        confirm(999_999, actor=system)


@pytest.mark.parametrize(
    ("lines", "column", "words"),
    [
        ("Water,演示-水利,,\n", "login", "small letters"),
        (",演示-水利,,\n", "login", "missing"),
        ("water,,,\n", "name", "missing"),
        ("water,演示-水利,NIX,联络员\n", "unit", "no unit with the code NIX"),
        ("water,演示-水利,ZJJ,\n", "posts", "which post"),
        ("water,演示-水利,,联络员\n", "unit", "in which unit"),
        ("water,演示-水利,ZJJ,联络员；局长\n", "posts", "“局长” is no post"),
        ("water,演示-水利,XZF,sys_admin\n", "posts", "one by one"),
        ("water,演示-水利,XZF,安全管理员\n", "posts", "one by one"),
        ("water,@SUM(A1),,\n", "name", "formula"),
        ("water,演示-水利,,\nwater,演示-又,,\n", "login", "Line 2 has this sign-in name"),
    ],
)
def test_a_person_who_cannot_come_in_is_refused(tanghe, system, lines, column, words):
    found = refused("people", lines, system)

    assert words in found[max(found)].get(column, ""), found


def test_a_closed_account_stays_closed_and_gets_no_post(tanghe, system, security):
    roster = brought("people", PEOPLE, system)
    confirm(roster, actor=system)
    seen = roster_page(security, roster).seen
    disable_person(person("water_clerk").id, actor=system)

    with pytest.raises(Stale):
        grant_posts(roster, actor=security, seen=seen)
    with pytest.raises(Invalid, match="rows are refused"):
        grant_posts(roster, actor=security)

    found = refused("people", "water_clerk,演示-再来,,\n", system)
    assert "is closed" in found[2]["login"]


def test_an_account_made_or_renamed_meanwhile_refuses_the_preview(tanghe, system):
    roster = brought("people", PEOPLE, system)
    seen = roster_page(system, roster).seen
    add_person("water_clerk", "演示-别处", PASSWORD, actor=SYSTEM)
    with pytest.raises(Stale):
        confirm(roster, actor=system, seen=seen)
    seen = roster_page(system, roster).seen
    rename_person(person("zjj_unit_handler").id, {"name": "演示-他改"}, actor=SYSTEM)
    with pytest.raises(Stale):
        confirm(roster, actor=system, seen=seen)
    assert person("water_clerk").name == "演示-别处"


def test_a_discarded_file_leaves_nothing_but_its_line(tanghe, system):
    roster = brought("people", PEOPLE, system)

    discard(roster, actor=system)

    assert session().get_one(Roster, roster, populate_existing=True).rows == []
    with pytest.raises(Stale):
        confirm(roster, actor=system)
    assert [line.state for line in rosters(system)] == ["discarded"]

"""Files of units and people for the tests: one that waits to be confirmed, one for its posts."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.actor import Actor
from app.commands.rosters import confirm, upload
from app.db import session
from app.errors import Invalid
from app.model import Event, Person, Roster, Unit
from app.queries.rosters import roster_page
from app.rules.rosters import Compared

UNITS = (
    "单位代码,单位名称,英文名称,类别,上级单位代码\n"
    "SLJ-1,县水利局工程科,,部门,SLJ\n"
    "SLJ,县水利局,Water Bureau,部门,XZF\n"
    "YJY,司法大数据研究中心,,,\n"
    "RD,县人大常委会,,,\n"
)
PEOPLE = (
    "登录名,姓名,英文姓名,单位代码,岗位\n"
    "rd_liaison,演示-人大联络员,,RD,联络员；经办人\n"
    "rd_head,演示-人大负责人,,RD,单位主要负责人\n"
)


def brought(what: str, text: str, admin: Actor) -> int:
    """A file taken in by the system administrator, to be looked at."""
    made = upload(what, f"{what}.csv", text.encode(), actor=admin)["roster"]
    assert isinstance(made, int)
    return made


def waiting(admin: Actor) -> tuple[int, int]:
    """A file of units that waits to be confirmed, and one of people whose posts wait."""
    posts = brought("people", PEOPLE, admin)
    confirm(posts, actor=admin)
    return brought("units", UNITS, admin), posts


def rows(roster: int, viewer: Actor) -> dict[str, Compared]:
    """The rows of its preview by code or sign-in name."""
    return {one.key: one for one in roster_page(viewer, roster).rows}


def refused(what: str, lines: str, admin: Actor) -> dict[int, dict[str, str]]:
    """What is wrong with each line of a file, by column; confirming it changes nothing."""
    head = {"units": "code,name,kind,parent\n", "people": "login,name,unit,posts\n"}[what]
    roster = brought(what, head + lines, admin)
    before = session().scalar(select(func.count()).select_from(Event))
    with pytest.raises(Invalid):
        confirm(roster, actor=admin)
    assert session().scalar(select(func.count()).select_from(Event)) == before
    page = roster_page(admin, roster)
    assert not page.ready
    found = {one.line: {each.column: str(each.text) for each in one.problems} for one in page.rows}
    return {line: problems for line, problems in found.items() if problems}


def unit(code: str) -> Unit:
    """A unit as it is now."""
    found = select(Unit).where(Unit.code == code).execution_options(populate_existing=True)
    return session().scalars(found).one()


def person(login: str) -> Person:
    """An account as it is now."""
    found = select(Person).where(Person.login == login).execution_options(populate_existing=True)
    return session().scalars(found).one()


def of(what: str) -> int:
    """The file of units or people that there is."""
    return session().scalars(select(Roster.id).where(Roster.what == what)).one()

"""Five thousand people and five hundred units from a file, with the time it took printed."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.commands.rosters import confirm, grant_posts, upload
from app.db import session
from app.model import Event, Person, RoleHolding, Unit
from app.queries.people import actor_by_login
from app.queries.rosters import roster_page
from app.rules.cells import xlsx_bytes
from tests import stories
from tests.people import login_of

UNITS, PEOPLE = 500, 5_000
SECONDS = 60
UNIT_HEAD = ("单位代码", "单位名称", "类别", "上级单位代码")
PERSON_HEAD = ("登录名", "姓名", "单位代码", "岗位")


class Laps:
    """What each step took."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def lap(self, name: str, step: Callable[[], object]) -> object:
        started = time.perf_counter()
        answer = step()
        self.took[name] = round(time.perf_counter() - started, 2)
        return answer


def counted(kind: type) -> int:
    return session().scalar(select(func.count()).select_from(kind))


@pytest.mark.timeout(180)
def test_a_whole_county_comes_in_within_a_minute(committed_db, capsys):
    stories.county("tanghe")
    system, security = (
        actor_by_login(login_of("XZF", role)) for role in ("sys_admin", "sec_admin")
    )
    units = [(f"U{n}", f"单位{n}", "部门", f"U{n // 7}" if n else "XZF") for n in range(UNITS)]
    people = [
        (f"person_{n}", f"演示-{n}", f"U{n % UNITS}", "经办人；协办经办人") for n in range(PEOPLE)
    ]
    before, laps, at = [counted(each) for each in (Unit, Person, RoleHolding)], Laps(), {}

    for what, head, table in (("units", UNIT_HEAD, units), ("people", PERSON_HEAD, people)):
        content = xlsx_bytes(what, [head, *table])
        made = laps.lap(
            f"{what} upload",
            lambda what=what, content=content: upload(what, what, content, actor=system),
        )
        at[what] = made["roster"]
        page = laps.lap(f"{what} preview", lambda what=what: roster_page(system, at[what]))
        assert page.counts["new"] == len(table)
        laps.lap(f"{what} confirmation", lambda what=what: confirm(at[what], actor=system))
    laps.lap("posts granted", lambda: grant_posts(at["people"], actor=security))

    with capsys.disabled():
        print(f"\n{UNITS} units, {PEOPLE} people: {laps.took}")
    after = [counted(each) for each in (Unit, Person, RoleHolding)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [UNITS, PEOPLE, 2 * PEOPLE]
    kinds = dict(session().execute(select(Event.kind, func.count()).group_by(Event.kind)).all())
    assert (kinds["unit.added"], kinds["person.added"], kinds["post.granted"]) == (
        UNITS, PEOPLE, 2 * PEOPLE,
    )  # fmt: skip
    assert sum(laps.took.values()) < SECONDS

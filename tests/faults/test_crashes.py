"""An act that is struck down leaves nothing or everything, and can be sent again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from psycopg.errors import AdminShutdown
from sqlalchemy import func, select, text

from app import effects
from app.commands.completion import complete_task
from app.db import Base, session
from app.effects import registry
from app.errors import Busy, Stale
from tests import stories, supervision
from tests.faults.crash import LASTING, POINTS, struck
from tests.faults.together import acts_of, require_agreement, require_whole
from tests.people import County

NODE = "approve_dispatch"


class Struck(Exception):
    """What the tests strike an act with."""


@pytest.fixture(scope="module")
def whole_act(busy_county: County) -> dict[str, int]:
    """How many rows of which table the act adds when nothing happens to it."""
    return undisturbed(busy_county)


def undisturbed(county: County) -> dict[str, int]:
    """The act done on an item of its own: what it added to which table."""
    item, before = waiting_item(county, "不受干扰"), rows()
    approve(county, item)
    added = difference(before, rows())
    assert added["document"] == 1
    assert added["delivery"] == added["case_state"] + 1 == 2
    return added


def waiting_item(county: County, matter: str) -> int:
    """An item whose dispatch waits for approval: approving numbers and sends its notice."""
    item = supervision.open_item(county, matter=matter)
    supervision.complete(item, "register", supervision.registration(county, item),
                         by=county.post("supervising_office"))  # fmt: skip
    return item


def approve(county: County, item: int, key: str | None = None) -> Any:
    """The act the tests strike: with the key a form carries."""
    task = stories.task(item, NODE).id
    return complete_task.once(
        key or f"approve-{item}", task, supervision.APPROVE,
        actor=county.post("supervising_director"),
    )  # fmt: skip


def rows() -> dict[str, int]:
    """How many rows every table has."""
    session().rollback()
    counts = [
        select(func.count()).select_from(table).scalar_subquery().label(table.name)
        for table in Base.metadata.sorted_tables
    ]
    return dict(session().execute(select(*counts)).mappings().one())


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """What was added to which table."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def require_clean() -> None:
    """This thread's session holds nothing of the act, and the next act may begin."""
    assert not session().in_transaction() or not session().dirty | session().new
    assert "journal" not in session().info


@pytest.mark.parametrize("point", POINTS)
def test_an_act_that_fails_leaves_nothing_or_everything(busy_county, whole_act, point):
    item, key = waiting_item(busy_county, f"失败于{point}"), f"failed {point}"
    task, before = stories.task(item, NODE), rows()

    def strike() -> None:
        raise Struck

    with struck(point, strike) as times, pytest.raises(Struck):
        approve(busy_county, item, key)

    assert times == [point]
    require_clean()
    assert difference(before, rows()) == (whole_act if point in LASTING else {})
    require_agreement(item)
    require_retry(busy_county, item, task.id, key, before, whole_act)


def require_retry(
    county: County, item: int, task: int, key: str, before: Mapping[str, int],
    whole_act: Mapping[str, int],
) -> None:  # fmt: skip
    """Sent again, the form is done once; another form for the same task comes too late."""
    director = county.post("supervising_director")
    answer = complete_task.once(key, task, supervision.APPROVE, actor=director)
    assert answer["decided"]
    with pytest.raises(Stale):
        complete_task(task, supervision.APPROVE, actor=director)

    assert difference(before, rows()) == whole_act
    assert acts_of(item, "item.dispatched") == 1
    require_agreement(item)


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit, MemoryError, RecursionError])
def test_whatever_breaks_an_act_the_next_one_works(busy_county, whole_act, problem, monkeypatch):
    item = waiting_item(busy_county, f"中断{problem.__name__}")

    def break_off(_step: object) -> None:
        raise problem

    monkeypatch.setattr(registry, "run", break_off)
    with pytest.raises(problem):
        approve(busy_county, item)
    monkeypatch.undo()

    require_clean()
    before = rows()
    assert approve(busy_county, item)["decided"]
    assert difference(before, rows()) == whole_act


@pytest.mark.only("postgresql")
def test_an_act_whose_connection_is_cut_says_try_again_and_logs_why(
    busy_county, whole_act, monkeypatch, caplog
):
    item, whole = waiting_item(busy_county, "连接中断"), registry.run

    def cut(step: effects.Completed) -> dict[str, Any]:
        facts = whole(step)
        session().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return facts

    monkeypatch.setattr(registry, "run", cut)
    with pytest.raises(Busy):
        approve(busy_county, item)
    monkeypatch.undo()

    told, *_more = [each for each in caplog.records if each.levelname == "WARNING"]
    assert told.exc_info
    assert isinstance(told.exc_info[1], AdminShutdown)
    require_clean()
    before = rows()
    assert approve(busy_county, item)["decided"]
    assert difference(before, rows()) == whole_act
    require_whole()


def test_the_campaign_notices_an_act_that_commits_half_way(own_county):
    whole_act, item = undisturbed(own_county), waiting_item(own_county, "半途提交")
    before = rows()

    def commit_and_fail() -> None:
        session().commit()
        raise Struck

    with struck("tasks handed out", commit_and_fail), pytest.raises(Struck):
        approve(own_county, item)

    assert difference(before, rows()) not in ({}, whole_act)
    with pytest.raises(AssertionError):
        require_agreement(item)

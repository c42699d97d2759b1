"""Processes that die inside an act: before and after any of its statements and any commit."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, select

from app.db import Base, db, session

DIED, PASSED, FAILED = 41, 42, 43


def dies_at(point: int, act: Callable[[], Any]) -> bool:
    """Do the act in a process that dies at its n-th point; False when it has fewer points."""
    db.session.remove()
    db.engine.dispose()
    process = os.fork()
    if not process:
        _do_and_die(point, act)
    _process, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (DIED, PASSED), f"the act failed at point {point}: {code}"
    return code == DIED


def fingerprint() -> str:
    """Every row of every table, in one hash: two equal ones mean that nothing was changed."""
    session().rollback()
    seen = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        for row in session().execute(select(table).order_by(*table.primary_key.columns)):
            seen.update(repr((table.name, *row)).encode())
    session().rollback()
    return seen.hexdigest()


def _do_and_die(point: int, act: Callable[[], Any]) -> None:
    code = FAILED
    try:
        _arm(point)
        act()
        code = PASSED
    except BaseException:  # noqa: BLE001 - this process ends here, whatever it was
        traceback.print_exc()
    finally:
        os._exit(code)


def _arm(point: int) -> None:
    """Count statements and commits from here on, and die at the one that was named."""
    passed = 0

    def reached(*_what: object, **_more: object) -> None:
        nonlocal passed
        passed += 1
        if passed == point:
            os._exit(DIED)

    commit = db.engine.dialect.do_commit

    def committed(connection: Any) -> None:
        reached()
        commit(connection)
        reached()

    event.listen(db.engine, "before_cursor_execute", reached)
    event.listen(db.engine, "after_cursor_execute", reached)
    db.engine.dialect.do_commit = committed

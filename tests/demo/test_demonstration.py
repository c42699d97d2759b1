"""What only a demonstration's database may do, and who may make it do so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect

from app import clock
from app.actor import SYSTEM
from app.commands import demonstration
from app.config import Settings
from app.db import db, session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import ClockOffset, Setting
from app.queries import demonstration as watching
from app.queries.readiness import demonstration as found_in
from tests import stories

PRODUCTION = Settings(
    env="production", secret_key="x" * 32, database_url="postgresql://example.invalid/x"
)


@pytest.fixture
def begun(database, settings):
    demonstration.begin_demonstration(clock.now(), actor=SYSTEM, settings=settings)


def test_a_demonstrations_clock_moves_and_runs_true_again(begun):
    wanted = clock.now() + timedelta(days=40)

    demonstration.set_clock(wanted, actor=SYSTEM)
    assert wanted <= clock.now() < wanted + timedelta(seconds=30)

    demonstration.release_clock(actor=SYSTEM)
    assert clock.now() < wanted - timedelta(days=39)
    assert session().get(ClockOffset, 1) is None


def test_a_real_database_keeps_its_clock_and_accounts(database):
    with pytest.raises(Invalid, match="clock and accounts are real"):
        demonstration.set_clock(clock.now(), actor=SYSTEM)
    with pytest.raises(Invalid, match="clock and accounts are real"):
        demonstration.add_accounts([], actor=SYSTEM, password="never kept")
    with pytest.raises(Invalid, match="clock and accounts are real"):
        demonstration.add_indicators([], actor=SYSTEM)

    assert session().get(ClockOffset, 1) is None
    assert session().get(Setting, "demo.password") is None


def test_nobody_who_signs_in_moves_clocks(tanghe):
    for somebody in (tanghe.actor("sys_admin"), tanghe.actor("unit_handler", "ZJJ")):
        with pytest.raises(NotAllowed):
            demonstration.set_clock(clock.now(), actor=somebody)
        with pytest.raises(NotAllowed):
            demonstration.release_clock(actor=somebody)


def test_a_database_with_cases_never_becomes_a_demonstration(tanghe, settings):
    stories.start_case(tanghe, "joint_meeting", by=tanghe.post("supervising_office"))

    with pytest.raises(Invalid, match="holds cases already"):
        demonstration.begin_demonstration(clock.now(), actor=SYSTEM, settings=settings)


def test_production_knows_no_demonstration(database):
    with pytest.raises(Invalid, match="In production"):
        demonstration.begin_demonstration(clock.now(), actor=SYSTEM, settings=PRODUCTION)
    with pytest.raises(Invalid, match="In production"):
        demonstration.forget(settings=PRODUCTION)


def test_its_marks_are_found_where_production_looks(begun):
    demonstration.add_accounts([], actor=SYSTEM, password="kv7m-2xqp-9tha")

    assert len(found_in()) == 2


def test_only_a_demonstration_is_forgotten(committed_db, settings):
    with pytest.raises(Invalid, match="clock and accounts are real"):
        demonstration.forget(settings=settings)
    demonstration.begin_demonstration(clock.now(), actor=SYSTEM, settings=settings)

    demonstration.forget(settings=settings)

    assert inspect(db.engine).get_table_names() == []


def test_only_those_who_see_every_case_watch_a_demonstration(tanghe):
    stranger = tanghe.stranger
    looks = (
        lambda: watching.acts_since(stranger, 0),
        lambda: watching.last_act(stranger),
        lambda: watching.open_work(stranger, [1]),
        lambda: watching.matter_due(stranger, 1),
        lambda: watching.fired_timers(stranger, 1, "register"),
        lambda: watching.chain(stranger, "case:1"),
    )
    for look in looks:
        with pytest.raises(NotFound):
            look()

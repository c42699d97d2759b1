"""Loading the county: its end state, today and in a year whose calendar nobody knows yet."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from app import clock
from app.actor import Actor
from app.commands.signin import sign_in
from app.db import read_clock, session
from app.demo import loading
from app.demo.county import accounts, login_of
from app.errors import Invalid
from app.model import ClockOffset, Setting
from app.queries import audit
from app.queries.inbox import inbox
from app.queries.ledger import LedgerRow, ledger
from app.queries.meetings import meetings
from app.queries.people import actor_by_login, demo_accounts
from app.queries.rounds import rounds
from app.rules.workdays import statutory_calendar

pytestmark = pytest.mark.timeout(300)
LIGHTS = {
    "示平安督〔{year}〕1号": ("closed", "green"),
    "示平安督〔{year}〕2号": ("open", "red"),
    "示平安督〔{year}〕3号": ("open", "yellow"),
    "示通督〔{year}〕1号": ("open", "blue"),
}
WAITING = {
    ("ZJJ", "unit_handler"): {"red", "green"},
    ("RSJ", "unit_handler"): {"yellow"},
    ("FGW", "unit_handler"): {"blue"},
    ("SJG", "unit_handler"): {"blue"},
    ("NYJ", "unit_liaison"): {"yellow"},
    ("PAB", "supervision_clerk"): {"green"},
    ("PAB", "supervision_director"): {"blue"},
    ("ZFW", "convener"): {"green"},
    ("FY", "court_president"): {"green"},
    ("FY", "suggestion_drafter"): {"green"},
    ("FY-SGB", "court_analyst"): {"green"},
    ("FY-PZB", "supervision_clerk"): {"green"},
    ("FY-PZB", "supervision_director"): {"green"},
}


def auditor() -> Actor:
    return actor_by_login(login_of("ZFW", "business_auditor"))


def items() -> dict[str, LedgerRow]:
    return {row.number: row for row in ledger(auditor())}


def freeze(monkeypatch: pytest.MonkeyPatch, year: int, month: int, day: int) -> None:
    """Let the database's clock run from ten in the morning of a day in the county."""
    wanted = datetime(year, month, day, 10, tzinfo=clock.LOCAL).astimezone(timezone.utc)
    ahead = wanted - read_clock()
    monkeypatch.setattr(clock._Source, "read", lambda: read_clock() + ahead)  # noqa: SLF001 - the seam plug_in uses


@pytest.fixture
def loaded(database, monkeypatch, settings):
    """The county on the dataset's own day."""
    freeze(monkeypatch, 2026, 11, 18)
    loading.load(settings=settings)
    return settings


def test_the_end_state_is_the_datasets(loaded):
    found = {number: (row.status, row.due.light.code) for number, row in items().items()}
    assert found == {number.format(year=2026): state for number, state in LIGHTS.items()}
    second, third = items()["示平安督〔2026〕2号"], items()["示平安督〔2026〕3号"]
    assert (str(second.issued), str(second.due.day)) == ("2026-08-03", "2026-09-14")
    assert (str(third.issued), str(third.due.day), third.co) == (
        "2026-09-14", "2026-11-20", ("县总工会", "县住房和城乡建设局"),
    )  # fmt: skip
    assert [(line.code, line.synthetic, str(line.evaluated_on)) for line in rounds(auditor())] == [
        ("2026Q3", False, "None"),
        ("2026H1", True, "2026-07-06"),
        ("2025A", True, "2026-02-10"),
    ]
    assert ("联席〔2026〕2号", "2026-07-24", 2) in {
        (line.number, str(line.held_on), line.resolutions) for line in meetings(auditor())
    }
    assert waiting() == WAITING
    assert audit.verify().whole
    assert session().get(ClockOffset, 1) is None
    assert_people_can_sign_in(loaded)
    with pytest.raises(Invalid, match="holds cases already"):
        loading.load(settings=loaded)


def waiting() -> dict[tuple[str, str], set[str]]:
    """The lights in the lists of everybody who has something to do."""
    found = {}
    for each in accounts():
        counts = inbox(actor_by_login(each.login)).counts
        lights = {light for light, count in counts.items() if count}
        if lights:
            found[each.unit, each.role] = lights
    return found


def assert_people_can_sign_in(settings) -> None:
    password = json.loads(session().get_one(Setting, "demo.password").value)
    login = login_of("ZJJ", "unit_handler")

    assert sign_in(login, password, address="127.0.0.1", settings=settings).session_id
    assert {each.password for each in demo_accounts(settings)} == {password}
    assert len(demo_accounts(settings)) == len(list(accounts()))


@pytest.mark.only("sqlite")
def test_it_is_as_of_today_in_a_year_nobody_has_a_calendar_for(database, monkeypatch, settings):
    freeze(monkeypatch, 2028, 3, 15)

    loading.load(settings=settings)

    found = sorted((row.status, row.due.light.code) for row in items().values())
    assert found == sorted(LIGHTS.values())
    assert {line.code for line in rounds(auditor())} == {"2027Q4", "2027H1", "2026A"}
    calendar = statutory_calendar()
    third = next(row for row in items().values() if row.due.light.code == "yellow")
    assert third.due.day is not None
    assert calendar.workdays_between(clock.today(), third.due.day) == 2
    assert clock.today() - timedelta(days=200) < (third.issued or clock.today())
    (unsigned,) = inbox(actor_by_login("nyj_unit_liaison")).rows
    assert unsigned.due.provisional
    assert audit.verify().whole


def test_a_password_is_typed_from_a_screen_and_never_the_same():
    first, second = loading.generated_password(), loading.generated_password()

    assert first != second
    assert len(first) == 14
    assert set(first) <= set(loading.LETTERS) | {"-"}

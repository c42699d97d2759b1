"""Several people give the same name, code or file in the same moment: one of them has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from app.actor import Actor
from app.commands import calendar, cases, imports, indicators, organisation, units
from app.commands.staging import stage
from tests import bringing
from tests.bringing import COMMERCIAL, HEADER, INVESTORS
from tests.faults.together import require_whole, tally, together
from tests.people import County

SENDERS = 6
REFUSALS = {"Stale", "Invalid"}
STRONG = "a lamp beside the river"
Make = Callable[..., Any]


def round_2027(actor: Actor) -> Any:
    """A round of that quarter."""
    return cases.start_round(
        "2027Q1", "quarter", date(2027, 1, 1), date(2027, 3, 31), "tanghe", actor=actor
    )


NAMED: dict[str, tuple[tuple[str, str], Make]] = {
    "account": (("sys_admin", "XZF"), partial(organisation.add_person, "twin", "同名", STRONG)),
    "unit": (("sys_admin", "XZF"), partial(units.add_unit, "TWIN", "同名单位", "dept")),
    "aspect": (("court_analyst", "FY-SGB"), partial(indicators.add_aspect, "TWIN", "同名方面")),
    "round": (("court_analyst", "FY-SGB"), lambda *, actor: round_2027(actor)),
}  # fmt: skip


@pytest.mark.parametrize("what", NAMED)
def test_what_is_named_the_same_at_once_exists_once(at_work, busy_county, what):
    post, make = NAMED[what]

    answers = together(at_work, *[partial(make, actor=busy_county.actor(*post))] * SENDERS)

    found = tally(answers)
    assert found["done"] == 1, answers
    assert set(found) - {"done"} <= REFUSALS, answers
    require_whole()


def test_a_holiday_entered_by_several_at_once_is_entered_once(at_work, busy_county):
    keeper = busy_county.post("supervising_director")
    enter = partial(calendar.change_day, date(2026, 8, 5), "holiday", "", "试", actor=keeper)

    answers = together(at_work, *[enter] * SENDERS)

    assert set(tally(answers)) <= {"done", *REFUSALS}, answers
    require_whole()


def test_a_file_sent_by_several_at_once_is_taken_in_once(at_work, busy_county):
    analyst = busy_county.post("analysis_office")
    round_id = bringing.opened("2026Q2", analyst)
    content = f"{HEADER}{COMMERCIAL},2026Q2,county,示例县,80,,,\n".encode()
    send = partial(imports.upload, round_id, "readings.csv", content, actor=analyst)

    sent = together(at_work, *[send] * SENDERS)

    assert tally(sent) == {"done": SENDERS}, sent
    assert len({answer["batch"] for answer in sent}) == 1
    batch = sent[0]["batch"]
    stage(batch, actor=analyst)
    imports.create_all_unknown(batch, actor=analyst)
    confirmed = together(at_work, *[partial(imports.confirm, batch, actor=analyst)] * SENDERS)
    assert tally(confirmed) == {"done": 1, "Stale": SENDERS - 1}, confirmed
    require_whole()


def test_two_files_that_name_the_same_new_indicator_do_not_clash(at_work, busy_county):
    analyst = busy_county.post("analysis_office")
    batches = [ready(busy_county, code) for code in ("2025Q3", "2025Q4")]

    answers = together(
        at_work, *(partial(imports.confirm, batch, actor=analyst) for batch in batches)
    )

    assert set(tally(answers)) <= {"done", *REFUSALS}, answers
    assert tally(answers)["done"] >= 1
    require_whole()


def ready(county: County, code: str) -> int:
    """A file of a round of its own with an indicator nobody knows yet, ready to be confirmed."""
    analyst = county.post("analysis_office")
    round_id = bringing.opened(code, analyst)
    batch, _counts = bringing.previewed(
        round_id, f"{INVESTORS},{code},county,示例县,80,,,\n", analyst
    )
    imports.create_all_unknown(batch, actor=analyst)
    return batch

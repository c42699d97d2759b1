"""What ships gets into an empty database once, in versions, journalled, and safe to repeat."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from sqlalchemy import delete, func, select

from app import advance
from app.commands.installation import create_schema, install
from app.db import session
from app.errors import Invalid
from app.model import CalendarDay, CalendarYear, DefinitionVersion
from app.queries.audit import verify
from tests import stories


@pytest.fixture
def installed(database):
    return install()


def test_calendar_profiles_and_definitions_are_there_afterwards(installed):
    assert installed["years"][0] == 2004
    assert installed["profiles"] == ["tanghe v1", "tongxu v1"]
    assert "risk_notice v1" in installed["definitions"]
    assert "grading_tanghe v1" in installed["definitions"]
    calendar = advance.calendar()
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2026, 10, 10))
    assert calendar.provisional(date(2027, 1, 4))
    assert advance.profile_by_key("tanghe")[1].notice_approval


def test_every_process_can_be_compiled_with_what_it_calls(installed):
    escalation = (
        session()
        .scalars(select(DefinitionVersion).where(DefinitionVersion.key == "escalation"))
        .one()
    )
    grading = (
        session()
        .scalars(select(DefinitionVersion).where(DefinitionVersion.key == "grading_tanghe"))
        .one()
    )

    assert escalation.calls == ["interview", "listed_supervision"]
    assert escalation.title == "逾期升级"
    assert (grading.kind, grading.title) == ("dmn", "唐河机制风险定级")
    assert advance.compiled(advance.reference.newest_bundle("escalation"))


def test_a_second_time_nothing_is_added(installed):
    acts = len(stories.acts("calendar")) + len(stories.acts("settings"))

    assert install() == {"years": [], "profiles": [], "definitions": []}
    assert len(stories.acts("calendar")) + len(stories.acts("settings")) == acts


def test_what_was_installed_is_vouched_for_by_the_journal(installed):
    verdict = verify()

    assert verdict.whole, [str(each.problem) for each in verdict.breaks]
    assert verdict.facts == len(installed["profiles"]) + len(installed["definitions"])
    [act] = stories.acts("calendar", "calendar.extended")
    assert ["2026-10-10", "makeup"] in act["data"]["days"]


def test_a_changed_diagram_becomes_a_new_version_and_the_old_one_stays(
    installed, tmp_path, monkeypatch
):
    shutil.copytree("bpmn", tmp_path / "bpmn")
    changed = tmp_path / "bpmn" / "risk_notice.bpmn"
    changed.write_text(changed.read_text().replace('wv:title="', 'wv:title="新', 1))
    monkeypatch.setattr("app.commands.installation.DEFINITIONS", tmp_path / "bpmn")

    assert install()["definitions"] == ["risk_notice v2"]

    versions = (
        session()
        .scalars(
            select(DefinitionVersion.title)
            .where(DefinitionVersion.key == "risk_notice")
            .order_by(DefinitionVersion.version)
        )
        .all()
    )
    assert versions[1] == "新" + versions[0]
    [_first, second] = stories.acts("definition:risk_notice")
    assert second["data"]["before"] == _first["data"]["sha256"]


def test_a_diagram_the_gate_refuses_installs_nothing(database, tmp_path, monkeypatch):
    shutil.copytree("bpmn", tmp_path / "bpmn")
    broken = tmp_path / "bpmn" / "urgent_report.bpmn"
    broken.write_text(broken.read_text().replace("userTask", "scriptTask"))
    monkeypatch.setattr("app.commands.installation.DEFINITIONS", tmp_path / "bpmn")

    with pytest.raises(Invalid, match=r"urgent_report\.bpmn") as refused:
        install()

    assert refused.value.fields
    assert session().scalar(select(func.count()).select_from(DefinitionVersion)) == 0


def test_a_year_somebody_edited_is_left_alone(installed):
    session().execute(delete(CalendarDay).where(CalendarDay.day == date(2026, 10, 10)))
    session().execute(delete(CalendarYear).where(CalendarYear.year == 2025))
    session().execute(delete(CalendarDay).where(CalendarDay.day == date(2025, 10, 1)))
    session().commit()

    assert install()["years"] == [2025]

    assert session().get(CalendarDay, date(2026, 10, 10)) is None
    assert session().get(CalendarDay, date(2025, 10, 1)) is not None


def test_the_schema_may_be_created_again(database):
    create_schema()

    assert session().scalar(select(func.count()).select_from(CalendarYear)) == 0

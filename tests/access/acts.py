"""The table of commands: who may, which colleague may not, and what a stranger hears."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.commands import (
    calendar,
    cases,
    completion,
    copies,
    ending,
    evaluation,
    handing,
    imports,
    incidents,
    indicators,
    items,
    meetings,
    moving,
    notices,
    reopening,
    rewording,
    undoing,
)
from tests import bringing, loop
from tests.access.act import (
    ANALYST,
    CLERK,
    COPIED,
    DIRECTOR,
    HELPER,
    LEAD,
    LEADER,
    PROGRESS,
    Act,
    area,
    case,
    line,
    minutes,
)
from tests.access.acts_of_files import OF_FILES
from tests.access.acts_of_people import OF_PEOPLE
from tests.access.acts_of_signers import OF_SIGNERS
from tests.access.acts_of_supervision import OF_SUPERVISION
from tests.access.sharing import SHARING
from tests.access.town import (
    AGAIN,
    ELSEWHERE,
    END,
    END_ALL,
    EXTENSION,
    REOPENED,
    URGENT,
)

ACTS: dict[Any, Act] = {
    **SHARING,
    **OF_SUPERVISION,
    completion.complete_task: Act(
        "suggestion drafter", "court president",
        lambda town, actor: completion.complete_task(
            town.tasks(town.case("drafted notice"))[-1].id, loop.draft(town.county), actor=actor
        ),
    ),
    handing.claim: Act(
        "suggestion drafter", "court president",
        lambda town, actor: handing.claim(
            town.tasks(town.case("drafted notice"))[-1].id, {}, actor=actor
        ),
    ),
    handing.release: Act(
        LEAD, LEADER,
        lambda town, actor: handing.release(
            town.tasks(town.case("item"))[-1].id, {}, actor=actor
        ),
        now=False,
    ),
    handing.transfer: Act(
        LEAD, HELPER,
        lambda town, actor: handing.transfer(
            town.tasks(town.case("item"))[-1].id, {"person": "zjj_unit_liaison"}, actor=actor
        ),
    ),
    items.report_progress: Act(
        LEAD, COPIED,
        lambda town, actor: items.report_progress(case(town, "item"), PROGRESS, actor=actor),
    ),
    items.report_urgent: Act(
        HELPER, CLERK,
        lambda town, actor: items.report_urgent(case(town, "item"), URGENT, actor=actor),
    ),
    items.request_extension: Act(
        LEAD, HELPER,
        lambda town, actor: items.request_extension(case(town, "item"), EXTENSION, actor=actor),
        now=False,
    ),
    undoing.withdraw: Act(
        LEADER, CLERK, lambda town, actor: undoing.withdraw(case(town, "item"), {}, actor=actor)
    ),
    undoing.send_back: Act(
        CLERK, "convener",
        lambda town, actor: undoing.send_back(case(town, "approved brief"), AGAIN, actor=actor),
    ),
    ending.revoke: Act(
        CLERK, DIRECTOR, lambda town, actor: ending.revoke(case(town, "brief"), END, actor=actor)
    ),
    ending.terminate: Act(
        DIRECTOR, CLERK,
        lambda town, actor: ending.terminate(case(town, "item"), END_ALL, actor=actor),
    ),
    ending.declare_void: Act(
        DIRECTOR, "lead unit's head",
        lambda town, actor: ending.declare_void(case(town, "item"), END_ALL, actor=actor),
    ),
    reopening.reopen: Act(
        CLERK, "convener",
        lambda town, actor: reopening.reopen(case(town, "ended item"), REOPENED, actor=actor),
    ),
    moving.propose_move: Act(
        CLERK, LEAD,
        lambda town, actor: moving.propose_move(case(town, "item"), ELSEWHERE, actor=actor),
    ),
    moving.move: Act(
        DIRECTOR, LEAD, lambda town, actor: moving.move(town.incident_id, actor=actor), now=False
    ),
    moving.decline_move: Act(
        CLERK, LEAD, lambda town, actor: moving.decline_move(town.incident_id, actor=actor),
        now=False,
    ),
    incidents.retry: Act(
        CLERK, LEAD, lambda town, actor: incidents.retry(town.incident_id, actor=actor)
    ),
    incidents.correct_data: Act(
        "supervision director", LEAD,
        lambda town, actor: incidents.correct_data(
            town.incident_id, {"needs_approval": "maybe"}, "更正", actor=actor
        ),
        now=False,
    ),
    incidents.propose_skip: Act(
        CLERK, LEAD,
        lambda town, actor: incidents.propose_skip(town.incident_id, "不再需要", actor=actor),
    ),
    incidents.skip: Act(
        CLERK, LEAD, lambda town, actor: incidents.skip(town.incident_id, actor=actor), now=False
    ),
    notices.open_notice: Act(
        ANALYST, "court president",
        lambda _town, actor: notices.open_notice("2026H1", "I11", actor=actor),
    ),
    copies.read_paper: Act(
        HELPER, CLERK, lambda town, actor: copies.read_paper(minutes(town), actor=actor)
    ),
    notices.consolidate: Act(
        CLERK, "congress observer",
        lambda _town, actor: notices.consolidate("2026H1", actor=actor),
    ),
    meetings.renew_pack: Act(
        CLERK, LEAD, lambda town, actor: meetings.renew_pack(case(town, "meeting"), actor=actor),
        now=False,
    ),
    meetings.call_due_meetings: Act(
        CLERK, LEAD, lambda _town, actor: meetings.call_due_meetings(actor=actor), hidden=False
    ),
    cases.start_round: Act(
        ANALYST, "court president",
        lambda _town, actor: cases.start_round(
            "2027Q1", "quarter", date(2027, 1, 1), date(2027, 3, 31), "tanghe", actor=actor
        ),
        hidden=False,
    ),
    cases.start_meeting: Act(
        "convener", LEAD, lambda _town, actor: cases.start_meeting("tanghe", "会议", actor=actor),
        hidden=False,
    ),
    cases.start_item: Act(
        CLERK, "court's supervision clerk",
        lambda _town, actor: cases.start_item("tanghe", "新事项", "ZJJ", actor=actor),
        hidden=False,
    ),
    evaluation.start_brief: Act(
        CLERK, "court's supervision clerk",
        lambda _town, actor: evaluation.start_brief("tanghe", actor=actor), hidden=False,
    ),
    evaluation.start_evaluation: Act(
        CLERK, LEAD, lambda _town, actor: evaluation.start_evaluation("tanghe", actor=actor),
        hidden=False,
    ),
    imports.upload: Act(
        "external analyst", CLERK,
        lambda town, actor: imports.upload(
            town.round_id, "more.csv", bringing.HEADER.encode(), actor=actor
        ),
    ),
    imports.map_unknown: Act(
        "external analyst", CLERK,
        lambda town, actor: imports.map_unknown(town.batch_id, {}, actor=actor),
    ),
    imports.create_all_unknown: Act(
        ANALYST, "business auditor",
        lambda town, actor: imports.create_all_unknown(town.batch_id, actor=actor),
    ),
    imports.leave_out: Act(
        ANALYST, CLERK,
        lambda town, actor: imports.leave_out(town.batch_id, line(town), actor=actor),
    ),
    imports.take_back_in: Act(
        ANALYST, CLERK,
        lambda town, actor: imports.take_back_in(town.batch_id, line(town), actor=actor),
        now=False,
    ),
    imports.confirm: Act(
        ANALYST, "external analyst",
        lambda town, actor: imports.confirm(town.batch_id, actor=actor), now=False,
    ),
    imports.discard: Act(
        ANALYST, "external analyst",
        lambda town, actor: imports.discard(town.batch_id, actor=actor),
    ),
    indicators.keep_indicator: Act(
        ANALYST, "court president",
        lambda town, actor: indicators.keep_indicator(
            town.county.indicators["I10"], indicators.Details("物业服务指数"), ["ZJJ"], actor=actor
        ),
    ),
    indicators.add_aspect: Act(
        ANALYST, CLERK,
        lambda _town, actor: indicators.add_aspect("LIFE", "生活和谐", actor=actor),
    ),
    indicators.mark_own_area: Act(
        ANALYST, CLERK, lambda town, actor: indicators.mark_own_area(area(town), actor=actor)
    ),
    calendar.change_day: Act(
        "system administrator", CLERK,
        lambda _town, actor: calendar.change_day(date(2026, 8, 4), "holiday", actor=actor),
        hidden=False,
    ),
    calendar.import_year: Act(
        "supervision director", CLERK,
        lambda _town, actor: calendar.import_year(2027, "2027-01-01,holiday", "试", actor=actor),
        hidden=False,
    ),
    rewording.reword: Act(
        CLERK, LEAD,
        lambda _town, actor: rewording.reword(
            "urged", "en", "Urged: {number}", "{link}", actor=actor
        ),
        hidden=False,
    ),
    **OF_FILES,
    **OF_PEOPLE,
    **OF_SIGNERS,
}  # fmt: skip

"""What goes up: briefs on items, urgent reports (TH-13b, TH-14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock
from app.db import session
from app.effects import branches, papers
from app.effects.handling import file
from app.effects.notes import note
from app.effects.registry import Completed, always, effect
from app.errors import Invalid
from app.i18n import _
from app.model import Case, CaseUnit, Report, Unit
from app.rules import lights
from app.rules.deadlines import fixed, remaining
from app.rules.profiles import Profile

BRIEF: Final = "supervision_brief"
URGENT: Final = "urgent_report"


@effect("draft_brief", undoable=always)
def draft_brief(step: Completed) -> None:
    """Draft the brief from the items it is about, each with its light as of now (TH-14)."""
    answers = step.answers
    items = _chosen(step)
    if not items:
        text = _("There is no item of this kind to report on.")
        raise Invalid(text, fields={"scope": text})
    rows = _rows(items, step.profile)
    counts = Counter(row["light"] for row in rows)
    step.case.facts = {
        **step.case.facts,
        "covered": [case.id for case in items],
        "recipients": answers["recipients"],
    }
    papers.draft(
        step.loaded,
        BRIEF,
        title=answers["title"],
        content={
            "summary": answers["overview"],
            "lights": [
                {"light": code, "count": counts[code]} for code in lights.CODES if counts[code]
            ],
            "items": rows,
            "problems": f"{answers['details']}\n{answers['problems']}",
        },
    )


@effect("submit_brief")
def submit_brief(step: Completed) -> None:
    """Send it to the leaders; the profile's own recipients are never left out (TH-14)."""
    wanted = [
        *(each.unit for each in step.profile.brief_recipients),
        *step.case.facts.get("recipients", ()),
        *step.answers["recipients"],
    ]
    papers.issue(
        step.loaded,
        papers.required(step.loaded, BRIEF),
        actor=step.actor,
        upward=papers.unit_ids(dict.fromkeys(wanted)),
        method=step.answers["method"],
    )


@effect("file_urgent")
def file_urgent(step: Completed) -> None:
    """An urgent report reaches the office and the convener at once (随时报告, TH-13b)."""
    answers = step.answers
    kept = ("occurred_on", "impact", "actions", "support_needed")
    file(step, "urgent", answers["event"], details={name: answers[name] for name in kept})
    _send_at_once(step)
    item = branches.parent_of(step.loaded)
    if item is not None:
        data = {"case": step.case.id, "number": step.case.number, "text": answers["event"]}
        note(step, "urgent.reported", data, about=item)


def _send_at_once(step: Completed) -> None:
    answers = step.answers
    paper = papers.draft(
        step.loaded,
        URGENT,
        title=f"关于{step.case.matter}的随时报告",
        issuer=step.assignment.unit_id,
        content={
            "matter": step.case.matter,
            "text": f"{answers['occurred_on']}：{answers['event']}\n{answers['impact']}",
            "measures": answers["actions"],
            "needs": answers["support_needed"],
        },
    )
    office, convener = (
        papers.unit_ids([step.profile.post(post).unit])
        for post in ("supervising_office", "convener")
    )
    papers.issue(step.loaded, paper, actor=step.actor, to=office, upward=convener)


def _chosen(step: Completed) -> Sequence[Case]:
    """The items the brief was started for, else all open ones of the scope that was picked."""
    named, scope = step.case.facts.get("items"), step.answers["scope"]
    found = select(Case).where(Case.kind == "supervision_item").order_by(Case.id)
    if named:
        return session().scalars(found.where(Case.id.in_(named))).all()
    found = found.where(Case.status.in_(("open", "suspended")), Case.issued_at.is_not(None))
    if scope == "special_major":
        found = found.where(Case.special_major)
    if scope == "overdue":
        found = found.where(Case.due_day < clock.today())
    return session().scalars(found).all()


def _rows(items: Sequence[Case], profile: Profile) -> list[dict[str, Any]]:
    ids = [case.id for case in items]
    leads = session().execute(
        select(CaseUnit.case_id, Unit.name)
        .join(Unit, Unit.id == CaseUnit.unit_id)
        .where(CaseUnit.case_id.in_(ids), CaseUnit.role == "lead")
    )
    lead = {row.case_id: row.name for row in leads}
    reports = session().scalars(
        select(Report)
        .where(Report.case_id.in_(ids), Report.percent.is_not(None))
        .order_by(Report.id)
    )
    newest = {report.case_id: report for report in reports}
    return [
        {
            "number": case.number,
            "matter": case.matter or case.title,
            "lead": lead.get(case.id, ""),
            "due_day": case.due_day.isoformat() if case.due_day else None,
            "light": _light(case, profile, newest.get(case.id)).code,
            "progress": _progress(newest.get(case.id)),
        }
        for case in items
    ]


def _light(case: Case, profile: Profile, report: Report | None) -> lights.Light:
    days, now = advance.calendar(), clock.now()
    end = profile.clock.end_of_day
    due_at = fixed(case.due_day, end_of_day=end).due_at if case.due_day else None
    if case.closed_at is not None:
        return lights.closed_light(due_at, case.closed_at)
    behind = due_at is not None and lights.behind_schedule(
        Decimal(report.percent) if report and report.percent is not None else None,
        opened_at=case.issued_at or case.opened_at,
        due_at=due_at,
        now=now,
        calendar=days,
        lag=profile.lights.schedule_lag,
    )
    return lights.light(
        profile.lights.table,
        lights.Situation(
            remaining(due_at, now, days) if due_at else None,
            suspended=case.status == "suspended",
            behind=behind,
        ),
    )


def _progress(report: Report | None) -> str:
    return f"{report.percent}%：{report.text}" if report else "尚未报告进展"

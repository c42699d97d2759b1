"""What units do on an item besides its tasks: report progress, report at once, ask for time."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from app import advance, clock, effects, forms, journal
from app.actor import Actor, Holding
from app.advance import Loaded
from app.commands import faster, sight
from app.commands.command import command
from app.db import session
from app.effects import branches, dates, extension
from app.effects.briefs import URGENT
from app.errors import Invalid
from app.i18n import _
from app.model import Assignment, Report, Ticket
from app.rules import lights
from app.rules.deadlines import fixed

NOT_STAFF: Final = _("Only the units that handle the item may do this.")

ASKED: Final[faster.Clashes] = {
    **faster.STOPPED,
    "case.branched": faster.about(kind=extension.KIND),
}
ONLY_LEAD: Final = _(
    "Only the lead unit asks for more time, for the whole matter. Ask it to, or have the office"
    " waive or re-assign your part."
)


@command
def report_progress(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Say how far it is (阶段性反馈, TX-12): `{"report", "behind"}`; reports are only added."""
    loaded = sight.seen(case_id, actor)
    held = sight.staff(loaded, actor, "lead", "addressee", "co", why_not=NOT_STAFF)
    faster.require_unchanged(loaded.stream, seen, _reported_by(held.unit_id))
    _require_running(loaded, "open", "suspended")
    said = sight.answered("progress_report", answers, unit_id=held.unit_id)

    before = loaded.case.progress
    report = Report(
        case_id=case_id,
        unit_id=held.unit_id,
        kind="progress",
        text=said["text"],
        percent=said["percent"],
        details={"difficulties": said["difficulties"]},
        at=clock.now(),
        by=actor.person_id,
    )
    session().add(report)
    dates.report(loaded, said["percent"])
    behind = _behind(loaded, said["percent"])
    journal.record(
        "progress.reported",
        stream=loaded.stream,
        case_id=case_id,
        actor=actor,
        unit_id=held.unit_id,
        deputy_for=held.deputy_for,
        data={
            "report": report.id,
            "before": before,
            "after": said["percent"],
            "behind": behind,
            "text": said["text"],
        },
    )
    return {"report": report.id, "behind": behind}


@command
def report_urgent(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Report at once to office and convener (随时报告, TH-13b): `{"case": id}`.

    Always possible for a special major item, whatever else is open or due; on other items where
    the mechanism knows urgent reports.
    """
    loaded = sight.seen(case_id, actor)
    held = sight.staff(loaded, actor, "lead", "co", why_not=NOT_STAFF)
    faster.require_unchanged(loaded.stream, seen, faster.ENDED)
    _require_running(loaded, "open", "suspended")
    if not (loaded.case.special_major or loaded.profile.urgent_report):
        raise Invalid(
            _(
                "This mechanism knows urgent reports only for special major matters; "
                "report progress instead."
            )
        )

    child = branches.branch(
        loaded,
        URGENT,
        actor=actor,
        unit_id=held.unit_id,
        units={"lead": [held.unit_id]},
        title=f"{loaded.case.matter or loaded.case.title}随时报告",
        special_major=loaded.case.special_major,
    )
    _complete_first(child, answers, actor=actor, held=held)
    return {"case": child.case.id}


@command
def request_extension(
    case_id: int, answers: Mapping[str, Any], *, actor: Actor, seen: int | None = None
) -> dict[str, Any]:
    """Ask for more time (延期申请, domain row 15): `{"case": id, "late": bool}`.

    The clock goes on until somebody grants it; an application after the date is marked late.
    """
    loaded = sight.seen(case_id, actor)
    held = sight.staff(loaded, actor, "lead", why_not=ONLY_LEAD)
    faster.require_unchanged(loaded.stream, seen, ASKED)
    _require_running(loaded, "open")
    if loaded.case.due_day is None:
        raise Invalid(_("This case has no date of its own that could be extended."))
    if any(each.status == "open" for each in branches.branches(case_id, extension.KIND)):
        raise Invalid(_("An application for an extension is waiting for its decision already."))

    child = branches.branch(
        loaded,
        extension.KIND,
        actor=actor,
        unit_id=held.unit_id,
        units={"lead": [held.unit_id]},
        title=f"{loaded.case.matter or loaded.case.title}延期申请",
    )
    _complete_first(child, answers, actor=actor, held=held)
    return {"case": child.case.id, "late": bool(child.case.facts["late"])}


def _reported_by(unit_id: int) -> faster.Clashes:
    return {**faster.ENDED, "progress.reported": faster.about(acting_unit=unit_id)}


def _require_running(loaded: Loaded, *statuses: str) -> None:
    if loaded.case.status not in statuses:
        raise Invalid(
            _("The case is suspended.")
            if loaded.case.status == "suspended"
            else _("The case is closed.")
        )
    if loaded.case.kind == "supervision_item" and loaded.case.issued_at is None:
        raise Invalid(_("The item has not been dispatched yet."))


def _complete_first(
    child: Loaded, answers: Mapping[str, Any], *, actor: Actor, held: Holding
) -> None:
    """Do the child's first task for whoever asked for it, in the same act."""
    ticket, assignment = (
        session()
        .execute(
            select(Ticket, Assignment)
            .join(Assignment, Assignment.ticket_id == Ticket.id)
            .where(Ticket.case_id == child.case.id, Assignment.state == "active")
        )
        .one()
    )
    form = forms.load(ticket.form)
    checked = forms.checked(form, answers, context=advance.form_context(held.unit_id))
    step = effects.Completed(child, ticket, assignment, checked, actor, held, clock.now())
    facts = {**forms.facts(form, checked), **effects.run(step)}
    advance.finish(
        child, ticket, assignment, answers=checked, facts=facts, actor=actor, holding=held
    )


def _behind(loaded: Loaded, percent: int) -> bool:
    """Whether the progress lags the time used up (序时进度)."""
    case, profile = loaded.case, loaded.profile
    if case.due_day is None:
        return False
    return lights.behind_schedule(
        Decimal(percent),
        opened_at=case.issued_at or case.opened_at,
        due_at=fixed(case.due_day, end_of_day=profile.clock.end_of_day).due_at,
        now=clock.now(),
        calendar=advance.calendar(),
        lag=profile.lights.schedule_lag,
    )

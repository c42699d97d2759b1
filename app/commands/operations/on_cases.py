"""The operations on a case, in the order in which they are offered."""

from __future__ import annotations

from typing import Final

from app import forms
from app.commands import circulations, clock, copies, items, supervising, undoing
from app.commands.operations.shape import Operation, everybody, supervisors
from app.i18n import Text, _
from app.rules import sharing, standing
from app.rules.standing import Standing


def _tasks_to_go_back_to(case: Standing) -> dict[str, forms.Words]:
    return {value: forms.Words(*names) for value, names in case.back_to.items()}


def _things_to_copy(case: Standing) -> dict[str, forms.Words]:
    return sharing.copied(case.papers)


def _task_taken_back(case: Standing) -> Text:
    return _("“%(task)s” will be open again, and its clock goes on.", task=case.taken_back)


ROWS: Final = (
    Operation(
        "send_back",
        _("Send back"),
        "arrow-back-up-double",
        "send_back",
        _("The case is back at the earlier task."),
        standing.may_send_back,
        undoing.send_back,
        choices=(("task", _tasks_to_go_back_to),),
    ),
    Operation(
        "withdraw",
        _("Take back"),
        "arrow-back-up",
        "withdraw",
        _("Your task is open again; what you submitted is kept in the record."),
        standing.may_withdraw,
        undoing.withdraw,
        told=_task_taken_back,
    ),
    Operation(
        "progress",
        _("Report progress"),
        "progress",
        "progress_report",
        _("The progress report is filed."),
        standing.may_report_progress,
        items.report_progress,
    ),
    Operation(
        "urgent",
        _("Report at once"),
        "urgent",
        "urgent_report",
        _("The office and the convener have the report before them."),
        standing.may_report_urgent,
        items.report_urgent,
        _("The supervising office and the convener are alerted immediately."),
    ),
    Operation(
        "extension",
        _("Ask for more time"),
        "calendar-plus",
        "extension_apply",
        _("The application has been sent on."),
        standing.may_ask_extension,
        items.request_extension,
        _("The clock goes on until somebody grants it."),
    ),
    Operation(
        "urge",
        _("Urge"),
        "bell-ringing",
        "urge",
        _("The units have been reminded."),
        standing.may_urge,
        supervising.urge,
        in_bulk=supervisors,
    ),
    Operation(
        "waive",
        _("Waive a co-handler"),
        "user-check",
        "waive",
        _("The case goes on without that unit’s part."),
        standing.may_waive,
        supervising.waive_co,
    ),
    Operation(
        "suspend",
        _("Suspend"),
        "player-pause",
        "suspend",
        _("The clock stands still."),
        standing.may_suspend,
        clock.suspend,
    ),
    Operation(
        "resume",
        _("Resume"),
        "player-play",
        "resume",
        _("The clock runs again."),
        standing.may_resume,
        clock.resume,
    ),
    Operation(
        "escalate",
        _("Escalate"),
        "alert-hexagon",
        "escalate",
        _("The escalation is open."),
        standing.may_escalate,
        supervising.escalate,
        _("A case of its own is opened: reminder, bulletin, interview or listed supervision."),
    ),
    Operation(
        "copy",
        _("Send copies"),
        "send",
        "copy",
        _("The copies are sent."),
        sharing.may_send_copies,
        copies.send,
        choices=(("what", _things_to_copy),),
    ),
    Operation(
        "circulate",
        _("Circulate"),
        "eye",
        "circulate",
        _("Your colleagues are asked to read it."),
        sharing.may_circulate,
        circulations.circulate,
        in_bulk=everybody,
    ),
    Operation(
        "circulate_widely",
        _("Circulate to units"),
        "users",
        "circulate_widely",
        _("The posts of these units are asked to read it."),
        sharing.may_circulate_widely,
        circulations.circulate_widely,
    ),
)

"""The operations of supervision on a case: parts re-assigned and signed for, instructions."""

from __future__ import annotations

from typing import Final

from app import forms
from app.commands import clock, instructing, reassigning, supervising
from app.commands.operations.shape import Operation
from app.i18n import _
from app.rules import supervising as rules
from app.rules.standing import Standing

LEAD, CO = forms.Words("主办：", "Lead: "), forms.Words("协办：", "Co-handler: ")


def _parts(case: Standing) -> dict[str, forms.Words]:
    found = {}
    for value, name in case.parts.items():
        before = LEAD if value.startswith("lead") else CO
        found[value] = forms.Words(f"{before.zh}{name}", f"{before.en}{name}")
    return found


def _papers(case: Standing) -> dict[str, forms.Words]:
    field = forms.load("instruct").field("paper")
    whole = {each.value: each.label for each in field.options} if field else {}
    return whole | {number: forms.Words(title, title) for number, title in case.papers.items()}


def _files(case: Standing) -> dict[str, forms.Words]:
    """None first, so that a choice can be taken back; nothing where there are no files."""
    field = forms.load("instruct").field("scan")
    none = {each.value: each.label for each in field.options} if field and case.files else {}
    return none | {number: forms.Words(name, name) for number, name in case.files.items()}


ROWS: Final = (
    Operation(
        "sign_part",
        _("Sign for it"),
        "writing-sign",
        "sign_part",
        _("Your unit has signed for it."),
        rules.may_sign_part,
        reassigning.sign_part,
    ),
    Operation(
        "reassign",
        _("Re-assign"),
        "arrows-exchange",
        "reassign",
        _("The other unit has it now, and the notice of it."),
        rules.may_reassign,
        reassigning.reassign,
        choices=(("part", _parts),),
    ),
    Operation(
        "coordinate",
        _("Settle the disagreement"),
        "messages",
        "coordinate",
        _("The units are told what was settled."),
        rules.may_coordinate,
        supervising.coordinate,
    ),
    Operation(
        "ask_clock",
        _("Ask to stop or restart the clock"),
        "clock-pause",
        "ask_clock",
        _("The request is before the supervising office."),
        rules.may_ask_clock,
        clock.ask_clock,
    ),
    Operation(
        "instruct",
        _("Enter an instruction"),
        "writing",
        "instruct",
        _("The instruction is on record, and its addressees are told."),
        rules.may_instruct,
        instructing.instruct,
        choices=(("paper", _papers), ("scan", _files)),
    ),
)

"""Resolutions: what a meeting decided, put on the task list, each opened as one item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import delete, select

from app import advance
from app.advance import Loaded
from app.db import session
from app.effects import items, levels, papers
from app.effects.meetings import required_meeting
from app.effects.registry import Completed, effect
from app.errors import Invalid
from app.i18n import _
from app.model import Indicator, Meeting, Resolution, Unit

P = ParamSpec("P")
R = TypeVar("R")


def decide(meeting: Meeting, rows: Sequence[Mapping[str, Any]]) -> list[Resolution]:
    """The decisions as rows; recorded again after a return they replace the earlier ones."""
    session().execute(delete(Resolution).where(Resolution.meeting_id == meeting.id))
    indicators = levels.indicators_by_code(r["indicator"] for r in rows if r.get("indicator"))
    decided = []
    for place, row in enumerate(rows):
        lead, co = papers.unit_ids([row["lead"]])[0], papers.unit_ids(row.get("co") or ())
        _with_fields(f"resolutions.{place}", items.require_parties, lead, co)
        decided.append(
            Resolution(
                meeting_id=meeting.id,
                position=place,
                matter=row["matter"],
                indicator_id=indicators[row["indicator"]].id if row.get("indicator") else None,
                lead_unit_id=lead,
                co_unit_ids=co,
                due_day=_day(meeting.held_on, row),
                impact_forecast=row.get("impact_forecast") or "",
                special_major=bool(row.get("special_major")),
            )
        )
    session().add_all(decided)
    session().flush()
    return decided


@effect("open_items")
def open_items(step: Completed) -> Mapping[str, Any]:
    """One matter, one item (TH-11, TX-10); a list left empty means the decisions as they stand."""
    decided = of_meeting(required_meeting(step.case.id).id)
    rows = step.answers["items"] or ([] if step.answers["note"] else _as_rows(decided))
    if not rows and not step.answers["note"]:
        text = _("Say why no item is registered.")
        raise Invalid(text, fields={"note": text})
    opened = [_with_fields(f"items.{place}", _open, step, row) for place, row in enumerate(rows)]
    _link(decided, opened)
    if opened:
        _issue_list(step, opened)
    return {"items": len(opened)}


def _open(step: Completed, row: Mapping[str, Any]) -> Loaded:
    minutes = papers.required(step.loaded, "meeting_minutes")
    return items.open_item(
        actor=step.actor,
        profile_id=step.case.profile_id,
        matter=row["matter"],
        lead=papers.unit_ids([row["lead"]])[0],
        co=papers.unit_ids(row["co"] or ()),
        parent_id=step.case.id,
        round_id=step.case.round_id,
        indicator_id=levels.indicator_id(row["indicator"]),
        source=f"{step.case.title}（{minutes.number}）",
        content=row["requirement"] or "",
        due_day=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
        due_days=row["due_days"],
        special_major=bool(row["special_major"]),
        override_reason=row["override_reason"] or "",
        unit_id=step.assignment.unit_id,
    )


def _as_rows(decided: Sequence[Resolution]) -> list[dict[str, Any]]:
    """The decisions in the shape of the task list's rows."""
    units = {unit for each in decided for unit in (each.lead_unit_id, *each.co_unit_ids)}
    codes = _codes(Unit, units)
    indicators = _codes(Indicator, {each.indicator_id for each in decided})
    return [
        {
            "matter": each.matter,
            "requirement": each.requirement,
            "indicator": indicators.get(each.indicator_id),
            "lead": codes[each.lead_unit_id],
            "co": [codes[unit] for unit in each.co_unit_ids],
            "due_date": each.due_day.isoformat() if each.due_day else None,
            "due_days": None,
            "special_major": each.special_major,
            "override_reason": None,
        }
        for each in decided
    ]


def _codes(table: type[Unit | Indicator], ids: set[Any]) -> dict[int | None, str]:
    rows = session().execute(select(table.id, table.code).where(table.id.in_(ids - {None})))
    return {row.id: row.code for row in rows}


def _link(decided: Sequence[Resolution], opened: Sequence[Loaded]) -> None:
    """Tell each decision which item it became: the one of the same matter and lead unit."""
    by_key = {(each.case.matter, each.lead_unit_id): each.case.id for each in opened}
    for resolution in decided:
        resolution.item_case_id = by_key.get((resolution.matter, resolution.lead_unit_id))


def _issue_list(step: Completed, opened: Sequence[Loaded]) -> None:
    """The task list (工作任务清单) to every lead unit, with copies to those who help."""
    leads = [each.units["lead"][0] for each in opened]
    helpers = [unit for each in opened for unit in each.units.get("co", ())]
    names = papers.unit_names([*leads, *helpers])
    document = papers.draft(
        step.loaded,
        "task_list",
        title=f"{step.case.title}工作任务清单",
        content={
            "items": [
                {
                    "matter": each.case.matter,
                    "requirement": each.case.content,
                    "indicator": _indicator_name(each.case.indicator_id),
                    "lead": names[each.units["lead"][0]],
                    "co": "、".join(names[unit] for unit in each.units.get("co", ())),
                    "due_day": each.case.due_day.isoformat() if each.case.due_day else None,
                }
                for each in opened
            ],
            "remarks": step.answers["note"],
        },
    )
    papers.issue(step.loaded, document, actor=step.actor, to=leads, cc=helpers)


def _indicator_name(indicator_id: int | None) -> str | None:
    found = session().get(Indicator, indicator_id) if indicator_id else None
    return found.name if found else None


def _day(held_on: date, row: Mapping[str, Any]) -> date | None:
    """The day that was decided, or so many working days after the meeting."""
    if row.get("due_date"):
        return date.fromisoformat(row["due_date"])
    if row.get("due_days"):
        return advance.calendar().add_workdays(held_on, int(row["due_days"]))
    return None


def _with_fields(prefix: str, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do it; what is refused about a field is said about that row's field."""
    try:
        return do(*args, **kwargs)
    except Invalid as refusal:
        fields = {f"{prefix}.{name}": text for name, text in refusal.fields.items()}
        raise Invalid(refusal.text, fields=fields, details=refusal.details) from refusal


def of_meeting(meeting_id: int) -> Sequence[Resolution]:
    """A meeting's decisions in their order."""
    return (
        session()
        .scalars(
            select(Resolution)
            .where(Resolution.meeting_id == meeting_id)
            .order_by(Resolution.position)
        )
        .all()
    )


def row_of(decided: Resolution, names: Mapping[int, str]) -> dict[str, Any]:
    """A decision as the minutes show it."""
    return {
        "matter": decided.matter,
        "requirement": decided.requirement,
        "lead": names[decided.lead_unit_id],
        "co": "、".join(names[unit] for unit in decided.co_unit_ids),
        "due_day": decided.due_day.isoformat() if decided.due_day else None,
        "impact_forecast": decided.impact_forecast,
    }

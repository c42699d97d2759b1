"""Supervision items (督办事项): opened, registered, dispatched, withdrawn (TX-10, TX-11)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from app import advance, forms
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import branches, dates, papers
from app.effects.notes import note
from app.effects.registry import Completed, effect, unless_approved
from app.errors import Invalid
from app.i18n import _
from app.model import Case, CaseUnit, Indicator

KIND = "supervision_item"
UNITS = {"workday": "个工作日", "calendar_day": "日", "month": "个月"}
HOW_TO_REPORT = "请按时限在线签收，明确专人办理，阶段性进展和办结情况在线报送。"


class ItemColumns(TypedDict, total=False):
    """What an item may hold from its opening on, besides its matter and its units."""

    parent_id: int | None
    round_id: int | None
    indicator_id: int | None
    source: str
    content: str
    due_day: date | None
    special_major: bool
    override_reason: str


def open_item(  # noqa: PLR0913 - everything an item is, each by its name
    *,
    actor: Actor,
    profile_id: int,
    matter: str,
    lead: int,
    co: Sequence[int] = (),
    copies: Sequence[int] = (),
    title: str = "",
    due_days: int | None = None,
    unit_id: int | None = None,
    **columns: Unpack[ItemColumns],
) -> Loaded:
    """Open one item for one matter: one lead unit, any number of co-handlers (TX-10, TX-11).

    Refused when an item on the same indicator, matter and lead unit is open, unless a reason says
    why there have to be two. `unit_id` is the office that opens it, else the supervising one.
    """
    require_parties(lead, co)
    key = matter_key(columns.get("indicator_id"), matter, lead)
    require_single(key, columns.get("override_reason", ""))
    profile = advance.profile(profile_id)
    facts = {"has_co": bool(co), "special_major": columns.get("special_major", False)}
    with one_matter_one_item():
        return advance.open_case(
            KIND,
            actor=actor,
            profile_id=profile_id,
            title=title or matter,
            units={"lead": [lead], "co": co, "cc": copies},
            unit_id=unit_id or papers.unit_ids([profile.supervising_office])[0],
            facts=profile.facts() | facts | ({"due_days": due_days} if due_days else {}),
            matter=matter,
            matter_key=key,
            **columns,
        )


def matter_key(indicator_id: int | None, matter: str, lead: int) -> str:
    """The same for the same matter of the same unit, however it is spaced and punctuated."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", matter).casefold()
        if unicodedata.category(letter)[0] in "LN"
    )
    return hashlib.sha256(f"{indicator_id or 0}|{lead}|{plain}".encode()).hexdigest()


def require_parties(lead: int, co: Sequence[int]) -> None:
    """Exactly one unit is accountable, and it does not help itself (TX-11)."""
    if lead in co:
        raise Invalid(
            _("The lead unit cannot also be a co-handler."),
            fields={"co": _("Leave the lead unit out here.")},
        )
    if len(set(co)) != len(co):
        raise Invalid(_("A co-handler is named twice."), fields={"co": _("Name every unit once.")})


def require_single(key: str, override_reason: str, *, but: int | None = None) -> None:
    """Refuse a second open item on the same matter without a reason for it (TX-10)."""
    if override_reason.strip():
        return
    twin = (
        session()
        .execute(
            select(Case.id, Case.number, Case.title)
            .where(
                Case.matter_key == key,
                Case.status.in_(("open", "suspended")),
                Case.id != (but or 0),
            )
            .limit(1)
        )
        .one_or_none()
    )
    if twin is not None:
        raise Invalid(
            _(
                "An item on this matter is open for the same unit already: %(item)s. "
                "If there have to be two, say why.",
                item=twin.number or twin.title,
            ),
            fields={"override_reason": _("Say why a second item is needed.")},
            details={"case": twin.id},
        )


@effect("register_item")
def register_item(step: Completed) -> Mapping[str, Any]:
    """Enter the item in the register: its number, its parties and its matter are settled."""
    case, answers = step.case, step.answers
    lead = papers.unit_ids([answers["lead"]])[0]
    co, copies = papers.unit_ids(answers["co"]), papers.unit_ids(answers["copies"])
    require_parties(lead, co)
    before = {"matter": case.matter, "units": {r: list(u) for r, u in step.loaded.units.items()}}

    indicator_id = _indicator_id(answers["indicator"])
    key = matter_key(indicator_id, answers["matter"], lead)
    why_two = case.override_reason or answers["override_reason"] or ""
    if (key, why_two) != (case.matter_key, case.override_reason):
        require_single(key, why_two, but=case.id)

    case.matter, case.content = answers["matter"], answers["requirement"]
    case.matter_key, case.indicator_id, case.override_reason = key, indicator_id, why_two
    case.source = case.source or source_word(answers["source"])
    case.special_major = case.special_major or bool(answers["special_major"])
    _choose_day(case, answers)
    with one_matter_one_item():
        _set_units(step.loaded, {"lead": [lead], "co": co, "cc": copies})
    branches.number(step.loaded, actor=step.actor)
    note(
        step,
        "item.registered",
        {
            "number": case.number,
            "before": before,
            "after": {"matter": case.matter, "units": dict(step.loaded.units)},
            "special_major": case.special_major,
            "override_reason": case.override_reason,
        },
    )
    return {"has_co": bool(co), "special_major": case.special_major}


@effect("dispatch_item", undoable=unless_approved)
def dispatch_item(step: Completed) -> None:
    """Once approved: the clock starts, and the notice goes to the lead with copies (TX-11)."""
    if step.answers["decision"] != "approve":
        return
    case, loaded = step.case, step.loaded
    rule = f"{case.facts['due_days']}wd" if case.facts.get("due_days") else ""
    due = dates.start_matter(loaded, day=case.due_day, rule=rule, at=step.now)
    document = papers.draft(
        loaded,
        step.profile.dispatch_document.key,
        title=f"关于{case.matter}的{step.profile.dispatch_document.name}",
        content=_notice(loaded),
    )
    papers.issue(
        loaded,
        document,
        actor=step.actor,
        to=loaded.units["lead"],
        cc=[*loaded.units.get("co", ()), *loaded.units.get("cc", ())],
    )
    note(
        step,
        "item.dispatched",
        {
            "number": case.number,
            "paper": document.number,
            "due_day": due.day,
            "provisional": due.provisional,
            "rule": dict(due.rule),
            "lead": loaded.units["lead"],
            "co": loaded.units.get("co", []),
        },
    )


def _notice(loaded: Loaded) -> dict[str, Any]:
    case, counted = loaded.case, _from_receipt(loaded)
    lead, co = loaded.units["lead"], loaded.units.get("co", [])
    names = papers.unit_names([*lead, *co])
    return {
        "lead": names[lead[0]],
        "co": [names[unit] for unit in co],
        "matter": case.matter,
        "source": case.source,
        "requirement": case.content,
        "due_day": case.due_day.isoformat() if case.due_day and not counted else None,
        "reporting": counted + HOW_TO_REPORT,
    }


def _from_receipt(loaded: Loaded) -> str:
    """How long the unit has from its receipt, where no day can be named before it signs."""
    rule = loaded.case.due_rule or {}
    if rule.get("from") != "receipt":
        return ""
    return f"自签收之日起{rule['count']}{UNITS[rule['unit']]}内办结。"


def source_word(chosen: str) -> str:
    """What the source chosen in the form is called in the item's papers and lists."""
    field = forms.load("item_register").field("source")
    option = field.option(chosen) if field else None
    return option.label.zh if option else chosen


def source_chosen(word: str) -> str | None:
    """The choice a word for a source stands for, to be offered again."""
    field = forms.load("item_register").field("source")
    return next((o.value for o in field.options if o.label.zh == word), None) if field else None


def _indicator_id(code: str | None) -> int | None:
    return session().scalar(select(Indicator.id).where(Indicator.code == code)) if code else None


def _choose_day(case: Case, answers: Mapping[str, Any]) -> None:
    """A day or a number of working days, whichever was filled in; a day wins."""
    if answers["due_date"]:
        case.due_day = date.fromisoformat(answers["due_date"])
    elif answers["due_days"]:
        case.due_day = None
        case.facts = {**case.facts, "due_days": answers["due_days"]}


def _set_units(loaded: Loaded, units: Mapping[str, Sequence[int]]) -> None:
    """Write the parties down where they are not the ones named before, in the order of now."""
    named = {role: list(ids) for role, ids in units.items() if ids}
    if {role: ids for role, ids in loaded.units.items() if role in units} != named:
        session().execute(
            delete(CaseUnit).where(CaseUnit.case_id == loaded.case.id, CaseUnit.role.in_(units))
        )
        rows = [
            {"case_id": loaded.case.id, "unit_id": each, "role": role}
            for role, ids in named.items()
            for each in ids
        ]
        session().execute(insert(CaseUnit), rows)
    loaded.units = named


@contextmanager
def one_matter_one_item() -> Iterator[None]:
    """The index says no when somebody opened the same item in the same moment."""
    try:
        yield
    except IntegrityError as clash:
        if "matter_key" not in str(clash.orig):
            raise
        raise Invalid(
            _("Somebody opened an item on this matter for the same unit just now."),
            fields={"override_reason": _("Say why a second item is needed.")},
        ) from clash

"""Risk notices and judicial suggestions: opened from a round, drafted, issued, signed for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from app import advance, journal
from app.actor import Actor
from app.advance import Loaded
from app.db import session
from app.effects import levels, numbers, papers, receipts
from app.effects.registry import Completed, always, effect, unless_approved
from app.errors import Invalid
from app.i18n import _
from app.model import ENDED_EARLY, Case, CaseUnit, Document, Indicator, IndicatorUnit, Round
from app.rules.deadlines import DeadlineRule
from app.rules.profiles import Profile

KINDS: Final = ("risk_notice", "judicial_suggestion")
SUGGESTION_TYPES: Final = {
    "single_case": "个案",
    "case_type": "类案",
    "governance": "综合治理",
    "white_paper": "白皮书",
}
LENGTHS: Final = {"workday": "个工作日", "calendar_day": "日", "month": "个月"}
STARTS: Final = {"issue": "印发", "receipt": "收到", "opened": "签收"}


@dataclass(frozen=True)
class Wanted:
    """A notice to be opened: about which indicator, to which unit, and what to point out."""

    indicator: Indicator
    unit_id: int
    note: str = ""


@effect("open_notices")
def open_notices(step: Completed) -> Mapping[str, Any]:
    """Open a notice per indicator that triggers one, or those that were chosen (TX-07a, TH-07b)."""
    round_ = levels.round_of(step.case.round_id)
    scope = step.answers["scope"]
    wanted: list[Wanted] = []
    if scope == "all":
        wanted = _triggered(round_, step.profile)
    elif scope == "chosen":
        wanted = _chosen(step.answers["notices"] or [])
    opened = [
        open_notice(
            round_,
            each,
            actor=step.actor,
            profile_id=step.case.profile_id,
            profile=step.profile,
            parent_id=step.case.id,
            unit_id=step.assignment.unit_id,
        )
        for each in wanted
        if not already_open(round_.id, each)
    ]
    return {"notices": len(opened)}


def open_notice(
    round_: Round,
    wanted: Wanted,
    *,
    actor: Actor,
    profile_id: int,
    profile: Profile,
    parent_id: int | None,
    unit_id: int | None,
) -> Loaded:
    """Open one notice's case: one indicator, one addressee; the leader approves where he must."""
    loaded = advance.open_case(
        "risk_notice",
        actor=actor,
        profile_id=profile_id,
        unit_id=unit_id,
        title=f"{wanted.indicator.name}{profile.notice_type.name}",
        units={"addressee": [wanted.unit_id]},
        facts={"needs_approval": profile.notice_approval, "notice_kind": profile.notice_type.key},
        parent_id=parent_id,
        round_id=round_.id,
        indicator_id=wanted.indicator.id,
        matter=wanted.indicator.name,
        content=wanted.note,
        source=f"{round_.code}轮次评估",
    )
    numbers.number_case(loaded)
    return loaded


def already_open(round_id: int, wanted: Wanted) -> bool:
    """Whether that unit got (or is getting) a notice about that indicator in that round."""
    found = session().scalar(
        select(Case.id)
        .join(CaseUnit, (CaseUnit.case_id == Case.id) & (CaseUnit.role == "addressee"))
        .where(
            Case.kind == "risk_notice",
            Case.status.not_in(ENDED_EARLY),
            Case.round_id == round_id,
            Case.indicator_id == wanted.indicator.id,
            CaseUnit.unit_id == wanted.unit_id,
        )
        .limit(1)
    )
    return found is not None


def _triggered(round_: Round, profile: Profile) -> list[Wanted]:
    gradings = levels.current_gradings(round_.id)
    ids = [key for key, each in gradings.items() if each.level in profile.trigger_levels]
    indicators = (
        session()
        .scalars(select(Indicator).where(Indicator.id.in_(ids)).order_by(Indicator.code))
        .all()
    )
    responsible = responsible_units(ids)
    _require_addressees(each for each in indicators if each.id not in responsible)
    return [Wanted(each, responsible[each.id][0]) for each in indicators]


def _chosen(rows: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    indicators = levels.indicators_by_code(row["indicator"] for row in rows)
    responsible = responsible_units([each.id for each in indicators.values()])
    _require_addressees(
        indicators[row["indicator"]]
        for row in rows
        if not row.get("units") and indicators[row["indicator"]].id not in responsible
    )
    wanted: dict[tuple[int, int], Wanted] = {}
    for row in rows:
        indicator = indicators[row["indicator"]]
        units = papers.unit_ids(row.get("units") or ()) or responsible[indicator.id][:1]
        for unit in units:
            wanted[indicator.id, unit] = Wanted(indicator, unit, row.get("note") or "")
    return list(wanted.values())


def responsible_units(indicator_ids: Iterable[int]) -> dict[int, list[int]]:
    """The units responsible for indicators, the leading one first."""
    rows = session().execute(
        select(IndicatorUnit.indicator_id, IndicatorUnit.unit_id)
        .where(IndicatorUnit.indicator_id.in_(list(indicator_ids)))
        .order_by(IndicatorUnit.position, IndicatorUnit.id)
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.indicator_id, []).append(row.unit_id)
    return found


def _require_addressees(nobodys: Iterable[Indicator]) -> None:
    names = "、".join(each.name for each in nobodys)
    if names:
        text = _(
            "No unit is responsible for %(indicators)s. Name one with the indicator, or choose "
            "the notices one by one and name the addressee.",
            indicators=names,
        )
        raise Invalid(text, fields={"scope": text})


@effect("draft_notice", undoable=always)
def draft_notice(step: Completed) -> None:
    """Write the notice: the figures come from the round, the words from whoever drafts it."""
    answers, kind = step.answers, step.answers["notice_kind"]
    _require_kind(step.profile, kind)
    round_ = levels.round_of(step.case.round_id)
    content = {
        "indicators": levels.indicator_rows(round_, [step.case.indicator_id or 0]),
        "problems": answers["problems"],
        "suggestions": answers["advice"],
        "reply_requirements": answers["reply_request"],
        "reply_to": "、".join(_addressees_of_opinions(step.profile)),
        "reply_within": _in_words(step.profile.deadline("work_opinion")),
        "contact": answers.get("contact"),
    }
    if kind == "judicial_suggestion":
        content["type"] = SUGGESTION_TYPES[answers["suggestion_type"]]
        content["reasons"] = answers["reasons"]
    papers.draft(step.loaded, kind, instead_of=KINDS, title=answers["subject"], content=content)


def _require_kind(profile: Profile, kind: str) -> None:
    besides = ("judicial_suggestion",) if profile.suggestion_allowed else ()
    if kind not in (profile.notice_type.key, *besides):
        text = _("Under this mechanism the paper is a %(name)s.", name=profile.notice_type.name)
        raise Invalid(text, fields={"notice_kind": text})


def _addressees_of_opinions(profile: Profile) -> list[str]:
    ids = papers.unit_ids(profile.opinion_addressee)
    names = papers.unit_names(ids)
    return [names[each] for each in ids]


def _in_words(rule: DeadlineRule) -> str:
    """The time limit as official Chinese papers put it."""
    return f"自{STARTS[rule.from_]}之日起{rule.count}{LENGTHS[rule.unit]}内"


@effect("approve_notice", undoable=unless_approved)
def approve_notice(step: Completed) -> None:
    """The leader's approval fixes the content (TH-07b)."""
    if step.answers["decision"] == "approve":
        papers.approve(step.loaded, papers.required(step.loaded, *KINDS), actor=step.actor)


@effect("issue_notice")
def issue_notice(step: Completed) -> None:
    """Number the notice and send it on its way: addressee, copies, and upward (抄报, TX-07b)."""
    document = papers.required(step.loaded, *KINDS)
    if step.profile.notice_approval and document.state != "approved":
        raise Invalid(_("The leader has not approved this notice; it cannot be issued."))
    papers.issue(
        step.loaded,
        document,
        actor=step.actor,
        delivered=False,
        to=step.loaded.units["addressee"],
        cc=papers.unit_ids(step.answers.get("copies") or ()),
        upward=papers.unit_ids(each.unit for each in step.profile.notice_copies),
    )
    step.case.issued_at = step.now


@effect("serve_notice")
def serve_notice(step: Completed) -> None:
    """Say how it was delivered (送达); a paper's receipt number is kept with the answers."""
    papers.serve(
        step.loaded,
        papers.required(step.loaded, *KINDS),
        actor=step.actor,
        method=step.answers["method"],
    )


@effect("sign_notice")
def sign_notice(step: Completed) -> None:
    """The unit signs for the notice, or hands it back saying that it is not its matter."""
    document = papers.required(step.loaded, *KINDS)
    unit_id = step.assignment.unit_id
    if step.answers["decision"] == "sign":
        papers.receive(document, unit_id, signed_at=step.now, signed_by=step.actor.person_id)
        _record(step, "document.signed_for", document)
        receipts.start_clock(step.loaded, unit_id, step.assignment.role, actor=step.actor)
    else:
        receipts.require_handed_back_in_time(step.loaded, document, unit_id, now=step.now)
        papers.receive(document, unit_id, refused_reason=step.answers["reason"])
        _record(step, "document.refused", document, reason=step.answers["reason"])


@effect("withdraw_notice")
def withdraw_notice(step: Completed) -> None:
    """A refused notice is insisted on, or withdrawn: then it is void and its number stays taken."""
    document = papers.required(step.loaded, *KINDS)
    reason = step.answers["explanation"]
    if step.answers["decision"] == "insist":
        receipts.give_time_to_sign(step.loaded, at=step.now)
        _record(step, "notice.insisted", document, reason=reason)
        return
    papers.withdraw(step.loaded, document, actor=step.actor, reason=reason)
    step.case.status, step.case.outcome = "void", "withdrawn"


def _record(step: Completed, kind: str, document: Document, **more: Any) -> None:
    journal.record(
        kind,
        stream=step.stream,
        case_id=step.case.id,
        actor=step.actor,
        unit_id=step.assignment.unit_id,
        deputy_for=step.holding.deputy_for,
        data={
            "document": document.id,
            "kind": document.kind,
            "number": document.number,
            "title": document.title,
            "unit": step.assignment.unit_id,
            **more,
        },
    )

"""Who may see and do what with a case: the one place that answers permission questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from app.actor import SYSTEM, Actor, Holding
from app.errors import NotAllowed
from app.i18n import Text, _

UNIT_STAFF: Final = ("unit_handler", "co_handler", "unit_liaison", "unit_leader", "unit_head")
SUPERVISORS: Final = (
    "supervision_clerk",
    "supervision_director",
    "convener",
    "approving_leader",
)
COURT: Final = ("court_analyst", "suggestion_drafter", "court_president", "assessment_clerk")
WORKERS: Final = (*UNIT_STAFF, *SUPERVISORS, *COURT)
AUDITORS: Final = ("business_auditor", "audit_admin")
SHARERS: Final = (
    *("unit_liaison", "unit_leader", "unit_head"),
    *("supervision_clerk", "supervision_director", "court_president"),
)
SEES_ALL_CASES: Final = (*SUPERVISORS, "business_auditor")
COURT_KINDS: Final = frozenset(
    {"assessment_round", "risk_notice", "joint_meeting", "annual_evaluation"}
)
OBSERVER_KINDS: Final = frozenset({"assessment_round", "risk_notice", "annual_evaluation"})
WHOLE_KINDS: Final[Mapping[tuple[str, ...], frozenset[str]]] = {
    (*COURT, "external_analyst"): COURT_KINDS,
    ("npc_observer",): OBSERVER_KINDS,
}
DESIGNERS: Final = ("process_designer", "process_reviewer")
ANALYSTS: Final = ("court_analyst", "external_analyst")
INCIDENT_READERS: Final = (*SEES_ALL_CASES, "sys_admin")
WORDERS: Final = ("supervision_clerk", "supervision_director", "sys_admin")
ROUND_READERS: Final = (*SEES_ALL_CASES, *COURT, "external_analyst", "npc_observer")
IMPORT_READERS: Final = (*ANALYSTS, *SEES_ALL_CASES)
ADMINISTRATORS: Final = ("sys_admin", "sec_admin", "audit_admin")
ROLES: Final = frozenset(
    (
        *UNIT_STAFF,
        *SUPERVISORS,
        *COURT,
        *AUDITORS,
        *DESIGNERS,
        *ANALYSTS,
        *ADMINISTRATORS,
        "npc_observer",
    )
)


def require(allowed: object, why_not: Text) -> None:
    """Refuse with the reason; for somebody who may see the thing but not do this."""
    if not allowed:
        raise NotAllowed(why_not)


def only_the_system(actor: Actor) -> None:
    """Refuse every person: what background processes do for themselves."""
    require(actor.person_id is None, _("The system does this by itself."))


def sees_every_case(actor: Actor) -> bool:
    """Supervisors and the business auditor see every case of the county."""
    return actor.has(*SEES_ALL_CASES)


def kinds_seen(actor: Actor) -> frozenset[str]:
    """Case kinds seen whole by role alone: the court's own, and what observers follow (ZJ-07)."""
    return frozenset(
        kind for roles, kinds in WHOLE_KINDS.items() if actor.has(*roles) for kind in kinds
    )


def roles_seeing(kind: str) -> frozenset[str]:
    """The roles by which alone somebody sees every case of that kind."""
    whole = (role for roles, kinds in WHOLE_KINDS.items() if kind in kinds for role in roles)
    return frozenset((*SEES_ALL_CASES, *whole))


def may_see_case(
    actor: Actor, kind: str, units: Collection[int], told: Collection[tuple[int, int | None]] = ()
) -> bool:
    """`units` are those with a part in the case: its units, its opener, and its assignments'.

    `told`: to whom it was sent for reading, as units, or as people by name who read it for one
    (抄送、传阅); they may as long as they work for that unit.
    """
    if sees_every_case(actor) or kind in kinds_seen(actor):
        return True
    ours = units_worked_for(actor)
    return not ours.isdisjoint(units) or any(
        unit in ours and (person is None or person == actor.person_id) for unit, person in told
    )


def units_worked_for(actor: Actor) -> frozenset[int]:
    """The units whose cases this person works on (administrators of the system work on none)."""
    return frozenset(h.unit_id for h in actor.holdings if h.role in WORKERS)


def completes(
    actor: Actor, *, unit_id: int, post: str, person_id: int | None, kind: str
) -> Holding | None:
    """The holding under which this person may do an assignment of that unit, post and person.

    `kind`: of the case, since some deputies act in certain kinds of cases only.
    """
    found = [
        h
        for h in actor.holdings
        if h.unit_id == unit_id
        and h.role == post
        and (not h.kinds or kind in h.kinds)
        and (person_id is None or person_id in (actor.person_id, h.deputy_for))
    ]
    return min(found, key=lambda h: h.deputy_for is not None, default=None)


def is_supervising(actor: Actor, office_unit_id: int) -> bool:
    """Whether this person works in the office that supervises the case."""
    return actor.holding(office_unit_id, ("supervision_clerk", "supervision_director")) is not None


def may_share_views(actor: Actor, unit_id: int) -> bool:
    """Put a view of the inbox before a whole unit: its leaders and liaison, an office's staff."""
    return actor.holding(unit_id, SHARERS) is not None


def may_see_rounds(actor: Actor) -> bool:
    """Rounds and indicators: whoever sees every assessment round's case by role."""
    return actor.has(*ROUND_READERS) or actor == SYSTEM


def may_read_answers(actor: Actor) -> bool:
    """All units' answers in one table: persons are named in it, so observers get none."""
    return sees_every_case(actor) or actor.has(*COURT)


def may_see_imports(actor: Actor) -> bool:
    """The files behind the figures, doubts and all: analysts, supervisors, business auditor."""
    return actor.has(*IMPORT_READERS) or actor == SYSTEM


def may_bring_in_readings(actor: Actor) -> bool:
    """Upload files and prepare their preview; the external analyst's part of the work ends here."""
    return actor.has(*ANALYSTS) or actor == SYSTEM


def may_confirm_readings(actor: Actor) -> bool:
    """Make a previewed file part of the round, start rounds, keep the indicators."""
    return actor.has("court_analyst") or actor == SYSTEM


def may_keep_accounts(actor: Actor) -> bool:
    """Units and people, but not what people may do."""
    return actor.has("sys_admin") or actor == SYSTEM


def may_grant_roles(actor: Actor) -> bool:
    """Roles and deputies, but not accounts: the two are kept apart."""
    return actor.has("sec_admin") or actor == SYSTEM


def may_word_mails(actor: Actor) -> bool:
    """Change what mails say, for everybody who gets one."""
    return actor.has(*WORDERS)


def may_see_people(actor: Actor) -> bool:
    """Every unit and account: the administrators; their own unit's people: its leaders."""
    return actor.has(*ADMINISTRATORS) or actor == SYSTEM


def may_see_incidents(actor: Actor) -> bool:
    """What stopped and is about no case: supervisors, the auditor, who keeps the system."""
    return actor.has(*INCIDENT_READERS)


def may_settle_incidents(actor: Actor) -> bool:
    """Do something about what stopped and is about no case."""
    return actor.has("supervision_clerk", "supervision_director", "sys_admin")

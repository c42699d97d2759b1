"""Who walks through the county: every role, and every relation a unit can have to a matter."""

from __future__ import annotations

from app.actor import Actor
from tests.access.town import Placed, Town
from tests.people import County

NOBODY = "nobody signed in"
WHO: dict[str, tuple[str, str]] = {
    "lead unit's handler": ("ZJJ", "unit_handler"),
    "lead unit's liaison": ("ZJJ", "unit_liaison"),
    "lead unit's leader": ("ZJJ", "unit_leader"),
    "lead unit's head": ("ZJJ", "unit_head"),
    "lead unit's co-handler": ("ZJJ", "co_handler"),
    "co-handling unit's handler": ("SJG", "unit_handler"),
    "co-handling unit's liaison": ("SJG", "unit_liaison"),
    "other addressee's handler": ("RSJ", "unit_handler"),
    "copied unit's handler": ("CZJ", "unit_handler"),
    "other item's handler": ("FGW", "unit_handler"),
    "stranger": ("WLX", "unit_handler"),
    "supervision clerk": ("PAB", "supervision_clerk"),
    "supervision director": ("PAB", "supervision_director"),
    "court's supervision clerk": ("FY-PZB", "supervision_clerk"),
    "convener": ("ZFW", "convener"),
    "approving leader": ("ZFW", "approving_leader"),
    "court analyst": ("FY-SGB", "court_analyst"),
    "suggestion drafter": ("FY", "suggestion_drafter"),
    "court president": ("FY", "court_president"),
    "assessment clerk": ("FY-BGS", "assessment_clerk"),
    "external analyst": ("YJY", "external_analyst"),
    "congress observer": ("RD", "npc_observer"),
    "business auditor": ("ZFW", "business_auditor"),
    "audit administrator": ("XZF", "audit_admin"),
    "system administrator": ("XZF", "sys_admin"),
    "security administrator": ("XZF", "sec_admin"),
    "process designer": ("PAB", "process_designer"),
    "process reviewer": ("ZFW", "process_reviewer"),
}
EVERYBODY = frozenset(WHO)
TWINS = {
    "lead unit's liaison", "lead unit's leader", "lead unit's head", "lead unit's co-handler",
    "co-handling unit's liaison", "other item's handler", "supervision director",
    "approving leader", "court president", "process reviewer",
}  # fmt: skip
ONE_OF_A_KIND = [name for name in WHO if name not in TWINS]
OF_EACH_SORT = [
    "lead unit's handler", "copied unit's handler", "stranger", "supervision clerk",
    "court analyst", "congress observer", "business auditor", "system administrator",
]  # fmt: skip


def holding(*roles: str) -> frozenset[str]:
    """Those of the cast who hold one of these roles."""
    return frozenset(name for name, (_unit, role) in WHO.items() if role in roles)


STAFF = holding("unit_handler", "unit_liaison", "unit_leader", "unit_head", "co_handler")
OFFICE = holding("supervision_clerk", "supervision_director")
LEADERS = holding("convener", "approving_leader")
COURT = holding("court_analyst", "suggestion_drafter", "court_president", "assessment_clerk")
AUDITOR = holding("business_auditor")
AUDITORS = AUDITOR | holding("audit_admin")
EXTERNAL = holding("external_analyst")
OBSERVER = holding("npc_observer")
DESIGNERS = holding("process_designer", "process_reviewer")
EVERY_CASE = OFFICE | LEADERS | AUDITOR
COURTS_OWN = COURT | EXTERNAL
WHOLE_KINDS: dict[str, frozenset[str]] = {
    "assessment_round": COURTS_OWN | OBSERVER,
    "risk_notice": COURTS_OWN | OBSERVER,
    "joint_meeting": COURTS_OWN,
    "annual_evaluation": COURTS_OWN | OBSERVER,
}
CASE_WORKERS = STAFF | OFFICE | LEADERS | COURT


def readers(placed: Placed) -> frozenset[str]:
    """Who may know of a case: by role alone, or because their unit has a part in it."""
    whole = EVERY_CASE | WHOLE_KINDS.get(placed.kind, frozenset())
    return whole | workers_of(placed.units) | told(placed)


def told(placed: Placed) -> frozenset[str]:
    """To whom a case was sent for reading: a unit's workers, or who holds a post there."""
    units = {unit for unit, post in placed.told if post is None}
    return workers_of(units) | {name for name, place in WHO.items() if place in placed.told}


def workers_of(units: frozenset[str] | set[str]) -> frozenset[str]:
    """Those of the cast who work on cases for one of these units."""
    return frozenset(name for name in CASE_WORKERS if WHO[name][0] in units)


def actor(county: County, name: str) -> Actor:
    """Somebody of the cast as the application knows them."""
    unit, role = WHO[name]
    return county.actor(role, unit)


def doers_of_task(town: Town, unit_id: int, post: str) -> frozenset[str]:
    """Who of the cast holds the post in the unit a task was given to."""
    code = next(code for code, key in town.county.units.items() if key == unit_id)
    return frozenset(name for name, place in WHO.items() if place == (code, post))

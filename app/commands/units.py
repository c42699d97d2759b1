"""The units of the county: added, renamed, moved in their tree, retired, taken into use again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from app import forms
from app.actor import Actor
from app.commands import faster, keeping
from app.commands.command import command
from app.db import session
from app.effects import accounts
from app.errors import Invalid
from app.i18n import Text, _
from app.model import OPEN, Assignment, Case, CaseUnit, RoleHolding, Unit
from app.rules import access
from app.rules.rosters import UNIT_CODE

KINDS: Final = (
    "party", "government", "court", "court_dept", "office", "dept", "mass_org", "association",
    "external", "observer",
)  # fmt: skip
Answers = Mapping[str, Any]
NONE: Final[Answers] = {}
CHANGES: Final = ("unit.renamed", "unit.moved", "unit.retired", "unit.reopened")


@command
def add_unit(
    code: str, name: str, kind: str, *, actor: Actor, parent: str | None = None, name_en: str = ""
) -> dict[str, Any]:
    """Add a unit under a parent named by code: `{"unit": id}`."""
    access.require(access.may_keep_accounts(actor), keeping.ONLY_KEEPER)
    kinds = _("Choose one of %(kinds)s.", kinds=", ".join(KINDS))
    accounts.refuse(
        {
            "code": _wrong_code(code),
            "kind": None if kind in KINDS else kinds,
            "name": accounts.nameless(name),
        }
    )

    unit = Unit(
        code=code,
        name=name.strip(),
        name_en=name_en.strip() or None,
        kind=kind,
        parent_id=accounts.unit_with(parent).id if parent else None,
    )
    session().add(unit)
    session().flush()

    accounts.record("unit.added", actor, {"unit": unit.id, "after": accounts.unit_said(unit)})
    return {"unit": unit.id}


@command
def rename_unit(unit_id: int, answers: Answers, *, actor: Actor, seen: int | None = None) -> None:
    """Give a unit another name; papers already issued keep the name they were issued under."""
    unit = _to_change(unit_id, actor, seen)
    said = forms.checked(forms.load("unit_rename"), answers, context=forms.Context())

    before = accounts.unit_said(unit)
    unit.name, unit.name_en = said["name"], said["name_en"]

    _record("unit.renamed", unit, before, actor)


@command
def move_unit(unit_id: int, answers: Answers, *, actor: Actor, seen: int | None = None) -> None:
    """Put a unit under another one, named by code, or at the top of the tree.

    The whole tree is locked, so that two who move units at once make no circle of it.
    """
    session().execute(select(Unit.id).order_by(Unit.id).with_for_update())
    unit = _to_change(unit_id, actor, seen)
    said = forms.checked(forms.load("unit_move"), answers, context=forms.Context())
    above = accounts.unit_with(said["parent"]) if said["parent"] else None
    if above is not None and unit.id in _line_of(above):
        text = _("A unit cannot stand under itself or a unit below it.")
        raise Invalid(text, fields={"parent": text})

    before = accounts.unit_said(unit)
    unit.parent_id = above.id if above else None

    _record("unit.moved", unit, before, actor)


@command
def retire_unit(
    unit_id: int, answers: Answers = NONE, *, actor: Actor, seen: int | None = None
) -> None:
    """Take a unit out of use; refused while anything of it is open or stands below it."""
    unit = _to_change(unit_id, actor, seen)
    _require_nothing_open(unit)
    reason = keeping.reason("unit_close", answers)

    before = accounts.unit_said(unit)
    unit.active = False

    _record("unit.retired", unit, before, actor, reason)


@command
def reopen_unit(
    unit_id: int, answers: Answers = NONE, *, actor: Actor, seen: int | None = None
) -> None:
    """Take a unit into use again."""
    unit = _to_change(unit_id, actor, seen)
    reason = keeping.reason("unit_open", answers)

    before = accounts.unit_said(unit)
    unit.active = True

    _record("unit.reopened", unit, before, actor, reason)


def _to_change(unit_id: int, actor: Actor, seen: int | None) -> Unit:
    """The unit, locked, as the person saw it."""
    unit = accounts.locked(Unit, unit_id)
    access.require(access.may_keep_accounts(actor), keeping.ONLY_KEEPER)
    changed = dict.fromkeys(CHANGES, faster.about(unit=unit.id))
    faster.require_unchanged(accounts.STREAM, seen, changed)
    return unit


def _require_nothing_open(unit: Unit) -> None:
    open_ = Assignment.state.in_(OPEN)
    running = Case.status.in_(("open", "suspended"))
    of_unit = select(CaseUnit.case_id).where(CaseUnit.unit_id == unit.id, CaseUnit.role != "cc")
    tasks = _count(Assignment, (Assignment.unit_id == unit.id) & open_)
    cases = _count(Case, Case.id.in_(of_unit) & running)
    posts = _count(RoleHolding, RoleHolding.unit_id == unit.id)
    below = _count(Unit, (Unit.parent_id == unit.id) & Unit.active)
    if tasks or cases or posts or below:
        raise Invalid(
            _(
                "%(unit)s still has %(tasks)s open tasks, a part in %(cases)s running cases, "
                "%(posts)s posts that are held and %(below)s units below it. "
                "Hand them over first.",
                unit=unit.name,
                tasks=tasks,
                cases=cases,
                posts=posts,
                below=below,
            )
        )


def _line_of(unit: Unit) -> set[int]:
    """A unit and all those above it."""
    found: set[int] = set()
    above: Unit | None = unit
    while above is not None and above.id not in found:
        found.add(above.id)
        above = session().get(Unit, above.parent_id) if above.parent_id else None
    return found


def _wrong_code(code: str) -> Text | None:
    if not UNIT_CODE.fullmatch(code):
        return _("Use 2 to 20 capital letters, digits and -.")
    taken = _count(Unit, Unit.code == code)
    return _("There is a unit with this code already.") if taken else None


def _count(kind: type[Any], which: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count()).select_from(kind).where(which)) or 0


def _record(
    kind: str, unit: Unit, before: dict[str, Any], actor: Actor, reason: str | None = None
) -> None:
    data = {"unit": unit.id, "before": before, "after": accounts.unit_said(unit), "reason": reason}
    accounts.record(kind, actor, data)

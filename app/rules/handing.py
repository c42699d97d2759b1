"""Handing a task on inside one unit: who may take it, and who may hand it (domain rows 1, 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.actor import Actor, Holding
from app.i18n import Text, _
from app.rules import access
from app.rules.standing import May

HANDLING: Final = ("unit_handler", "co_handler", "unit_liaison")
LEADING: Final = ("unit_leader", "unit_head")
OFFICE: Final = ("supervision_clerk", "supervision_director")
NOT_OPEN: Final = _("This task is not open just now.")
FORBIDDEN: Final = _("The diagram does not allow this on this task.")


@dataclass(frozen=True)
class Helper:
    """Somebody asked to help with a task: how (`kind`), and whether they still have to act.

    `name` says who, where it is read to be shown.
    """

    assignment_id: int
    kind: str
    open: bool
    unit_id: int
    person_id: int | None
    name: str = ""


@dataclass(frozen=True)
class TaskStanding:
    """How a task stands, as far as it decides who may hand it on.

    `kind` is that of its case, `running` whether that is open; `helps` how its holder was asked
    (nothing: the diagram gave it to them), `helpers` who was asked for it; `post` is the post it
    is done under now, `given_post` the one the diagram gave it to; `handler_id` the person the
    lead unit named for the whole matter (TH-13a); `forbids` are the operations the diagram does
    not allow on it (`wv:forbids`), `barred` why four eyes keep who asks from it.
    """

    assignment_id: int
    kind: str
    unit_id: int
    role: str
    post: str
    given_post: str
    person_id: int | None
    handler_id: int | None
    state: str
    running: bool
    helps: str
    policy: str
    form: str
    effect: str
    forbids: frozenset[str]
    helpers: tuple[Helper, ...] = ()
    barred: Text | None = None

    @property
    def open(self) -> bool:
        """Whether it is somebody's turn to do it."""
        return self.running and self.state == "active"


def standing_of(
    assignment: Any, ticket: Any, case: Any, helpers: Iterable[Helper] = ()
) -> TaskStanding:
    """How a task stands, from its records or from rows with their columns."""
    return TaskStanding(
        assignment_id=assignment.id,
        kind=case.kind,
        unit_id=assignment.unit_id,
        role=assignment.role,
        post=assignment.post,
        given_post=assignment.given_post,
        person_id=assignment.person_id,
        handler_id=case.handler_id,
        state=assignment.state,
        running=case.status == "open",
        helps=assignment.kind,
        policy=ticket.policy,
        form=ticket.form,
        effect=ticket.effect,
        helpers=tuple(helpers),
        forbids=frozenset(ticket.forbids.split()),
    )


def takers(given_post: str) -> tuple[str, ...]:
    """The posts of the same unit that may do a task given to that post, the nearest first.

    What handlers do a leader may do as well; what a leader signs stays with leaders.
    """
    if given_post in HANDLING:
        others = [post for post in (*HANDLING, *LEADING) if post != given_post]
        return (given_post, *others)
    if given_post in LEADING:
        return (given_post, *(post for post in LEADING if post != given_post))
    if given_post == OFFICE[0]:
        return OFFICE
    return (given_post,)


def may_claim(actor: Actor, task: TaskStanding) -> May:
    """Whoever may complete it, while it is nobody's by name."""
    if task.person_id is not None or not _completes(actor, task):
        return False
    return task.barred or _now(task, "claim")


def may_release(actor: Actor, task: TaskStanding) -> May:
    """Whose it is by name, in person; never the handler named for the matter."""
    named = task.person_id is not None and task.helps != "delegated"
    if not named or not _completes(actor.in_own_name, task):
        return False
    if task.role == "lead" and task.person_id == task.handler_id:
        return _("You were named as the handler of this matter; hand it on instead.")
    return _now(task, "release")


def may_transfer(actor: Actor, task: TaskStanding) -> May:
    """Whoever may complete it, and the leaders of the unit it is with; never as a deputy."""
    own = actor.in_own_name
    leads = own.holding(task.unit_id, LEADING) is not None and task.given_post in HANDLING
    if not (leads or _completes(own, task)):
        return False
    return _now(task, "transfer")


def _now(task: TaskStanding, operation: str) -> May:
    """Whether this may be done on an open task of that diagram."""
    if not task.open:
        return NOT_OPEN
    return FORBIDDEN if operation in task.forbids else True


def _completes(actor: Actor, task: TaskStanding) -> bool:
    return completing(actor, task) is not None


def completing(actor: Actor, task: TaskStanding) -> Holding | None:
    """The holding under which somebody may do it."""
    return access.completes(
        actor,
        unit_id=task.unit_id,
        post=task.post,
        person_id=task.person_id,
        kind=task.kind,
    )

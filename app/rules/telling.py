"""Which act tells whom of what: one table from kinds of journal rows to kinds of news.

Nobody calls anything to have people told. An act records its row, whose data names what it is
about (`assignment` or `assignments`, `units`, `persons`, `of_unit`, `cc` …); a line here says who
hears of it. Who did the act is not told of it, nor is anybody who may not see the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.i18n import Text, _

NOW, DAILY, NEVER = "now", "daily", "never"
WISHES: Final = (NOW, DAILY, NEVER)


@dataclass(frozen=True)
class Kind:
    """A kind of news. `must`: nobody can switch it off in the application.

    `mail` is what happens unless the person chose otherwise; `nags`: of one case it is told once a
    working day at most, however often it happens.
    """

    label: Text
    must: bool = False
    mail: str = DAILY
    nags: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "task": Kind(_("New task"), must=True),
    "handed": Kind(_("Task handed to you"), must=True),
    "returned": Kind(_("Sent back"), must=True),
    "urged": Kind(_("Urged"), must=True, mail=NOW, nags=True),
    "due_soon": Kind(_("Due soon"), nags=True),
    "overdue": Kind(_("Overdue"), must=True, mail=NOW, nags=True),
    "escalation": Kind(_("Escalation"), must=True, mail=NOW, nags=True),
    "decision": Kind(_("Decision on an application"), must=True),
    "instruction": Kind(_("Leader’s instruction"), must=True, mail=NOW),
    "mention": Kind(_("Mentioned in a comment")),
    "copy": Kind(_("Copies and papers to read")),
    "case": Kind(_("What became of a case")),
}

OPENED: Final = "opened"  # who has the tasks that this act opened
HOLDERS: Final = "holders"  # who has the tasks the row names
LEADERS: Final = "leaders"  # the leader of the unit the row is about
UNITS: Final = "units"  # who receives for the units the row names
COPIED: Final = "copied"  # who receives for the units that got a copy
PERSONS: Final = "persons"  # the persons the row names
LEAD: Final = "lead"  # the handler of the lead unit, else who receives for it
CO: Final = "co"  # who receives for the co-handling units
OPENER: Final = "opener"  # who opened the case
FOLLOWERS: Final = "followers"  # who marked the case to find it again


@dataclass(frozen=True)
class Telling:
    """News of that kind, to these parties."""

    kind: str
    to: tuple[str, ...]


EVERYBODY: Final = (LEAD, CO, OPENER, FOLLOWERS)
NEW_TASKS: Final = Telling("task", (OPENED,))
ENDED: Final = Telling("case", (OPENER, FOLLOWERS))
BY_TIMER: Final[Mapping[str, tuple[Telling, ...]]] = {
    "remind": (Telling("due_soon", (HOLDERS,)),),
    "due": (Telling("overdue", (HOLDERS, LEADERS)),),
    "bulletin": (Telling("escalation", (LEADERS,)),),
    "escalate": (Telling("escalation", (LEADERS,)),),
}
TABLE: Final[Mapping[str, tuple[Telling, ...]]] = {
    "task.transferred": (Telling("handed", (HOLDERS,)),),
    "task.delegated": (Telling("handed", (PERSONS,)),),
    "task.recalled": (Telling("case", (PERSONS,)),),
    "task.filled_in": (Telling("handed", (PERSONS,)),),
    "task.opinion_given": (Telling("handed", (PERSONS,)),),
    "signers.added": (Telling("task", (PERSONS, UNITS)),),
    "signers.removed": (Telling("case", (PERSONS, UNITS)),),
    "task.handed_over": (Telling("handed", (HOLDERS,)),),
    "task.returned": (Telling("returned", (OPENED,)),),
    "assignment.urged": (Telling("urged", (HOLDERS,)),),
    "clock.refused": (Telling("decision", (LEAD,)),),
    "extension.granted": (Telling("decision", (LEAD,)),),
    "extension.refused": (Telling("decision", (LEAD,)),),
    "item.reassigned": (Telling("case", (UNITS, FOLLOWERS)),),
    "co.disagreed": (Telling("case", (UNITS, LEAD)),),
    "item.upheld": (Telling("decision", (LEAD,)),),
    "comment.added": (Telling("mention", (PERSONS,)),),
    "copies.sent": (Telling("copy", (UNITS, PERSONS)),),
    "circulation.started": (Telling("copy", (UNITS, PERSONS)),),
    "circulation.handed_over": (Telling("copy", (PERSONS,)),),
    "co.coordinated": (Telling("case", (UNITS,)),),
    "instruction.given": (Telling("instruction", (UNITS, PERSONS)),),
    "document.issued": (Telling("copy", (COPIED,)),),
    "case.suspended": (Telling("case", EVERYBODY),),
    "case.resumed": (Telling("case", EVERYBODY),),
    "case.revoked": (Telling("case", (LEAD, CO, FOLLOWERS)),),
    "case.void": (Telling("case", EVERYBODY),),
    "case.terminated": (Telling("case", EVERYBODY),),
    "case.reopened": (Telling("case", EVERYBODY),),
    "case.moved": (Telling("case", EVERYBODY),),
}
"""Any row may open tasks and end the case besides; `tellings` adds that."""


def tellings(event: str, data: Mapping[str, Any]) -> tuple[Telling, ...]:
    """Who is told of a journal row of that kind; nobody of a step of the ladder passed over."""
    if event == "timer.fired":
        found = BY_TIMER.get("" if data.get("superseded") else data["kind"], ())
    else:
        found = TABLE.get(event, ())
    if data.get("finished"):
        found = (*found, ENDED)
    if any(OPENED in each.to for each in found):
        return found
    return (*found, NEW_TASKS)


@dataclass(frozen=True)
class Choices:
    """What a person chose: kinds they do not want to be told of, mail by kind, when the daily one.

    Kept as plain data in `Person.telling`; what is missing there is as it comes.
    """

    off: frozenset[str] = frozenset()
    mail: Mapping[str, str] | None = None
    daily_at: str = "08:30"

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Choices:
        """From what is kept."""
        said = kept or {}
        at = said.get("daily_at", cls.daily_at)
        return cls(frozenset(said.get("off", ())), said.get("mail", {}), at)

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return {"off": sorted(self.off), "mail": dict(self.mail or {}), "daily_at": self.daily_at}

    def wants(self, kind: str) -> bool:
        """Whether they are told of it at all."""
        return KINDS[kind].must or kind not in self.off

    def by_mail(self, kind: str) -> str:
        """Whether by mail too: now, daily or never."""
        wish = (self.mail or {}).get(kind)
        return wish if wish in WISHES else KINDS[kind].mail

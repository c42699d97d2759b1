"""Read back what the database says, through the same queries the pages show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from app import clock
from app.actor import Actor
from app.demo.county import login_of
from app.errors import NotFound
from app.queries import (
    cases,
    demonstration,
    evaluation,
    history,
    inbox,
    ledger,
    meetings,
    papers,
    rounds,
)
from app.queries.case_facts import Paper
from app.queries.case_tasks import TaskLine
from app.queries.cases import CasePage, Relative
from app.queries.evaluation import DeductionLine, OutcomeLine
from app.queries.inbox import InboxRow
from app.queries.ledger import LedgerRow
from app.queries.meetings import MeetingLine
from app.queries.papers import PaperPage
from app.queries.people import actor_by_login
from app.queries.round_findings import IndicatorLine

EVERYTHING = 10_000
AUDITOR = login_of("ZFW", "business_auditor")


class Seeing:
    """What the business auditor sees, who sees every case and changes none."""

    @cached_property
    def viewer(self) -> Actor:
        """The auditor."""
        return actor_by_login(AUDITOR)

    def page(self, case_id: int) -> CasePage:
        """A case's page."""
        return cases.case_page(self.viewer, case_id)

    def nodes(self, case_id: int) -> list[str]:
        """The diagram elements that wait for somebody."""
        found = demonstration.open_work(self.viewer, [case_id])
        return sorted({each.node for each in found})

    def task(self, case_id: int, node: str, unit: str = "") -> TaskLine:
        """The latest task of an element, of one unit where its name is given."""
        found = [
            each
            for each in self.page(case_id).tasks
            if each.node == node and unit in ("", each.unit)
        ]
        return found[-1]

    def due(self, case_id: int, node: str, unit: str = "") -> str:
        """Until which day that task is to be done."""
        return str(self.task(case_id, node, unit).due.day)

    def matter_due(self, case_id: int) -> str:
        """Until which day the whole matter of a case is to be done."""
        found = demonstration.matter_due(self.viewer, case_id)
        return found.isoformat() if found else ""

    def light(self, case_id: int, node: str, unit: str = "") -> str:
        """The light of that task now."""
        return self.task(case_id, node, unit).due.light.code

    def waits_for(self, case_id: int) -> list[str]:
        """The units that have something to do in a case."""
        found = demonstration.open_work(self.viewer, [case_id])
        return sorted({each.unit for each in found})

    def did(self, case_id: int) -> list[str]:
        """The kinds of a case's journal rows, oldest first."""
        return [each.kind for each in history.history(self.viewer, case_id)]

    def last_words(self, case_id: int, kind: str) -> str:
        """What the journal says in the last row of a kind, before it is translated."""
        found = [each for each in history.history(self.viewer, case_id) if each.kind == kind]
        return found[-1].text.msgid if found else ""

    def fired(self, case_id: int, node: str) -> list[tuple[str, str]]:
        """Which timers of a task fired, in their order, and on which day."""
        found = demonstration.fired_timers(self.viewer, case_id, node)
        return [(each.kind, local_day(each.at)) for each in found]

    def papers(self, case_id: int, kind: str) -> list[Paper]:
        """The papers of one kind in a case, oldest first."""
        return [each for each in self.page(case_id).papers if each.kind == kind]

    def paper(self, case_id: int, kind: str) -> PaperPage:
        """The newest paper of a kind, as its page shows it."""
        return papers.paper(self.viewer, self.papers(case_id, kind)[-1].document_id)

    def sent(self, case_id: int, kind: str, role: str) -> list[str]:
        """To which units the newest paper of a kind went in that role."""
        return [each.unit for each in self.paper(case_id, kind).copies if each.role == role]

    def table(self, case_id: int, kind: str, field: str) -> list[Mapping[str, Any]]:
        """The rows of a table in the newest paper of a kind."""
        blocks = self.paper(case_id, kind).blocks
        return [row for block in blocks if block.section.field == field for row in block.rows]

    def meetings(self) -> tuple[MeetingLine, ...]:
        """Every meeting, newest first."""
        return meetings.meetings(self.viewer)

    def children(self, case_id: int, kind: str) -> list[Relative]:
        """The cases of a kind that came out of this one."""
        return [each for each in self.page(case_id).children if each.kind == kind]

    def inbox(self, actor: Actor) -> tuple[InboxRow, ...]:
        """What waits for somebody."""
        return inbox.inbox(actor, limit=EVERYTHING).rows

    def lights(self, actor: Actor) -> dict[str, int]:
        """How many tasks wait for somebody, per light that is on."""
        counts = inbox.inbox(actor).counts
        return {light: count for light, count in counts.items() if count}

    def levels(self, round_id: int) -> dict[str, str]:
        """The level every indicator of a round has now."""
        return {code: line.level or "" for code, line in self.indicators(round_id).items()}

    def indicators(self, round_id: int) -> dict[str, IndicatorLine]:
        """A round's indicators as its page shows them, by code."""
        found = rounds.round_page(self.viewer, round_id)
        return {line.code: line for block in found.aspects for line in block.lines}

    def ledger(self) -> tuple[LedgerRow, ...]:
        """The ledger of items."""
        return ledger.ledger(self.viewer)

    def item(self, case_id: int) -> LedgerRow:
        """One item's row in the ledger."""
        return next(each for each in self.ledger() if each.case_id == case_id)

    def record(self, unit: str) -> list[str]:
        """The kinds of entries in a unit's assessment record, oldest first."""
        held = actor_by_login(login_of(unit, "unit_leader")).holdings[0]
        return [each.kind for each in evaluation.assessment_record(self.viewer, held.unit_id)]

    def outcomes(self, case_id: int) -> tuple[OutcomeLine, ...]:
        """The before/after table of an evaluation."""
        return evaluation.outcomes(self.viewer, case_id)

    def deductions(self, case_id: int) -> tuple[DeductionLine, ...]:
        """The deductions of an evaluation."""
        return evaluation.deductions(self.viewer, case_id)

    def wrong_hashes(self, stream: str) -> list[int]:
        """The rows of a stream whose hash does not follow by the formula in the auditors' guide."""
        rows = demonstration.chain(self.viewer, stream)
        return [
            row.seq
            for row in rows
            if row.hash != _hash(row.format, row.stream, row.seq, row.previous, row.body)
        ]

    def may_see(self, actor: Actor, case_id: int) -> bool:
        """Whether somebody gets the page of a case or is told that there is none."""
        try:
            cases.case_page(actor, case_id)
        except NotFound:
            return False
        return True


def _hash(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def local_day(moment: datetime | None) -> str:
    """The county's day of a moment."""
    return clock.local_day(moment).isoformat() if moment else ""

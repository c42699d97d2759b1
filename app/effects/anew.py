"""Let a case stand at another task than its diagram would: reopened (重启), or moved (跳转)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from app import advance, clock, engine, journal
from app.actor import Actor
from app.advance import Loaded, lineage
from app.advance.settling import save_state, settle, state_hash
from app.advance.timing import SENT_BACK, WHOLE_MATTER, send_back_until
from app.effects import dates
from app.model import Case
from app.rules.handing import takers

AS_IT_STOOD: Final = "as_it_stood"


def entries(case: Case) -> tuple[engine.Entry, ...]:
    """The tasks at which it could stand alone, in the order of its diagram."""
    return engine.entries(advance.compiled(case.bundle))


def begun_at(loaded: Loaded, node: str) -> engine.Outcome:
    """The case at one task, with the facts it has gathered; whatever else was open is closed."""
    facts = engine.facts_ahead(loaded.compiled, loaded.state)
    outcome = engine.begin_at(loaded.compiled, node, facts, now=clock.now())
    return replace(outcome, closed=tuple(each.engine_task for each in loaded.waiting))


def begun_again(loaded: Loaded, node: str) -> engine.Outcome:
    """A case that has ended, at one task or as it stood when it was terminated."""
    before = loaded.state
    if loaded.case.status == "terminated":
        before = lineage.state_before_the_last(loaded.case)
    if node == AS_IT_STOOD:
        return engine.again(loaded.compiled, before)
    facts = engine.facts_ahead(loaded.compiled, before)
    facts = facts or engine.facts_of(loaded.compiled, before)
    return engine.begin_at(loaded.compiled, node, facts, now=clock.now())


def begin(
    loaded: Loaded, outcome: engine.Outcome, kind: str, told: Mapping[str, Any], actor: Actor
) -> None:
    """Hand out what is open now, and write down how the case came to stand there."""
    loaded.case.anew_at = clock.now()
    opened = settle(loaded, outcome, from_unit=actor.unit_id)
    seq = journal.record(
        kind,
        stream=loaded.stream,
        case_id=loaded.case.id,
        actor=actor,
        data={**told, "opened": opened, "state": state_hash(outcome.state)},
    )
    save_state(loaded, outcome.state, seq)


def set_day(loaded: Loaded, day: date) -> None:
    """The matter is due on that day, and so is what would be counted from issue or receipt."""
    case = loaded.case
    case.facts = {name: value for name, value in case.facts.items() if name != SENT_BACK}
    dates.decide_matter(loaded, day, at=clock.now())
    for name, deadline in loaded.profile.deadlines.items():
        if deadline.rule.from_ != "opened" and name != WHOLE_MATTER:
            send_back_until(case, name, day)


def keep_handler(loaded: Loaded) -> None:
    """Who was named for the matter stays so only while they do the lead unit's work."""
    unit_id, person_id = loaded.lead_unit_id or 0, loaded.case.handler_id or 0
    roles = advance.organisation().roles_of(person_id, unit_id, clock.now())
    if roles.isdisjoint(takers("unit_handler")):
        loaded.case.handler_id = None

"""One sequence: people at their desks do whatever they are offered, on cases of any shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from flask import Flask

from app.actor import Actor
from app.commands.completion import complete_task
from app.commands.operations import ON_CASES, ON_TASKS, Offer
from app.errors import NotAllowed, NotFound
from app.queries.standing import standing
from app.queries.tasks import task_page
from tests import stories
from tests.faults.desks.asides import Asides
from tests.faults.desks.sitting import OTHERS, UNITS, Everybody
from tests.faults.machine.people import must
from tests.people import County

TRIES: Final = 8
COMPLETE: Final = "complete"
ITEM_TASKS: Final = (
    "sign_for", "handle_refusal", "co_sign_for", "co_opinion", "complete_item",
    "review_completion", "strike_off",
)  # fmt: skip
WAYS: Final = (
    "by any", "by all", "by sequential", "by vote", "abstained",
    "as delegated", "as before", "as after", "as added",
    "sent back stepwise", "sent back straight",
    "item sign_for: sign", "item sign_for: refuse", "item co_opinion", "item complete_item",
    "item review_completion", "item strike_off",
    "extension_request decide", "clock_request decide",
)  # fmt: skip
"""Ways to complete a task or to send a case back that people know as operations of their own."""
ON_TASK: Final = [each.name for each in ON_TASKS.rows]
FAVOURITES: Final = [*(each.name for each in ON_CASES.rows), *ON_TASK]
OPEN: Final = ("active", "asking", "done")
GOES_WITH: Final[Mapping[str, str]] = {
    "reassign": "sign_part", "suspend": "resume", "terminate": "reopen", "delegate": "recall",
    "add_before": "remove_signers", "add_after": "remove_signers", "add_beside": "remove_signers",
    "claim": "release", "sign_part": "reassign", "resume": "suspend", "recall": "delegate",
    "remove_signers": "add_before", "release": "claim",
}  # fmt: skip
"""What somebody who likes one of these does as well: one of them makes room for the other."""
SEEN_IN: Final[Mapping[str, str]] = {
    "coordinate": "disagreed", "waive": "dispatched", "reopen": "struck_off",
    "escalate": "in_hand", "reassign": "dispatched", "sign_part": "in_hand",
    "suspend": "in_hand", "resume": "in_hand", "urge": "dispatched", "extension": "in_hand",
}  # fmt: skip
"""Where the item of the sequence stands when one of these is liked best."""
WAITS_FOR: Final[Mapping[str, str]] = {
    "extension": "extension_request",
    "ask_clock": "clock_request",
}
"""What has to be answered before somebody can ask again."""
SELDOM: Final = (
    "escalate", "escalate", "reopen", "waive", "waive", "coordinate", "coordinate", "sign_part",
    "sign_part", "sign_part", "reassign", "suspend", "urge", "withdraw", "extension", "revoke",
    "add_after", "escalate", "extension", "extension", "suspend",
)  # fmt: skip
"""What is seldom to be done is liked more often."""


class Desk(Asides):
    """A play over cases made up at random and one item; some operations are liked better.

    Which ones, and everything else, comes from the dice alone: a sequence can be played again.
    """

    def __init__(
        self,
        app: Flask,
        county: County,
        heard: Counter[str],
        kinds: Sequence[str],
        dice: int,
        items: Mapping[str, int],
        everybody: Everybody,
        likes: Sequence[str] = (),
    ) -> None:
        super().__init__(app, county, heard, dice, everybody)
        self.kinds = kinds
        self.tried = Counter[str]()
        self.likes = list(likes) or self.chance.sample([*FAVOURITES, *SELDOM, *SELDOM], 3)
        self.likes += [GOES_WITH[each] for each in self.likes if each in GOES_WITH]
        scenes = [SEEN_IN[each] for each in self.likes if each in SEEN_IN]
        self.item = items[self.chance.choice(scenes or list(items))]
        for _n in range(2):
            self._opened()
        if "escalate" in self.likes or self.chance.random() < 0.35:  # late from the beginning
            self.pass_time(timedelta(days=self.chance.randint(43, 58)))
            self.fire()
        self.watch.look()

    def acted(self, turn: int) -> bool:
        """Whether one operation is done, or all that were tried were refused; then all is right."""
        done = any(self._tried() for _try in range(TRIES))
        if self.chance.random() < 0.1:
            days = 40 if self.chance.random() < 0.15 else 3
            self.pass_time(timedelta(hours=self.chance.randint(1, 24 * days)))
            if self.chance.random() < 0.8:  # else the worker is late
                self.fire()
        if not self.open_rows():
            self._opened()
        self.looked(turn)
        return done

    def _opened(self) -> int:
        clerk = self.person("PAB", "supervision_clerk")
        kind = self.chance.choice(self.kinds)
        return stories.start_case(self.county, kind, by=clerk, units=UNITS)

    def _tried(self) -> bool:
        if self.tried["move"] and self.chance.random() < 0.3 and self.decided():
            return True
        dice = self.chance.random()
        if dice < 0.3:
            return self._completed()
        if dice < 0.4:
            return self.turned_aside()
        if dice < 0.65:
            return self._liked(self.chance.choice(self.likes))
        return self._operated_on_task() if dice < 0.83 else self._operated_on_case()

    def _completed(self) -> bool:
        row = self._task("active", shipped=self.chance.random() < 0.4)
        if row is None:
            return False
        who = self.whose(row)
        page = task_page(who, row.id)
        answers = self.filled(page.form, row.unit_id, who)
        act = self.keyed(complete_task, row.id, answers, actor=who, version=page.version)
        done = self.done(COMPLETE, act)
        if done:
            self.heard.update(_ways(row, answers))
        return done

    def _liked(self, name: str) -> bool:
        """An operation by its name, wherever it can be done."""
        places = self._tasks_for(name) if name in ON_TASK else self._cases_for(name)
        return next(places, False)

    def _tasks_for(self, name: str) -> Iterator[bool]:
        rows = self.open_rows(*OPEN)
        for row in self.chance.sample(rows, min(3, len(rows))):
            who = self.whose(row)
            page = self.seen(lambda row=row, who=who: task_page(who, row.id))
            offers = ON_TASKS.offers(who, page.task_standing) if page else []
            for offer in _now(offers, name):
                yield self._on_task(offer, row, who, page.version)

    def _cases_for(self, name: str) -> Iterator[bool]:
        """Whoever may do it is asked of the rules first: that costs nothing."""
        rows, cases = self.open_rows(), self.cases()
        may, people = ON_CASES.named(name).may, [self.person(*each) for each in OTHERS]
        for case_id in self.chance.sample(cases, min(2, len(cases))):
            theirs = [self.whose(row) for row in rows if row.case_id == case_id]
            stands = self.seen(lambda case_id=case_id: standing(people[0], case_id))
            able = [who for who in people if stands and may(who, stands) is True]
            if name in ("withdraw", "send_back"):  # these look at who asks
                able = theirs or [self.somebody()]
            if able:
                yield self._on_case(name, case_id, self.chance.choice(able))

    def _operated_on_task(self) -> bool:
        row = self._task(*OPEN)
        if row is None:
            return False
        who = self.whose(row) if self.chance.random() < 0.8 else self.somebody()
        page = self.seen(lambda: task_page(who, row.id))
        offer = self._rarest(ON_TASKS.offers(who, page.task_standing)) if page else None
        return bool(offer) and self._on_task(offer, row, who, page.version)

    def _on_task(self, offer: Offer, row: Any, who: Actor, version: int) -> bool:
        answers = self.filled(offer.form, row.unit_id, who)
        act = ON_TASKS.named(offer.name).act
        return self._offered(offer, self.keyed(act, row.id, answers, actor=who, version=version))

    def _operated_on_case(self) -> bool:
        row, who = self._task("active"), self.somebody()
        if row and self.chance.random() < 0.4:
            who = self.whose(row)
        case_id = row.case_id if row else self.chance.choice(self.cases())
        return self._on_case("", case_id, who)

    def _on_case(self, name: str, case_id: int, who: Actor) -> bool:
        """One operation of a case, the one of that name if there is one."""
        case = self.seen(lambda: standing(who, case_id))
        offers = ON_CASES.offers(who, case) if case else []
        offer = next(_now(offers, name), None) if name else self._rarest(offers)
        if offer is None:
            return False
        answers = self.filled(offer.form, who.unit_id, who, **self._about(offer.name, case_id))
        act = ON_CASES.named(offer.name).act
        seen = self.place(case_id)
        done = self._offered(offer, self.keyed(act, case_id, answers, actor=who, seen=seen))
        if done and offer.name == "send_back":
            self.heard[f"sent back {answers['follow']}"] += 1
        return done

    def _offered(self, offer: Offer, act: Callable[..., Any]) -> bool:
        """Do what is offered now: it may be refused for what is answered, not for who asks."""
        self.tried[offer.name] += 1
        done = self.done(offer.name, act)
        for why in (NotAllowed.code, NotFound.code):
            must(not self.heard[f"{offer.name} {why}"], f"{offer.name} is offered, and {why}")
        return done

    def _about(self, name: str, case_id: int) -> dict[str, Any]:
        """What is answered about whoever has something to do in the case."""
        rows = [row for row in self.open_rows(*OPEN) if row.case_id == case_id]
        if name == "escalate":
            return {"unit": None}
        if name == "waive":
            owed = [r for r in rows if r.role == "co" and r.state != "done" and not r.kind]
            return {"unit": self.unit_code(self.chance.choice(owed).unit_id)} if owed else {}
        parts = [f"{row.role}:{row.unit_id}" for row in rows if row.role in ("lead", "co")]
        return {"part": self.chance.choice(parts)} if name == "reassign" and parts else {}

    def _rarest(self, offers: Sequence[Offer]) -> Offer | None:
        """One of those offered now, the more likely the less often it was tried."""
        now = [each for each in offers if each.why_not is None]
        weights = [1 / (1 + self.tried[each.name]) for each in now]
        return self.chance.choices(now, weights)[0] if now else None

    def _task(self, *states: str, shipped: bool = False) -> Any:
        """An open part, perhaps one of a shipped process."""
        found = self.open_rows(*states)
        if self.chance.random() < 0.9:  # else also where the clock stands still
            found = [row for row in found if row.status == "open"] or found
        if shipped:
            asked = [WAITS_FOR[each] for each in self.likes if each in WAITS_FOR]
            mine = [row for row in found if row.case_kind in asked]
            found = mine or [r for r in found if not r.case_kind.startswith("made_up")] or found
        return self.chance.choice(found) if found else None


def _now(offers: Sequence[Offer], name: str) -> Iterator[Offer]:
    return (each for each in offers if each.name == name and each.why_not is None)


def _ways(row: Any, answers: Mapping[str, Any]) -> Iterator[str]:
    """In what ways a task was completed: how it is decided, how it was asked, what was said."""
    yield f"as {row.kind}" if row.kind else f"by {row.policy}"
    if answers.get("decision") == "abstain":
        yield "abstained"
    if row.case_kind == "supervision_item" and row.node in ITEM_TASKS:
        yield f"item {row.node}"
        if row.node == "sign_for":
            yield f"item {row.node}: {answers['decision']}"
    if not row.case_kind.startswith(("made_up", "supervision")):
        yield f"{row.case_kind} {row.node}"

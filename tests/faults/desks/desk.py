"""One sequence: people at their desks do whatever they are offered, on cases of any shape."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.commands import circulations, copies
from app.commands.completion import complete_task
from app.commands.operations import ON_CASES, ON_TASKS, Offer
from app.db import session
from app.errors import Refusal
from app.model import Assignment, Case, Delivery, Person, RoleHolding, Sending
from app.queries.people import actor_by_id, actor_by_login
from app.queries.standing import standing
from app.queries.tasks import task_page
from app.rules.access import UNIT_STAFF
from tests import stories
from tests.faults.desks.filling import Filling
from tests.faults.machine.people import Play
from tests.people import County, login_of

UNITS: Final = {"lead": ["ZJJ"], "co": ["SJG", "CZJ"]}
OTHERS: Final = (
    ("PAB", "supervision_clerk"), ("PAB", "supervision_clerk"), ("PAB", "supervision_director"),
    ("ZFW", "convener"), ("ZJJ", "unit_handler"), ("ZJJ", "unit_leader"), ("SJG", "unit_handler"),
    ("WLX", "unit_handler"),
)  # fmt: skip
ELSEWHERE: Final = ("RSJ", "JGB", "FGW", "ZGH")
TRIES: Final = 6
COMPLETE: Final = "complete"
PREFERRED: Final[Mapping[str, Mapping[str, Any]]] = {
    "sign_for": {"decision": "sign"},
    "co_sign_for": {"decision": "sign"},
}
"""What is answered where anything else would mostly end a case that has only just begun."""


class Desk(Play):
    """A play over some cases made up at random and one item in hand."""

    def __init__(
        self, app: Flask, county: County, heard: Counter[str], kinds: Sequence[str], dice: int
    ) -> None:
        super().__init__(app, county, heard)
        self.chance = random.Random(dice)
        self.kinds = kinds
        self.cases = [self._opened() for _n in range(2)]
        self.items = list(
            session().scalars(
                select(Case.id).where(Case.kind == "supervision_item").order_by(Case.id)
            )
        )
        if self.chance.random() < 0.3:  # a matter that is late from the beginning
            self.pass_time(timedelta(days=self.chance.randint(40, 70)))
            self.fire()
        self.watch.look()

    def acted(self, turn: int) -> None:
        """One operation is done, or all that were tried were refused; then everything is right."""
        for _try in range(TRIES):
            if self._tried():
                break
        if self.chance.random() < 0.1:
            days = 40 if self.chance.random() < 0.15 else 3
            self.pass_time(timedelta(hours=self.chance.randint(1, 24 * days)))
            self.fire()
        if not self._open():
            self.cases.append(self._opened())
        self.looked(turn)

    def _opened(self) -> int:
        clerk = self.person("PAB", "supervision_clerk")
        kind = self.chance.choice(self.kinds)
        return stories.start_case(self.county, kind, by=clerk, units=UNITS)

    def _tried(self) -> bool:
        dice = self.chance.random()
        if dice < 0.1 and self._read():
            return True
        if dice < 0.35:
            return self._completed()
        return self._operated_on_task() if dice < 0.7 else self._operated_on_case()

    def _completed(self) -> bool:
        row = self._task()
        if row is None:
            return False
        who = self._whose(row)
        page = task_page(who, row.id)
        answers = self._filled(page.form, row.unit_id)
        act = self.keyed(complete_task, row.id, answers, actor=who, version=page.version)
        return self.done(COMPLETE, act)

    def _operated_on_task(self) -> bool:
        row = self._task()
        if row is None:
            return False
        who = self._whose(row) if self.chance.random() < 0.8 else self._somebody()
        page = self._seen(lambda: task_page(who, row.id))
        if page is None:
            return False
        offer = self._rarest(ON_TASKS.offers(who, page.task_standing))
        if offer is None:
            return False
        answers, act = self._filled(offer.form, row.unit_id), ON_TASKS.named(offer.name).act
        return self.done(
            offer.name, self.keyed(act, row.id, answers, actor=who, version=page.version)
        )

    def _operated_on_case(self) -> bool:
        row, who = self._task(), self._somebody()
        case_id = row.case_id if row else self.chance.choice(self.cases)
        if row and self.chance.random() < 0.4:
            who = self._whose(row)
        case = self._seen(lambda: standing(who, case_id))
        offer = self._rarest(ON_CASES.offers(who, case)) if case else None
        if offer is None:
            return False
        home = who.unit_id if who.has(*UNIT_STAFF) else None
        answers, act = self._filled(offer.form, home), ON_CASES.named(offer.name).act
        seen = self.place(case_id)
        return self.done(offer.name, self.keyed(act, case_id, answers, actor=who, seen=seen))

    def _read(self) -> bool:
        """Somebody reads what they were asked to, or the list is recalled."""
        wanted = select(Delivery.id, Delivery.sending_id, Sending.person_id, Person.login)
        asked = (
            session()
            .execute(
                wanted.join(Sending, Sending.id == Delivery.sending_id)
                .join(Person, Person.id == Delivery.person_id)
                .where(Delivery.unread(), Delivery.role == "reader")
                .order_by(Delivery.id)
            )
            .all()
        )
        if not asked:
            return False
        one = self.chance.choice(asked)
        if self.chance.random() < 0.2:
            sender = actor_by_id(one.person_id)
            return self.done("recall", self.keyed(copies.recall, one.sending_id, actor=sender))
        act, who = circulations.read, actor_by_login(one.login)
        return self.done("read", self.keyed(act, one.id, {}, actor=who))

    def _seen(self, look: Callable[[], Any]) -> Any:
        """What somebody sees there; nothing for a stranger."""
        try:
            return look()
        except Refusal:
            self.heard["not seen"] += 1
            return None

    def _rarest(self, offers: Sequence[Offer]) -> Offer | None:
        """One of those offered now, the more likely the less often it was done."""
        now = [each for each in offers if each.why_not is None]
        weights = [1 / (1 + self.heard[f"{each.name} done"]) for each in now]
        return self.chance.choices(now, weights)[0] if now else None

    def _filled(self, form: Any, unit_id: int | None) -> dict[str, Any]:
        units = [unit for role in UNITS.values() for unit in role]
        home = self.unit_code(unit_id) if unit_id else self.chance.choice(units)
        people = [login_of(home, role) for role in UNIT_STAFF]
        codes = {"unit": units, "units": units, "person": people, "people": people}
        preferred = {**PREFERRED.get(form.key, {})}
        if form.key in ("copy", "circulate_widely"):
            preferred["units"] = self.chance.sample(ELSEWHERE, 2)
        if form.key == "extension_apply":
            preferred["new_date"] = (clock.today() + timedelta(days=90)).isoformat()
        return Filling(self.chance, codes).answers(form, preferred)

    def _open(self) -> list[Any]:
        cases = [*self.cases, *self.items]
        wanted = select(
            Assignment.id, Assignment.case_id, Assignment.unit_id, Assignment.post,
            Assignment.person_id,
        ).where(Assignment.state == "active", Assignment.case_id.in_(cases))  # fmt: skip
        return list(session().execute(wanted.order_by(Assignment.id)))

    def _task(self) -> Any:
        found = self._open()
        return self.chance.choice(found) if found else None

    def _whose(self, row: Any) -> Actor:
        """Whoever may do a task: whose it is by name, else somebody of its post."""
        wanted = select(Person.login).join(RoleHolding, RoleHolding.person_id == Person.id)
        if row.person_id:
            wanted = wanted.where(Person.id == row.person_id)
        else:
            wanted = wanted.where(
                RoleHolding.unit_id == row.unit_id, RoleHolding.role == row.post, Person.active
            )
        login = session().scalars(wanted.order_by(Person.id)).first()
        return self.known.setdefault(login, actor_by_login(login)) if login else self._somebody()

    def _somebody(self) -> Actor:
        return self.person(*self.chance.choice(OTHERS))

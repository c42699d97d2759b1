"""What people do that no row of the tables of operations offers: read, remark, agree to a move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import select

from app import clock, forms
from app.commands import circulations, comments, copies, drafts, following, moving
from app.db import session
from app.model import Comment, Delivery, Draft, Follow, Incident, Person, Sending
from app.queries.people import actor_by_id
from app.rules import sharing
from tests.faults.desks.filling import WORDS
from tests.faults.desks.sitting import Sitting

AGREED, DECLINED, READ, RECALLED = "agree to move", "decline move", "mark read", "recall list"
COMMENT, UNSAID = "comment", "withdraw comment"
DRAFT, DROPPED, FOLLOW, UNFOLLOW = "save draft", "drop draft", "follow", "unfollow"
ASIDES: Final = (
    AGREED, DECLINED, READ, RECALLED, COMMENT, UNSAID, DRAFT, DROPPED, FOLLOW, UNFOLLOW,
)  # fmt: skip
OFFICE: Final = (("PAB", "supervision_clerk"), ("PAB", "supervision_director"))


class Asides(Sitting):
    """Somebody does one of these, where there is one to do."""

    def turned_aside(self) -> bool:
        """Whether one was done."""
        return self.chance.choice((self._read, self._read, self._remarked, self._noted))()

    def decided(self) -> bool:
        """The office decides that a case is put at another task, or that it is not."""
        asked = session().execute(
            select(Incident.id, Incident.version, Incident.proposed_by)
            .where(Incident.kind == moving.KIND, Incident.unsolved())
            .order_by(Incident.id)
        )
        rows = asked.all()
        if not rows:
            return False
        one = self.chance.choice(rows)
        both = [self.person(*each) for each in OFFICE]
        other = next(each for each in both if each.person_id != one.proposed_by)
        agrees = self.chance.random() < 0.6
        who = other if agrees else self.chance.choice(both)
        what, act = (AGREED, moving.move) if agrees else (DECLINED, moving.decline_move)
        return self.done(what, self.keyed(act, one.id, actor=who, version=one.version))

    def _read(self) -> bool:
        """Somebody reads what they were asked to, or the list is recalled."""
        asked = session().execute(
            select(Delivery.id, Delivery.sending_id, Sending.person_id, Person.login)
            .join(Sending, Sending.id == Delivery.sending_id)
            .join(Person, Person.id == Delivery.person_id)
            .where(Delivery.unread(), Delivery.role == "reader")
            .order_by(Delivery.id)
        )
        rows = asked.all()
        if not rows:
            return False
        one = self.chance.choice(rows)
        if self.chance.random() < 0.25:
            sender = actor_by_id(one.person_id)
            return self.done(RECALLED, self.keyed(copies.recall, one.sending_id, actor=sender))
        who = self.named(one.login)
        return self.done(READ, self.keyed(circulations.read, one.id, {}, actor=who))

    def _remarked(self) -> bool:
        """Somebody says something in the thread of a case, or takes it back."""
        wanted = select(Comment.id, Person.login).join(Person, Person.id == Comment.person_id)
        lately = Comment.at > clock.now() - sharing.WITHDRAWN_WITHIN
        there = wanted.where(Comment.withdrawn_at.is_(None), lately).order_by(Comment.id)
        rows = session().execute(there).all()
        if rows and self.chance.random() < 0.6:
            said, login = rows[-1]
            return self.done(UNSAID, self.keyed(comments.withdraw, said, actor=self.named(login)))
        row = self.chance.choice(self.open_rows() or [None])
        if row is None:
            return False
        who = self.whose(row) if self.chance.random() < 0.7 else self.somebody()
        answers = self.filled(forms.load("comment"), row.unit_id, who)
        return self.done(COMMENT, self.keyed(comments.comment, row.case_id, answers, actor=who))

    def _noted(self) -> bool:
        """Somebody keeps something for themselves; the journal says nothing of it."""
        if self.chance.random() < 0.5:
            return self._followed()
        if self.chance.random() < 0.8 and self._dropped():
            return True
        row = self.chance.choice(self.open_rows() or [None])
        if row is None:
            return False
        who = self.whose(row)
        there = session().get(Draft, (row.id, who.person_id))
        said = [("opinion", WORDS[: self.chance.randint(1, len(WORDS))])]
        seen = there.version if there else 0
        return self.kept(DRAFT, lambda: drafts.save_draft(row.id, said, actor=who, seen=seen))

    def _dropped(self) -> bool:
        kept = select(Draft.assignment_id, Person.login).join(Person, Person.id == Draft.person_id)
        rows = session().execute(kept.order_by(Draft.assignment_id, Draft.person_id)).all()
        if not rows:
            return False
        task, login = self.chance.choice(rows)
        return self.kept(DROPPED, lambda: drafts.drop_draft(task, actor=self.named(login)))

    def _followed(self) -> bool:
        """Somebody follows a case, or has enough of it."""
        wanted = select(Follow.case_id, Person.login).join(Person, Person.id == Follow.person_id)
        rows = session().execute(wanted.order_by(Follow.case_id, Follow.person_id)).all()
        if rows and self.chance.random() < 0.85:
            case_id, login = self.chance.choice(rows)
            who = self.named(login)
            return self.kept(UNFOLLOW, lambda: following.unfollow(case_id, actor=who))
        row = self.chance.choice(self.open_rows() or [None])
        if row is None:
            return False
        who = self.whose(row)
        return self.kept(FOLLOW, lambda: following.follow(row.case_id, actor=who))

    def kept(self, what: str, act: Callable[[], Any]) -> bool:
        """Do what is nobody else's business: the journal is as it was."""
        return self.done(what, act, told=False)

"""Deputyships as rows: which run when, what the deputy checks anyway, and their end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import product

from sqlalchemy import ColumnElement, delete, exists, func, or_, select

from app import clock
from app.actor import Actor
from app.db import session
from app.effects import accounts
from app.i18n import Text, _
from app.model import Assignment, Case, Deputyship, RoleHolding
from app.rules import role_words
from app.rules.deputies import ALWAYS, CHECKS, Post, Term


def running(since: datetime, until: datetime | None) -> list[Term]:
    """Every deputyship that runs at some moment of that time."""
    wanted = select(Deputyship).where(
        Deputyship.ended_at.is_(None),
        or_(Deputyship.valid_until.is_(None), Deputyship.valid_until > since),
    )
    if until is not None:
        wanted = wanted.where(Deputyship.valid_from < until)
    found = session().scalars(wanted.order_by(Deputyship.id)).all()
    posts: dict[int, set[Post]] = {each.id: set() for each in found}
    held = select(RoleHolding.deputyship_id, RoleHolding.unit_id, RoleHolding.role)
    for row in session().execute(held.where(RoleHolding.deputyship_id.in_(posts))):
        posts[row[0] or 0].add((row[1], row[2]))
    return [
        Term(a.person_id, a.deputy_id, frozenset(posts[a.id]), a.valid_from, a.valid_until)
        for a in found
    ]


def checks(posts: Iterable[Post], own: Iterable[Post], deputy: str) -> Iterator[Text]:
    """Where the deputy's own post checks, in a running case, what is done under one of these."""
    for prepared, checking in product(posts, own):
        pair = frozenset({prepared[1], checking[1]})
        if pair in ALWAYS or (pair in CHECKS and _meet(prepared, checking)):
            yield _(
                "%(deputy)s is %(own)s as well: one and the same person would do and check.",
                deputy=deputy,
                own=role_words.WORDS[checking[1]],
            )


def end(which: Collection[Deputyship], actor: Actor, reason: str | None = None) -> None:
    """End deputyships now: what the deputy held through them, and what they could do with it."""
    now = clock.now()
    ids = [each.id for each in which]
    session().execute(delete(RoleHolding).where(RoleHolding.deputyship_id.in_(ids)))
    for each in which:
        each.ended_at = now
        said = {"deputyship": each.id, "person": each.person_id, "deputy": each.deputy_id}
        people = {"persons": [each.person_id, each.deputy_id]}
        accounts.record("deputy.ended", actor, {**said, **people, "reason": reason})


def end_all(person_id: int, actor: Actor, *, deputed_too: bool) -> None:
    """End those that others hold for this person, and perhaps those this person holds."""
    theirs = Deputyship.person_id == person_id
    wanted = or_(theirs, Deputyship.deputy_id == person_id) if deputed_too else theirs
    end(session().scalars(select(Deputyship).where(wanted, _runs())).all(), actor)


def leave_post(person_id: int, post: Post, actor: Actor) -> None:
    """Somebody holds a post no longer, so nobody acts in it for them; other posts stay as named."""
    unit_id, role = post
    session().execute(
        delete(RoleHolding).where(
            RoleHolding.deputy_for_id == person_id,
            RoleHolding.unit_id == unit_id,
            RoleHolding.role == role,
        )
    )
    rest = exists().where(RoleHolding.deputyship_id == Deputyship.id)
    empty = select(Deputyship).where(Deputyship.person_id == person_id, _runs(), ~rest)
    end(session().scalars(empty).all(), actor)


def _runs() -> ColumnElement[bool]:
    now = clock.now()
    return Deputyship.ended_at.is_(None) & (
        Deputyship.valid_until.is_(None) | (Deputyship.valid_until > now)
    )


def _meet(one: Post, other: Post) -> int:
    """In how many running cases both posts have or had a task."""
    has = [
        exists().where(
            Assignment.case_id == Case.id,
            Assignment.unit_id == unit_id,
            Assignment.given_post == role,
        )
        for unit_id, role in (one, other)
    ]
    running_case = Case.status.in_(("open", "suspended"))
    return session().scalar(select(func.count()).select_from(Case).where(running_case, *has)) or 0

"""The decorator every command wears: one transaction, its journal rows, one commit."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any, Final, Generic, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock, journal
from app.actor import SYSTEM, Actor
from app.commands import stuck
from app.db import session, transaction
from app.engine import EngineError
from app.errors import NotAllowed, Refusal, Stale
from app.i18n import _
from app.model import Answered

_log = logging.getLogger("weathervane.commands")
NOT_SAID: Final = ("actor", "version", "seen")
P = ParamSpec("P")
R = TypeVar("R")


class Command(Generic[P, R]):
    """A function run in one transaction, together with the journal rows it recorded.

    Raises Stale when somebody else was faster (also when they took a name, code or place that
    there can be only once, in the moment after the command looked) and Busy when the database is
    away or locked.
    """

    def __init__(self, do: Callable[P, R]) -> None:
        """Wrap `do`, which takes a keyword-only `actor`."""
        update_wrapper(self, do)
        self.do = do
        self.name = do.__name__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it."""
        return self._logged(_act, self.do, *args, **kwargs)

    def once(self, key: str | None, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it under an idempotency key: a repeat by the same person gets the first answer.

        A repeat is tried like any other: whatever stops it, at the latest the key being there
        already, has it look for the first answer. So those who send once do not pay for it.
        The answer must be plain JSON. Without a key it is simply done. A key that came before with
        something else is refused: NotAllowed for another act or person, Stale for other words.
        """
        if key is None:
            return self(*args, **kwargs)
        return self._logged(_once, self.do, key, *args, **kwargs)

    def _logged(self, way: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        started = time.perf_counter()
        try:
            return way(*args, **kwargs)
        except IntegrityError as problem:
            if not stuck.clashed(problem):
                raise
            _log.warning("taken", extra={"command": self.name}, exc_info=problem)
            raise Stale(
                _("Somebody else did the same in this moment. Look again."),
                details={"by": "", "at": None},
            ) from problem
        except EngineError as problem:
            if kwargs.get("actor", SYSTEM) == SYSTEM:
                raise
            asked = args[1:] if way is _act else args[2:]
            raise stuck.troubled(self.name, asked, kwargs["actor"], problem) from problem
        finally:
            ms = round((time.perf_counter() - started) * 1000, 1)
            _log.info("command", extra={"command": self.name, "ms": ms})


command = Command


def _act(do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with transaction():
        journal.forget()
        try:
            answer = do(*args, **kwargs)
            journal.flush()
        finally:
            journal.forget()
    return answer


def _once(do: Callable[..., R], key: str, *args: Any, **kwargs: Any) -> R:
    actor = kwargs["actor"]
    assert isinstance(actor, Actor)  # noqa: S101 - narrows for the type checker
    about = _about(args, kwargs)

    def answered(*inner: Any, **named: Any) -> R:
        answer = do(*inner, **named)
        row = {"key": key, "person_id": actor.person_id, "command": do.__name__, "about": about}
        session().put_off(Answered, {**row, "answer": json.dumps(answer), "at": clock.now()})
        return answer

    try:
        return _act(answered, *args, **kwargs)
    except (IntegrityError, Refusal):  # perhaps because this form was taken before
        first = _first_answer(key, do.__name__, actor, about)
        if first is None:
            raise
        return first[0]  # type: ignore[no-any-return] # it is what `do` gave, through JSON


def _about(args: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    """What an act was asked with, as a digest; the version seen is no part of it."""
    said = [(name, each) for name, each in sorted(named.items()) if name not in NOT_SAID]
    plain = [hashlib.sha256(each).digest() if isinstance(each, bytes) else each for each in args]
    return hashlib.sha256(repr((plain, said)).encode()).hexdigest()


def _first_answer(key: str, name: str, actor: Actor, about: str) -> list[Any] | None:
    columns = (Answered.person_id, Answered.command, Answered.about, Answered.answer, Answered.at)
    found = session().execute(select(*columns).where(Answered.key == key)).one_or_none()
    if found is None:
        return None
    if found.person_id != actor.person_id or found.command != name:
        raise NotAllowed(_("This form was sent before by somebody else or for something else."))
    if found.about != about:
        raise Stale(
            _("You sent this form before, with other words. Those were taken, these are not."),
            details={"by": actor.name, "at": found.at, "what": "", "version": None},
        )
    return [json.loads(found.answer)]

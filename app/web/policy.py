"""Who may open a route: every view declares it, and the application refuses to start otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Flask, g

from app.actor import Actor
from app.errors import NotFound

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Policy:
    """What a route asks of the person at the door; what they may do inside is the commands' say.

    `unattended`: a page asks by itself, so that being asked is no sign that somebody is there.
    `files`: people send files along, so that what comes may be large.
    """

    signed_in: bool = True
    roles: frozenset[str] = frozenset()
    before_password_change: bool = False
    unattended: bool = False
    files: bool = False

    def admits(self, actor: Actor | None) -> bool:
        """Whether this person (nobody: None) may open the route at all."""
        if actor is None:
            return not self.signed_in
        return not self.roles or actor.has(*self.roles)


public: Final = Policy(signed_in=False, before_password_change=True)
signed_in: Final = Policy()
unattended: Final = Policy(unattended=True)
with_files: Final = Policy(files=True)
own_account: Final = Policy(before_password_change=True)


def roles(*names: str) -> Policy:
    """Open to people who hold one of these roles in any unit; the rest get a 404."""
    return Policy(roles=frozenset(names))


class NobodySignedIn(Exception):
    """A route for people was opened without a live session."""


class PasswordMustChange(Exception):
    """A person with a password given by somebody else has to choose an own one first."""


def require(policy: Policy) -> Callable[[View], View]:
    """Declare a view's policy; stands directly under the route decorator."""

    def declared(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined] # read back by policy_of alone
        return view

    return declared


def policy_of(view: Callable[..., Any] | None) -> Policy | None:
    """The policy a view declared, if any."""
    return getattr(view, "policy", None)


def enforce(view: Callable[..., Any]) -> None:
    """Let the person in, or raise: nobody → NobodySignedIn, the wrong person → NotFound."""
    policy = policy_of(view)
    actor = maybe_actor()
    if policy is None or not policy.admits(actor):
        raise NobodySignedIn if actor is None else NotFound
    if actor and actor.must_change_password and not policy.before_password_change:
        raise PasswordMustChange


def current_actor() -> Actor:
    """The person of this request; only for views that are not public."""
    actor = maybe_actor()
    if actor is None:
        raise NobodySignedIn
    return actor


def maybe_actor() -> Actor | None:
    """The person of this request, or None when nobody is signed in."""
    actor: Actor | None = g.get("actor")
    return actor


def require_policies(app: Flask) -> None:
    """Refuse to start while a route says nothing about who may open it."""
    silent = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if policy_of(app.view_functions[rule.endpoint]) is None
    )
    if silent:
        raise RuntimeError(f"Routes without @require (app/web/policy.py): {', '.join(silent)}")

"""Who fills the posts a mechanism profile names."""

from __future__ import annotations

from app.actor import Actor, Holding
from app.rules.profiles import Profile


def holds(actor: Actor, profile: Profile, *names: str) -> bool:
    """Whether somebody fills one of these posts, in the unit the profile gives it to."""
    return held(actor, profile, *names) is not None


def held(actor: Actor, profile: Profile, *names: str) -> Holding | None:
    """Under which holding they fill one of these posts, own ones before deputised ones."""
    posts = [profile.post(name) for name in names]
    found = (
        each
        for each in actor.holdings
        if not each.kinds
        for post in posts
        if each.unit_code == post.unit and each.role == post.role
    )
    return min(found, key=lambda each: each.deputy_for is not None, default=None)

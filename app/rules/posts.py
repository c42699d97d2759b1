"""Who fills the posts a mechanism profile names."""

from __future__ import annotations

from app.actor import Actor
from app.rules.profiles import Profile


def holds(actor: Actor, profile: Profile, *names: str) -> bool:
    """Whether somebody fills one of these posts, in the unit the profile gives it to."""
    posts = [profile.post(name) for name in names]
    return any(
        held.unit_code == post.unit and held.role == post.role
        for held in actor.holdings
        if not held.kinds
        for post in posts
    )

"""Mechanism profiles (机制配置): how a county works, as checked data."""

from app.rules.profiles.reading import available, load, parse, read
from app.rules.profiles.schema import POSTS, STAGES
from app.rules.profiles.shape import Post, Profile, Recipient

__all__ = ["POSTS", "STAGES", "Post", "Profile", "Recipient", "available", "load", "parse", "read"]

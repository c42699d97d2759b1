"""How passwords (Argon2id) and session ids are kept, and which passwords are easily guessed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.i18n import Text, _

SHORTEST: Final = 12
LONGEST: Final = 200
FEWEST_CHARACTERS: Final = 6
CONTEXT_WORD: Final = 3
_RUNS: Final = (
    "0123456789012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
_LOOKALIKES: Final = str.maketrans("0134578@$!", "oleastbasi")


class _Cost:
    """What one hash costs; 64 MiB and three passes unless a test made it cheap."""

    hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


def make_cheap_for_tests() -> None:
    """Spend almost nothing on a hash; create_app calls this when ENV is test, and only then."""
    _Cost.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    _unmatchable.cache_clear()


def hashed(password: str) -> str:
    """The hash to keep for a password."""
    return _Cost.hasher.hash(_normal(password))


def matches(kept: str, password: str) -> bool:
    """Whether this is the password; where nothing is kept it takes as long to say no."""
    try:
        _Cost.hasher.verify(kept or _unmatchable(), _normal(password))
        return bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than today's and should be made anew."""
    return _Cost.hasher.check_needs_rehash(kept)


def session_hash(session_id: str) -> str:
    """What the database keeps of a session's id: a stolen copy of it opens nothing."""
    return hashlib.sha256(session_id.encode()).hexdigest()


def weakness(password: str, *, about: Collection[str] = ()) -> Text | None:
    """Why a new password will not do; `about` are the person's login, name and units."""
    if len(password) < SHORTEST:
        return _("Use at least %(count)s characters.", count=SHORTEST)
    if len(password) > LONGEST:
        return _("Use at most %(count)s characters.", count=LONGEST)
    plain = _normal(password).lower()
    if len(set(plain)) < FEWEST_CHARACTERS or _is_a_run(plain):
        return _("Repeated characters and runs such as 123456 or qwerty are easy to guess.")
    if _only_common(plain, about):
        return _("This is made of common words, your name or your unit. Choose another.")
    return None


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _unmatchable() -> str:
    return _Cost.hasher.hash("no account has this password")


def _is_a_run(plain: str) -> bool:
    return any(plain in run * 2 or plain in run[::-1] * 2 for run in _RUNS)


def _only_common(plain: str, about: Iterable[str]) -> bool:
    """Whether nothing is left once common words and what is around them are taken out."""
    words = common_words() | {w.lower() for w in about if len(w) >= CONTEXT_WORD}
    return any(_left_over(text, words) < FEWEST_CHARACTERS for text in _readings(plain))


def _readings(plain: str) -> tuple[str, str]:
    return plain, plain.translate(_LOOKALIKES)


def _left_over(text: str, words: Collection[str]) -> int:
    found = [w for w in words if w in text]
    if not found:
        return len(text)
    pattern = "|".join(re.escape(w) for w in sorted(found, key=len, reverse=True))
    rest = re.sub(pattern, "", text)
    return len(re.sub(r"[\W\d_]", "", rest)) + len(set(re.findall(r"[\W\d_]", rest))) // 3


@cache
def common_words() -> frozenset[str]:
    """What people make guessable passwords of, with or without figures and lookalikes."""
    lines = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").split()
    return frozenset(lines)

"""Which browser on which system somebody signs in with, as far as it says so itself."""

from __future__ import annotations

import re
from typing import Final

SEPARATOR: Final = "/"
BROWSERS: Final = (
    ("wechat", r"MicroMessenger/"),
    ("edge", r"Edg(e|A|iOS)?/"),
    ("360", r"QihooBrowser|360SE|360EE"),
    ("firefox", r"Firefox/|FxiOS/"),
    ("chrome", r"Chrome/|CriOS/"),
    ("safari", r"Safari/"),
)
SYSTEMS: Final = (
    ("harmony", r"HarmonyOS|OpenHarmony"),
    ("android", r"Android"),
    ("ios", r"iPhone|iPad"),
    ("windows", r"Windows"),
    ("mac", r"Macintosh"),
    ("linux", r"Linux|X11"),
)
"""The first that fits counts: most browsers also claim to be those further down."""


def device_of(agent: str) -> str:
    """`browser/system` as codes; either part is empty where nobody knows it."""
    return SEPARATOR.join(_first(agent, known) for known in (BROWSERS, SYSTEMS))


def parts(device: str) -> tuple[str, str]:
    """Browser and system of such a code."""
    browser, _slash, system = device.partition(SEPARATOR)
    return browser, system


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((code for code, pattern in known if re.search(pattern, agent)), "")

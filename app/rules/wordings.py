"""The words of mails: what they say by default, the places in them, and filling these.

A mail leaves the house, so there are places for a case's kind, number, step and date only: its
title and content stay behind the link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.i18n import Text, _

CHINESE: Final = "zh_Hans_CN"
LONGEST_SUBJECT, LONGEST_BODY = 120, 2000
PLACE: Final = re.compile(r"\{([^{}]*)\}")
BRACE: Final = re.compile(r"[{}]")
PLACES: Final[Mapping[str, str]] = {
    "kind": "类别",
    "number": "编号",
    "step": "环节",
    "due": "时限",
    "unit": "单位",
    "times": "次数",
    "link": "链接",
}
"""Each place by its English and its Chinese name; either may be written in either language."""
BY_NAME: Final = {**{name: name for name in PLACES}, **{zh: name for name, zh in PLACES.items()}}


@dataclass(frozen=True)
class Words:
    """What a mail about one kind of news says; of several in one mail only the subjects."""

    subject: str
    body: str


SUBJECTS: Final[Mapping[str, tuple[str, str]]] = {
    "task": ("新任务：{类别}{编号}（{环节}）", "New task: {kind} {number}, {step}"),
    "handed": ("转给您办理：{类别}{编号}（{环节}）", "Handed to you: {kind} {number}, {step}"),
    "returned": ("退回：{类别}{编号}（{环节}）", "Sent back: {kind} {number}, {step}"),
    "urged": ("催办：{类别}{编号}，请尽快办理。", "Urged: please deal with {kind} {number} soon."),
    "due_soon": (
        "{类别}{编号}应于{时限}前办结，请按期办理。",
        "{kind} {number} is due on {due}.",
    ),
    "overdue": (
        "{类别}{编号}已超期，请尽快办理。",
        "{kind} {number} is overdue; please deal with it as soon as you can.",
    ),
    "escalation": (
        "{类别}{编号}超期未办，已启动督办措施。",
        "{kind} {number} is overdue and has been escalated.",
    ),
    "decision": ("{类别}{编号}的申请已有决定", "Your application on {kind} {number} was decided"),
    "instruction": ("{类别}{编号}有领导批示", "A leader’s instruction on {kind} {number}"),
    "mention": ("{类别}{编号}的评论提到了您", "You were mentioned in a comment on {kind} {number}"),
    "copy": ("{类别}{编号}有文件送您阅", "There is something for you to read in {kind} {number}"),
    "case": ("{类别}{编号}有新情况", "News of {kind} {number}"),
}
"""Chinese and English; what is said of overdue work is the wording of ZJ-06."""
BODIES: Final = (
    "{line}\n\n环节：{环节}\n时限：{时限}\n\n请登录系统查看办理：{链接}\n",
    "{line}\n\nStep: {step}\nDue: {due}\n\nPlease sign in to see it: {link}\n",
)


def default(kind: str, locale: str) -> Words:
    """The words the system comes with."""
    chosen = 0 if locale == CHINESE else 1
    subject = SUBJECTS[kind][chosen]
    return Words(subject, BODIES[chosen].replace("{line}", subject))


def problem(text: str, longest: int) -> Text | None:
    """Why these words will not do, if they will not."""
    if not text.strip():
        return _("Write something here.")
    if len(text) > longest:
        return _("At most %(count)s characters.", count=longest)
    unknown = [name for name in PLACE.findall(text) if name not in BY_NAME]
    if unknown:
        return _(
            "There is no place {%(name)s}. There are {kind}, {number}, {step}, {due}, {unit}, "
            "{times} and {link}.",
            name=unknown[0],
        )
    if BRACE.search(PLACE.sub("", text)):
        return _("A brace stands alone here; a place is written like {number}.")
    return None


def fill(text: str, values: Mapping[str, str]) -> str:
    """The words with their places filled; what is known of none of them stays empty."""
    return PLACE.sub(lambda found: values.get(BY_NAME.get(found[1], ""), ""), text)

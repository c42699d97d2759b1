"""The attributes we add to BPMN: what each is for, where it may stand and what it may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.i18n import Text, _

STAGES = (
    "warning",
    "analysis",
    "coordination",
    "supervision",
    "feedback",
    "reassessment",
    "evaluation",
)
POLICIES = ("any", "all", "sequential", "vote")
ABSTENTIONS = ("not_counted", "against", "for")
FORBIDDABLE = (
    "claim",
    "release",
    "transfer",
    "delegate",
    "add_before",
    "add_after",
    "add_beside",
    "send_back",
    "withdraw",
)
"""The operations a diagram may forbid on a task, by their names in the operations tables."""
PARTIES = ("lead", "co", "lead_and_co", "addressee", "opener")
POSTS = (
    "analysis_office",
    "drafting_office",
    "issuing_leader",
    "supervising_office",
    "supervising_director",
    "convener",
    "assessing_office",
    "opinion_office",
)
UNIT_ROLES = ("unit_head", "unit_leader", "unit_liaison", "unit_handler", "co_handler")

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PASS = re.compile(r"[1-9][0-9]?|(weight )?(100|[1-9][0-9]?)%")
_WEIGHTS = re.compile(r"(lead|co|office|signer)=[1-9][0-9]?")


@dataclass(frozen=True, slots=True)
class Extension:
    """One attribute: its name, the elements it may stand on, the values it takes, and its use."""

    name: str
    elements: frozenset[str]
    takes: Callable[[str], bool]
    doc: Text
    values: tuple[str, ...] = ()


def is_key(value: str) -> bool:
    """The name of something kept elsewhere: a form, an effect, a deadline rule."""
    return bool(_KEY.fullmatch(value))


def is_id(value: str) -> bool:
    """The id of an element in another file."""
    return bool(_ID.fullmatch(value))


def is_name(value: str) -> bool:
    """A name that people can read."""
    return 0 < len(value.strip()) <= 200 and value.isprintable()


def is_performer(value: str) -> bool:
    """A post of the county's profile, the opener, or a party with a role in its unit."""
    party, slash, role = value.partition("/")
    if not slash:
        return party in POSTS or party == "opener"
    return party in PARTIES and party != "opener" and role in UNIT_ROLES


def is_pass(value: str) -> bool:
    """What passes a vote: so many (`3`), such a part (`60%`), such a part by weight."""
    return bool(_PASS.fullmatch(value))


def is_weights(value: str) -> bool:
    """How much the voice of each role weighs, each role once."""
    parts = value.split(" ")
    roles = {part.partition("=")[0] for part in parts}
    return all(_WEIGHTS.fullmatch(part) for part in parts) and len(roles) == len(parts)


def is_ids(value: str) -> bool:
    """The ids of elements, a space between them."""
    return len(value) <= 200 and all(map(is_id, value.split(" ")))


def _some_of(values: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda value: set(value.split(" ")) <= set(values) and len(value) <= 200


def _one_of(values: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda value: value in values


_TASK = frozenset({"userTask"})
_NAMED = frozenset(
    {
        "userTask",
        "businessRuleTask",
        "subProcess",
        "callActivity",
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "sequenceFlow",
        "participant",
        "lane",
        "textAnnotation",
        "group",
    }
)

TABLE: tuple[Extension, ...] = (
    Extension(
        "title",
        frozenset({"process"}),
        is_name,
        _("What the process is called in Chinese, on lists and pages."),
    ),
    Extension(
        "titleEn",
        frozenset({"process"}),
        is_name,
        _("What the process is called in English."),
    ),
    Extension(
        "nameEn", _NAMED, is_name, _("The element's name in English, beside the Chinese one.")
    ),
    Extension(
        "form", _TASK, is_key, _("The form that is filled in: the name of a file in forms/.")
    ),
    Extension(
        "performer",
        _TASK,
        is_performer,
        _("Who does the task: a post of the county's profile, or a party of the case and a role."),
        (*POSTS, "opener", *(f"{p}/{r}" for p in PARTIES[:-1] for r in UNIT_ROLES)),
    ),
    Extension(
        "policy",
        _TASK,
        _one_of(POLICIES),
        _("When the task is done: by any one, by all, by one after the other, or by a vote."),
        POLICIES,
    ),
    Extension(
        "pass",
        _TASK,
        is_pass,
        _("What passes the vote: so many in favour (3), a part of them (60%), or of their weight."),
    ),
    Extension(
        "weights",
        _TASK,
        is_weights,
        _("How much each role’s voice weighs (lead=2 co=1); one where nothing is said."),
    ),
    Extension(
        "abstain",
        _TASK,
        _one_of(ABSTENTIONS),
        _("How an abstention counts: not at all, as a voice against, or as one in favour."),
        ABSTENTIONS,
    ),
    Extension(
        "forbids",
        _TASK,
        _some_of(FORBIDDABLE),
        _("Operations that are not allowed on the task, with a space between them."),
        FORBIDDABLE,
    ),
    Extension(
        "notBy",
        _TASK,
        is_ids,
        _("Earlier tasks whose doers may not do this one as well (four eyes): their ids."),
    ),
    Extension(
        "deadline",
        _TASK,
        is_key,
        _("The rule that gives the due date: the name of a deadline in the county's profile."),
    ),
    Extension(
        "ladder",
        _TASK,
        is_key,
        _("The steps that follow when the task is overdue; without it there is only a reminder."),
    ),
    Extension(
        "stage",
        _TASK | {"subProcess", "callActivity"},
        _one_of(STAGES),
        _("The stage of the closed loop the case is in while this is open."),
        STAGES,
    ),
    Extension(
        "effect",
        _TASK,
        is_key,
        _("What else happens when the task is completed: the name of a registered effect."),
    ),
    Extension(
        "decision",
        frozenset({"businessRuleTask"}),
        is_id,
        _("The decision table that is asked: the id of a decision in a DMN file."),
    ),
)

BY_NAME: Mapping[str, Extension] = {extension.name: extension for extension in TABLE}

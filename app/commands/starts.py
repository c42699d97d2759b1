"""What people may start besides a case, as one table: label, form, who may, what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app import advance, forms
from app.actor import Actor
from app.commands.cases import start_item, start_meeting
from app.commands.evaluation import start_brief, start_evaluation
from app.effects.items import source_word
from app.errors import NotFound
from app.i18n import Text, _


@dataclass(frozen=True)
class Start:
    """Something to start. `page` names where its button stands; `act` gives `{"case": id}`."""

    name: str
    label: Text
    page: str
    form: str
    roles: tuple[str, ...]
    act: Callable[[str, Mapping[str, Any], Actor, str | None], Mapping[str, Any]]


def _item(
    profile: str, answers: Mapping[str, Any], actor: Actor, key: str | None
) -> Mapping[str, Any]:
    return start_item.once(
        key,
        profile,
        answers["matter"],
        answers["lead"],
        answers.get("co") or (),
        answers.get("indicator"),
        answers.get("instruction"),
        actor=actor,
        content=answers.get("requirement") or "",
        source=source_word(answers.get("source") or ""),
        special_major=bool(answers.get("special_major")),
        override_reason=answers.get("override_reason") or "",
    )


def _meeting(
    profile: str, answers: Mapping[str, Any], actor: Actor, key: str | None
) -> Mapping[str, Any]:
    return start_meeting.once(key, profile, answers["title"], answers.get("round"), actor=actor)


def _brief(
    profile: str, answers: Mapping[str, Any], actor: Actor, key: str | None
) -> Mapping[str, Any]:
    return start_brief.once(key, profile, answers["title"], (), actor=actor)


def _evaluation(
    profile: str, answers: Mapping[str, Any], actor: Actor, key: str | None
) -> Mapping[str, Any]:
    return start_evaluation.once(key, profile, answers["title"], actor=actor)


SUPERVISING: Final = ("supervision_clerk", "supervision_director")
TABLE: Final = (
    Start("item", _("Register an item"), "ledger", "start_item", SUPERVISING, _item),
    Start(
        "meeting",
        _("Call a meeting"),
        "meetings",
        "start_meeting",
        (*SUPERVISING, "convener"),
        _meeting,
    ),
    Start("brief", _("Start a brief"), "ledger", "start_brief", SUPERVISING, _brief),
    Start(
        "evaluation",
        _("Start the annual evaluation"),
        "rounds",
        "start_evaluation",
        (*SUPERVISING, "court_analyst", "assessment_clerk"),
        _evaluation,
    ),
)


def started_by(actor: Actor, page: str) -> list[Start]:
    """What this person may start from a page."""
    return [each for each in TABLE if each.page == page and actor.has(*each.roles)]


def start_named(actor: Actor, name: str) -> Start:
    """The start of that name; NotFound for those who may not."""
    found = next((each for each in TABLE if each.name == name and actor.has(*each.roles)), None)
    if found is None:
        raise NotFound
    return found


def begin(
    name: str,
    profile: str,
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    key: str | None,
    instruction: int | None = None,
) -> Mapping[str, Any]:
    """Check the answers against the form and start it; gives `{"case": id}`.

    `instruction`: the leader's one that asks for it, if any.
    """
    start = start_named(actor, name)
    form = forms.load(start.form)
    checked = forms.checked(form, answers, context=advance.form_context(actor.unit_id, form))
    return start.act(profile, {**checked, "instruction": instruction}, actor, key)

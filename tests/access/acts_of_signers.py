"""The commands by which others are asked to help with a task, as the walks try them."""

from __future__ import annotations

from typing import Any

from app.commands import asking
from tests.access.act import CLERK, DIRECTOR, HELPER, LEAD, Act
from tests.access.town import OTHERS, REMOVED, SIGNERS, TO_LIAISON, Town


def _task(town: Town, about: str) -> int:
    return town.own_task(town.case(about)).id


OF_SIGNERS: dict[Any, Act] = {
    asking.delegate: Act(
        LEAD, HELPER,
        lambda town, actor: asking.delegate(
            _task(town, "item"), TO_LIAISON, actor=actor
        ),
    ),
    asking.recall: Act(
        CLERK, DIRECTOR,
        lambda town, actor: asking.recall(_task(town, "delegated brief"), {}, actor=actor),
    ),
    asking.add_before: Act(
        LEAD, HELPER,
        lambda town, actor: asking.add_before(_task(town, "item"), OTHERS, actor=actor),
    ),
    asking.add_after: Act(
        DIRECTOR, CLERK,
        lambda town, actor: asking.add_after(_task(town, "signed brief"), OTHERS, actor=actor),
    ),
    asking.add_beside: Act(
        DIRECTOR, CLERK,
        lambda town, actor: asking.add_beside(_task(town, "signed brief"), OTHERS, actor=actor),
    ),
    asking.remove_signers: Act(
        DIRECTOR, CLERK,
        lambda town, actor: asking.remove_signers(
            _task(town, "signed brief"), REMOVED, actor=actor
        ),
    ),
}  # fmt: skip
SENT: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (LEAD, "item", "delegate", TO_LIAISON),
    (CLERK, "delegated brief", "recall", {}),
    (LEAD, "item", "add_before", SIGNERS),
    (DIRECTOR, "signed brief", "add_after", OTHERS),
    (DIRECTOR, "signed brief", "add_beside", OTHERS),
    (DIRECTOR, "signed brief", "remove_signers", REMOVED),
)
"""Who sends which of them as a form, about the task of which case, with what."""

"""The table of commands, continued: what is sent round, read together, and said in a thread."""

from __future__ import annotations

from typing import Any

from app.commands import circulations, comments, copies
from tests.access.act import CLERK, HELPER, LEAD, Act, case

OTHER = "other item's handler"
COPY = {"what": "case", "units": ["FGW"], "people": [], "note": ""}
READ = {"readers": ["pab_supervision_director"], "note": ""}
WIDELY = {"units": ["RSJ"], "posts": ["unit_head"], "note": ""}
SAID = {"text": "已会商。", "people": []}

SHARING: dict[Any, Act] = {
    copies.send: Act(
        LEAD, HELPER, lambda town, actor: copies.send(case(town, "item"), COPY, actor=actor)
    ),
    copies.read_case: Act(
        HELPER, CLERK,
        lambda town, actor: copies.read_case(case(town, "escalation"), actor=actor),
    ),
    copies.recall: Act(
        CLERK, OTHER,
        lambda town, actor: copies.recall(town.shared.sending_id, actor=actor),
    ),
    circulations.circulate: Act(
        CLERK, "business auditor",
        lambda town, actor: circulations.circulate(case(town, "item"), READ, actor=actor),
    ),
    circulations.circulate_widely: Act(
        CLERK, LEAD,
        lambda town, actor: circulations.circulate_widely(case(town, "item"), WIDELY, actor=actor),
    ),
    circulations.circulate_first: Act(
        LEAD, HELPER,
        lambda town, actor: circulations.circulate_first(
            town.tasks(town.case("item"))[-1].id, {"readers": ["zjj_unit_head"]}, actor=actor
        ),
    ),
    circulations.read: Act(
        OTHER, CLERK,
        lambda town, actor: circulations.read(town.shared.delivery_id, {}, actor=actor),
    ),
    comments.comment: Act(
        HELPER, "business auditor",
        lambda town, actor: comments.comment(case(town, "item"), SAID, actor=actor),
    ),
    comments.withdraw: Act(
        LEAD, HELPER,
        lambda town, actor: comments.withdraw(town.shared.comment_id, actor=actor),
        now=False,
    ),
}  # fmt: skip

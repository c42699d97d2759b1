"""What the office and leaders do around an item, and units ask for: who may, who hears why not."""

from __future__ import annotations

from typing import Any

from app.commands import clock, instructing, reassigning, supervising
from tests.access.act import CLERK, LEAD, Act, case
from tests.access.town import BACK, INSTRUCTION

OF_SUPERVISION: dict[Any, Act] = {
    supervising.urge: Act(
        CLERK, LEAD, lambda town, actor: supervising.urge(case(town, "item"), {}, actor=actor)
    ),
    supervising.waive_co: Act(
        CLERK,
        LEAD,
        lambda town, actor: supervising.waive_co(
            case(town, "item"), {"unit": "SJG", "reason": "已书面同意牵头方案"}, actor=actor
        ),
        now=False,
    ),
    supervising.coordinate: Act(
        CLERK,
        "other item's handler",
        lambda town, actor: supervising.coordinate(
            case(town, "disputed item"), {"text": "由人社局配合提供名单"}, actor=actor
        ),
    ),
    instructing.instruct: Act(
        CLERK,
        LEAD,
        lambda town, actor: instructing.instruct(case(town, "item"), INSTRUCTION, actor=actor),
    ),
    reassigning.reassign: Act(
        CLERK,
        "other item's handler",
        lambda town, actor: reassigning.reassign(case(town, "moved item"), BACK, actor=actor),
    ),
    reassigning.sign_part: Act(
        "other item's handler",
        CLERK,
        lambda town, actor: reassigning.sign_part(case(town, "moved item"), {}, actor=actor),
    ),
    supervising.escalate: Act(
        CLERK,
        LEAD,
        lambda town, actor: supervising.escalate(
            case(town, "item"), {"reason": "逾期多日未办结"}, actor=actor
        ),
        now=False,
    ),
    clock.suspend: Act(
        CLERK,
        LEAD,
        lambda town, actor: clock.suspend(
            case(town, "item"), {"reason": "等待法院裁判结果"}, actor=actor
        ),
    ),
    clock.ask_clock: Act(
        LEAD,
        CLERK,
        lambda town, actor: clock.ask_clock(
            case(town, "item"), {"reason": "等待法院裁判结果"}, actor=actor
        ),
    ),
    clock.resume: Act(
        CLERK,
        "other item's handler",
        lambda town, actor: clock.resume(case(town, "suspended item"), {}, actor=actor),
    ),
}

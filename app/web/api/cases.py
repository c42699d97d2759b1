"""Cases for programs: which operations are offered, and doing them."""

from __future__ import annotations

from flask import Blueprint, Response, g

from app.commands.operations import ON_CASES
from app.queries.history import place
from app.queries.pickers import choices
from app.queries.sharing import pickable
from app.queries.standing import standing
from app.web.api.asking import performed
from app.web.api.tasks import asked_by
from app.web.api.telling import DoneOut, OperationsOut, operation, told
from app.web.policy import current_actor, require, signed_in
from app.web.wording import say

bp = Blueprint("api_cases", __name__, url_prefix="/api/cases")


@bp.get("/<int:case_id>/operations")
@require(signed_in)
def operations(case_id: int) -> Response:
    """What I am offered on it, with forms, consequences, and why not now."""
    viewer = current_actor()
    seen = place(f"case:{case_id}")
    case = standing(viewer, case_id)
    offers = ON_CASES.offers(viewer, case)
    pickers = choices(asked_by(offers), viewer.unit_id)
    return told(
        OperationsOut(),
        {
            "version": seen,
            "operations": [
                operation(each, pickers | pickable(viewer, case, each.name, g.now))
                for each in offers
            ],
        },
        version=seen,
    )


@bp.post("/<int:case_id>/operations/<name>")
@require(signed_in)
def operate(case_id: int, name: str) -> Response:
    """Do one of them."""
    done = performed(
        lambda answers, key, seen: ON_CASES.perform(
            name, case_id, answers, actor=current_actor(), idempotency_key=key, seen=seen
        )
    )
    return told(DoneOut(), {"done": say(ON_CASES.named(name).done), "result": done})

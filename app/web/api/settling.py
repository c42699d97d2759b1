"""For programs: agreeing as the second person to an administrator's jump; ending a deputyship."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import Schema, fields

from app.commands import moving
from app.commands.deputies import end_deputyship
from app.i18n import Text, _
from app.queries.incidents import incident_page, incidents
from app.web.api.asking import Said
from app.web.api.doors import acts, reads
from app.web.incidents import READERS
from app.web.policy import current_actor
from app.web.wording import say


class IncidentOut(Schema):
    """Something that waits for a decision of the supervising office."""

    id = fields.Integer(attribute="number")
    kind = fields.String()
    doing = fields.Function(lambda line: say(line.doing))
    problem = fields.Function(lambda line: say(line.problem))
    state = fields.String()
    proposed = fields.Boolean()
    case = fields.Integer(attribute="case_id", allow_none=True)
    first_at = fields.AwareDateTime()


class IncidentsOut(Schema):
    """A list of them."""

    incidents = fields.List(fields.Nested(IncidentOut))


class OneIncidentOut(Schema):
    """One with what is proposed; `version` goes back with the act."""

    version = fields.Integer()
    incident = fields.Nested(IncidentOut, attribute="line")
    proposal = fields.String()
    proposed_by = fields.String()
    proposed_by_me = fields.Boolean()
    may_settle = fields.Boolean()


@reads(
    "/incidents",
    _("Incidents, and proposals that wait for a second person"),
    IncidentsOut,
    policy=READERS,
    query={"show": {"enum": ["resolved"]}},
)
def index() -> Mapping[str, Any]:
    """Those that wait, or those resolved."""
    resolved = request.args.get("show") == "resolved"
    return {"incidents": incidents(current_actor(), resolved=resolved)}


@reads("/incidents/<int:number>", _("One incident"), OneIncidentOut, policy=READERS)
def show(number: int) -> Any:
    """What is proposed and by whom."""
    return incident_page(current_actor(), number)


@acts("/incidents/<int:number>/move", _("Agree to the move"), policy=READERS)
def move(number: int, said: Said) -> tuple[Text, Any]:
    """任意跳转: the second of two persons."""
    done = moving.move.once(said.key, number, actor=current_actor(), version=said.seen)
    return _("The case stands at that task now."), done


@acts("/incidents/<int:number>/stay", _("Leave the case where it is"), policy=READERS)
def stay(number: int, said: Said) -> tuple[Text, Any]:
    """Decline the proposal, or take it back."""
    act = moving.decline_move
    done = act.once(said.key, number, actor=current_actor(), version=said.seen)
    return _("The case stays where it is."), done


@acts("/deputies/<int:number>/end", _("End a deputyship"))
def end(number: int, said: Said) -> tuple[Text, Any]:
    """代理: before its time."""
    done = end_deputyship.once(said.key, number, actor=current_actor())
    return _("The deputyship is ended."), done

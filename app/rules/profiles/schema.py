"""How a whole profile is written down, and what its parts owe each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any, Final

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import OneOf, Range, Regexp

from app.rules.outcomes import LEVELS
from app.rules.profiles import parts, shape
from app.rules.profiles.parts import SOME, Part, part, words

FORMAT: Final = 1
STAGES: Final = (
    "warning",
    "analysis",
    "coordination",
    "supervision",
    "feedback",
    "reassessment",
    "evaluation",
)
POSTS: Final = (
    "analysis_office",
    "drafting_office",
    "issuing_leader",
    "supervising_office",
    "supervising_director",
    "convener",
    "assessing_office",
    "opinion_office",
)
KEY: Final = Regexp(r"^[a-z][a-z0-9_]{1,39}$", error="Use small letters, digits and _.")


class ExtensionSchema(Part):
    """How far, and who decides."""

    makes = shape.Extension
    max_workdays = fields.Integer(required=True, validate=Range(min=1))
    leader_over_workdays = fields.Integer(required=True, validate=Range(min=0))
    leader_from_time = fields.Integer(required=True, validate=Range(min=1))
    sample = fields.Boolean(required=True)


class UrgingSchema(Part):
    """How often, and when not."""

    makes = shape.Urging
    per_workday = fields.Integer(required=True, validate=Range(min=1))
    quiet_from = fields.Time(required=True)
    quiet_until = fields.Time(required=True)
    sample = fields.Boolean(required=True)


class ReceiptsSchema(Part):
    """How long something may be handed back."""

    makes = shape.Receipts
    refuse_within_workdays = fields.Integer(required=True, validate=Range(min=0))
    sample = fields.Boolean(required=True)


class NumbersSchema(Part):
    """Templates of numbers."""

    makes = shape.Numbers
    cases = fields.Dict(words(), words(), required=True)
    documents = fields.Dict(words(), words(), required=True)

    @validates_schema
    def usable(self, data: dict[str, Any], **_: Any) -> None:
        """Only places that can be filled, and something that tells two numbers apart."""
        for name, allowed in (("cases", {"year", "n"}), ("documents", {"year", "n", "case"})):
            for kind, template in data[name].items():
                if not _tells_apart(template, allowed):
                    raise ValidationError({kind: [f"{template!r} is no number template."]}, name)


class ProfileSchema(Part):
    """A mechanism profile: one JSON file per county."""

    format = fields.Integer(required=True, validate=OneOf([FORMAT]))
    key = fields.String(required=True, validate=KEY)
    code = words()
    name = words()
    name_en = words()
    basis = part(parts.BasisSchema)
    interpreting_unit = words()
    domains = fields.Nested(parts.EntrySchema, many=True, required=True, validate=SOME)
    stages = part(parts.EntrySchema, many=True)
    posts = fields.Dict(words(), fields.Nested(parts.PostSchema), required=True)
    trigger_levels = fields.List(
        fields.String(validate=OneOf(LEVELS)), required=True, validate=SOME
    )
    notice_type = part(parts.EntrySchema)
    suggestion_allowed = fields.Boolean(required=True)
    notice_approval = fields.Boolean(required=True)
    copy_upward = part(parts.UpwardSchema)
    opinion_addressee = fields.List(words(), required=True, validate=SOME)
    report_recipients = part(parts.RecipientSchema, many=True)
    brief_recipients = part(parts.RecipientSchema, many=True)
    meeting = part(parts.MeetingSchema)
    dispatch_document = part(parts.EntrySchema)
    superior_report = fields.Nested(parts.EntrySchema, required=True, allow_none=True)
    urgent_report = fields.Boolean(required=True)
    interview_grounds = fields.Nested(parts.EntrySchema, many=True, required=True, validate=SOME)
    listing_grounds = fields.Nested(parts.EntrySchema, many=True, required=True, validate=SOME)
    evaluation_months = part(parts.CadenceSchema, many=True)
    publication = fields.Nested(parts.PublicationSchema, required=True, allow_none=True)
    assessment_schemes = fields.Nested(parts.EntrySchema, many=True, required=True, validate=SOME)
    deduction_grounds = part(parts.GroundSchema, many=True)
    outcomes = part(parts.ThresholdsSchema)
    grading = part(parts.GradingSchema)
    clock = part(parts.ClockSchema)
    deadlines = fields.Dict(words(), fields.Nested(parts.DeadlineSchema), required=True)
    ladders = fields.Dict(words(), fields.Nested(parts.LadderSchema), required=True)
    lights = part(parts.LightsSchema)
    extension = part(ExtensionSchema)
    urging = part(UrgingSchema)
    receipts = part(ReceiptsSchema)
    numbers = part(NumbersSchema)

    @staticmethod
    def makes(**values: Any) -> shape.Profile:
        """Names that stand as keys move into the values, and every limit gets the working day."""
        clock = values["clock"]
        values["deadlines"] = {
            name: replace(each, rule=_dressed(each, name, clock))
            for name, each in values["deadlines"].items()
        }
        values["ladders"] = {
            name: replace(each, name=name) for name, each in values["ladders"].items()
        }
        return shape.Profile(**values)

    @validates_schema
    def coherent(self, data: dict[str, Any], **_: Any) -> None:
        """Everything one part names exists in the other."""
        problems = {
            "posts": _missing(POSTS, data["posts"]),
            "ladders": _missing(("basic", "standard"), data["ladders"]),
            "stages": _other_than(STAGES, [stage.key for stage in data["stages"]]),
            "deduction_grounds": _unknown_schemes(data),
            "numbers": _missing(_document_kinds(data), data["numbers"].documents),
        }
        found = {name: messages for name, messages in problems.items() if messages}
        if found:
            raise ValidationError(found)


def _dressed(each: shape.Deadline, name: str, clock: shape.Clock) -> Any:
    return replace(each.rule, name=name, end_of_day=clock.end_of_day, cut_off=clock.cut_off)


def _missing(wanted: Iterable[str], present: Mapping[str, Any]) -> list[str]:
    return [f"{name} is missing." for name in wanted if name not in present]


def _other_than(wanted: tuple[str, ...], present: list[str]) -> list[str]:
    return [] if tuple(present) == wanted else [f"Must be {', '.join(wanted)}, in this order."]


def _unknown_schemes(data: dict[str, Any]) -> list[str]:
    known = {scheme.key for scheme in data["assessment_schemes"]}
    used = {scheme for ground in data["deduction_grounds"] for scheme in ground.schemes}
    return [f"{scheme} is no assessment scheme." for scheme in sorted(used - known)]


def _document_kinds(data: dict[str, Any]) -> list[str]:
    named = (data["notice_type"], data["dispatch_document"], data["superior_report"])
    return [entry.key for entry in named if entry is not None]


def _tells_apart(template: str, allowed: set[str]) -> bool:
    try:
        places = {name for _, name, spec, how in Formatter().parse(template) if name is not None}
    except ValueError:
        return False
    return places <= allowed and bool(places & {"n", "case"})

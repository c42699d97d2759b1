"""How the parts of a profile are written down, and the check each has to pass."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length, OneOf, Range

from app.errors import Invalid
from app.rules import ladder, lights, outcomes
from app.rules.deadlines import STARTS, DeadlineRule
from app.rules.profiles import shape

SOME: Final = Length(min=1)
MONTH: Final = Range(min=1, max=12)


class Part(Schema):
    """A part of the profile that becomes the frozen value named by `makes`."""

    makes: ClassVar[Any]

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Any:
        """Lists become tuples: a profile does not change once it is read."""
        values = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return type(self).makes(**values)


def words() -> fields.String:
    """A text that has to be there and say something."""
    return fields.String(required=True, validate=SOME)


def part(schema: type[Part], *, many: bool = False) -> fields.Nested:
    """A required part, or list of parts."""
    return fields.Nested(schema, many=many, required=True)


class BasisSchema(Part):
    """Where the mechanism is written."""

    makes = shape.Basis
    title = words()
    issuer = words()
    text = words()
    effective = fields.Date(required=True, allow_none=True)
    source = words()


class EntrySchema(Part):
    """A key with names."""

    makes = shape.Entry
    key = words()
    name = words()
    name_en = words()
    source = fields.String()
    sample = fields.Boolean()


class PostSchema(Part):
    """Unit and role."""

    makes = shape.Post
    unit = words()
    role = words()


class RecipientSchema(Part):
    """Unit, how it is addressed, and whose desk."""

    makes = shape.Recipient
    unit = words()
    title = words()
    role = fields.String()


class UpwardSchema(Part):
    """By notice (抄报) or by report."""

    makes = shape.Upward
    by = fields.String(required=True, validate=OneOf(["notice", "report"]))
    recipients = part(RecipientSchema, many=True)


class SectionSchema(Part):
    """An agenda item."""

    makes = shape.Section
    key = words()
    name = words()
    name_en = words()
    required = fields.Boolean(required=True)
    source = fields.String()


class MeetingSchema(Part):
    """The coordinating meeting."""

    makes = shape.Meeting
    kind = words()
    name = words()
    name_en = words()
    half_yearly = fields.Boolean(required=True)
    months = fields.List(fields.Integer(validate=MONTH), required=True)
    convener_required = fields.Boolean(required=True)
    agenda = fields.Nested(SectionSchema, many=True, required=True, validate=SOME)


class CadenceSchema(Part):
    """When a round is evaluated."""

    makes = shape.Cadence
    month = fields.Integer(required=True, validate=MONTH)
    covers = fields.String(required=True, validate=OneOf(["half_year", "annual", "quarter"]))


class PublicationSchema(Part):
    """The yearly publication."""

    makes = shape.Publication
    month = fields.Integer(required=True, validate=MONTH)
    seminar = fields.Boolean(required=True)
    partner = fields.String(required=True)


class GradingSchema(Part):
    """The decision table, named as its file in bpmn/ without `.dmn`."""

    makes = shape.Grading
    decision = words()
    sample = fields.Boolean(required=True)


class GroundSchema(Part):
    """A deduction ground."""

    makes = outcomes.Ground
    key = words()
    name = words()
    name_en = words()
    when = fields.String(required=True, validate=OneOf(["late", "ineffective"]))
    schemes = fields.List(words(), required=True, validate=SOME)
    roles = fields.List(fields.String(validate=OneOf(outcomes.ROLES)), required=True, validate=SOME)
    points = fields.Dict(
        fields.String(validate=OneOf(outcomes.ROLES)),
        fields.Decimal(allow_none=True, validate=Range(min=0)),
        required=True,
    )
    source = fields.String()
    sample = fields.Boolean()


class ThresholdsSchema(Part):
    """When an effect counts."""

    makes = outcomes.Thresholds
    eased_points = fields.Decimal(required=True, validate=Range(min=0, min_inclusive=False))
    worsened_points = fields.Decimal(required=True, validate=Range(min=0, min_inclusive=False))
    without_effect = fields.List(
        fields.String(validate=OneOf(outcomes.OUTCOMES)), required=True, validate=SOME
    )
    sample = fields.Boolean(required=True)


class ClockSchema(Part):
    """The working day."""

    makes = shape.Clock
    end_of_day = fields.Time(required=True)
    cut_off = fields.Time(required=True, allow_none=True)


class DeadlineSchema(Part):
    """A time limit written as `15wd`, `15d` or `1m`."""

    name = words()
    name_en = words()
    length = words()
    start = fields.String(required=True, data_key="from", validate=OneOf(STARTS))
    sample = fields.Boolean(required=True)

    @staticmethod
    def makes(name: str, name_en: str, length: str, start: str, *, sample: bool) -> shape.Deadline:
        """The rule is read here so that a wrong length is reported with its field."""
        try:
            rule = DeadlineRule.parse(length, from_=start, sample=sample)
        except Invalid as refusal:
            raise ValidationError(str(refusal), "length") from refusal
        return shape.Deadline(name, name_en, rule)


class StepSchema(Part):
    """A rung."""

    makes = ladder.Step
    no = fields.Integer(required=True, validate=Range(min=1))
    kind = fields.String(required=True, validate=OneOf(ladder.KINDS))
    workdays = fields.Integer(required=True, validate=Range(min=-60, max=250))


class LadderSchema(Part):
    """The rungs of one ladder; its name is its key."""

    at = fields.Time(required=True)
    steps = part(StepSchema, many=True)
    sample = fields.Boolean(required=True)

    @staticmethod
    def makes(**values: Any) -> ladder.Ladder:
        """Checked for order; the name follows from the key."""
        found = ladder.problems(values["steps"])
        if found:
            raise ValidationError(found, "steps")
        return ladder.Ladder(name="", **values)


class LightRuleSchema(Part):
    """A row of the table of lights."""

    makes = lights.LightRule
    light = words()
    when = words()
    workdays = fields.Integer(validate=Range(min=0))


class LightsSchema(Part):
    """The table of lights."""

    makes = shape.Lights
    table = part(LightRuleSchema, many=True)
    schedule_lag = fields.Decimal(required=True, validate=Range(min=0, max=100))
    sample = fields.Boolean(required=True)

    @validates_schema
    def ordered(self, data: dict[str, Any], **_: Any) -> None:
        """Every situation gets one light, the pressing ones first."""
        found = lights.problems(data["table"])
        if found:
            raise ValidationError(found, "table")

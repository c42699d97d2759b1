"""How the journal says what happens to units: measures, rectification, evaluation, deductions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.i18n import Text, _
from app.queries.words.registry import SENTENCES, Names, Words, choice, plain, says

MEASURES: Final[Mapping[str, Text]] = {
    "interview": _("an interview"),
    "listed_supervision": _("listed supervision"),
    "none": _("no measure"),
}
SENTENCES.update(
    {
        "escalation.verified": choice(
            "decision",
            {
                "resolved": _("found the matter dealt with"),
                "continue": _("found the matter still not dealt with"),
            },
        ),
        "rectification.accepted": plain(_("accepted the rectification")),
        "rectification.returned": plain(_("sent the rectification back")),
        "outcomes.computed": plain(
            _("compared the rounds %(base)s and %(closing)s"), base="base", closing="closing"
        ),
        "deduction.answered": choice(
            "position",
            {
                "accept": _("accepted the proposed deductions"),
                "object": _("stated the unit’s case against the proposed deductions"),
            },
        ),
        "evaluation.started": plain(_("started the evaluation “%(title)s”"), title="title"),
        "evaluation.published": plain(
            _("published the evaluation: %(channel)s"), channel="channel"
        ),
    }
)


def _measure(with_ground: Text, without: Text) -> Words:
    """A sentence about a measure, with the ground where one is needed."""

    def words(data: Mapping[str, Any], _names: Names) -> Text:
        said = with_ground if data["ground_name"] else without
        values = {"measure": MEASURES[data["measure"]], "ground": data["ground_name"]}
        return Text(said.msgid, values)

    return words


SENTENCES.update(
    {
        "measure.proposed": _measure(
            _("proposed %(measure)s on the ground “%(ground)s”"), _("proposed %(measure)s")
        ),
        "measure.approved": _measure(
            _("approved %(measure)s on the ground “%(ground)s”"), _("approved %(measure)s")
        ),
        "measure.returned": _measure(
            _("sent back the proposal of %(measure)s on the ground “%(ground)s”"),
            _("sent back the proposal of %(measure)s"),
        ),
    }
)


@says("record.entered")
def _record(data: Mapping[str, Any], names: Names) -> Text:
    return _(
        "entered in the assessment record of %(unit)s: %(text)s",
        unit=names.unit(data["of_unit"]),
        text=data["text"],
    )


@says("outcomes.recorded")
def _outcomes(data: Mapping[str, Any], _names: Names) -> Text:
    if data["changed"]:
        return _(
            "recorded the outcomes, %(count)s of them otherwise than computed",
            count=len(data["changed"]),
        )
    return _("recorded the outcomes as computed")


@says("deductions.proposed")
def _proposed(data: Mapping[str, Any], names: Names) -> Text:
    units = list(dict.fromkeys(each["of_unit"] for each in data["deductions"]))
    if not units:
        return _("proposed no deductions")
    return _(
        "proposed %(count)s deductions, for %(units)s",
        count=len(data["deductions"]),
        units=names.all_units(units),
    )


@says("deduction.decided")
def _decided(data: Mapping[str, Any], names: Names) -> Text:
    unit = names.unit(data["of_unit"])
    after = data["after"]
    if after["decision"] == "dropped":
        return _("dropped a deduction proposed for %(unit)s", unit=unit)
    if after["points"] is None:
        return _("confirmed a deduction for %(unit)s, without points", unit=unit)
    return _(
        "confirmed a deduction for %(unit)s: %(points)s points", unit=unit, points=after["points"]
    )

"""How the journal says what happens in rounds and meetings: imports, levels, packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.i18n import Text, _
from app.queries.words.registry import SENTENCES, Names, plain, says

LEVELS: Final[Mapping[str, Text]] = {
    "high": _("High risk"),
    "medium": _("Medium risk"),
    "low": _("Low risk"),
}
SENTENCES.update(
    {
        "round.opened": plain(_("opened the round %(round)s"), round="round"),
        "round.marked_synthetic": plain(
            _("marked the figures of %(round)s as synthetic"), round="round"
        ),
        "import.uploaded": plain(_("uploaded the file %(file)s"), file="file"),
        "import.mapped": plain(_("said what unknown names in %(file)s mean"), file="file"),
        "import.row_left_out": plain(
            _("left line %(line)s of %(file)s out"), line="line", file="file"
        ),
        "import.row_taken_back": plain(
            _("took line %(line)s of %(file)s back in"), line="line", file="file"
        ),
        "import.discarded": plain(_("discarded the file %(file)s"), file="file"),
        "aspect.added": plain(_("added the aspect %(name)s"), name="name"),
        "area.own_marked": plain(_("marked %(area)s as our own area"), area="after"),
        "meeting.called": plain(_("called the meeting “%(title)s”"), title="title"),
        "meeting.pack_renewed": plain(_("took the status pack again")),
    }
)


@says("reading.imported")
def _imported(data: Mapping[str, Any], _names: Names) -> Text:
    return _(
        "took %(count)s readings from %(file)s into the round",
        count=data["counts"]["new"],
        file=data["file"],
    )


@says("indicator.added")
def _added(data: Mapping[str, Any], _names: Names) -> Text:
    names = [each["name"] for each in (*data.get("indicators", ()), *data.get("areas", ()))]
    return _("added what was new: %(names)s", names=names)


@says("indicator.changed")
def _changed(data: Mapping[str, Any], _names: Names) -> Text:
    return _("changed the indicator %(name)s", name=data["after"]["name"])


@says("round.graded")
def _graded(data: Mapping[str, Any], _names: Names) -> Text:
    found = [row["level"] for row in data["levels"]]
    values = {level: found.count(level) for level in ("high", "medium", "low")}
    return _("graded the round: %(high)s high, %(medium)s medium, %(low)s low", **values)


@says("indicator.regraded")
def _regraded(data: Mapping[str, Any], _names: Names) -> Text:
    return _(
        "set a level anew: %(after)s instead of %(before)s",
        after=LEVELS[data["after"]],
        before=LEVELS[data["before"]],
    )

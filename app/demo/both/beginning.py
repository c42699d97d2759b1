"""Chapter: the county is founded, its clock and calendar are known."""

from __future__ import annotations

from app import clock
from app.demo.county import accounts, county
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries import audit
from app.queries.calendar import calendar_page
from app.queries.definitions import definitions
from app.queries.indicators import indicator_system
from app.queries.people import actor_by_login

TITLE: Text = _("The county begins")


def play(play: Play) -> None:
    """Nothing has happened yet but the founding."""
    play.check(
        _("The county’s clock shows the day the story begins."),
        "2026-07-01",
        clock.today().isoformat(),
        rule="clock",
    )
    play.check(
        _("Thirteen processes and two decision tables are published."),
        {"bpmn": 13, "dmn": 2},
        _kinds(),
    )
    play.check(
        _("Every account holds exactly the post it is called by."),
        [(each.unit, each.role) for each in accounts()],
        [_post(each.login) for each in accounts()],
    )
    play.check(
        _("All fifteen indicators are marked as synthetic."),
        [each["code"] for each in county()["indicators"]],
        sorted(e.code for e in indicator_system(play.see.viewer).indicators if e.synthetic),
    )
    _calendar(play)
    _chain(play)


def _calendar(play: Play) -> None:
    special = {day.day.isoformat(): day.kind for day in calendar_page(2026).days}
    play.check(
        _("Sunday 20 September 2026 is a working day, Thursday 1 October is not."),
        ["makeup", "holiday"],
        [special.get("2026-09-20"), special.get("2026-10-01")],
        rule="calendar",
    )


def _chain(play: Play) -> None:
    play.check(
        _("The journal is whole from its first row."),
        [],
        [str(each.problem) for each in audit.verify().breaks],
        rule="chain",
    )
    play.check(
        _("Each row’s hash follows from the row before it, worked out anew from the formula."),
        [],
        play.see.wrong_hashes("organisation"),
        rule="chain",
    )


def _kinds() -> dict[str, int]:
    kinds = [each.kind for each in definitions()]
    return {kind: kinds.count(kind) for kind in ("bpmn", "dmn")}


def _post(login: str) -> tuple[str, str]:
    held = actor_by_login(login).holdings[0]
    return held.unit_code, held.role

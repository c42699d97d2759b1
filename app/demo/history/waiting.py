"""What waits for everybody today: notices to write, approve and sign, a round, a brief."""

from __future__ import annotations

from app.commands.evaluation import start_brief
from app.commands.notices import open_notice
from app.demo import papers, verbs
from app.demo.history import tongxu
from app.demo.papers import APPROVE, SUGGESTION
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("What waits today")


def play(county: Play, court: Play) -> None:
    """Three judicial suggestions at three steps, the next round, a brief, the court’s own work."""
    _suggestions(county)
    county.at("2026-11-17 09:00")
    verbs.open_round(county, "2026Q3")
    office = county.post("supervising_office")
    county.act(lambda: start_brief(county.key, "11月督办事项专报", actor=office))
    tongxu.meet(court)


def _suggestions(play: Play) -> None:
    """On medium risks, where the mechanism sends no notices by itself (TX-07a, TH-07b)."""
    drafter = play.post("drafting_office")
    play.at("2026-11-16 14:00")
    opened = {
        code: _open(play, code, unit)
        for code, unit in (("I13", "NYJ"), ("I11", "FGW"), ("I07", "ZFW"))
    }
    for code in ("I13", "I11"):
        draft = papers.notice(play, code, SUGGESTION)
        play.do(opened[code], "draft_notice", draft, by=drafter)
    play.do(opened["I13"], "approve_notice", APPROVE, by=play.post("issuing_leader"))
    verbs.issue(play, opened["I13"])


def _open(play: Play, code: str, unit: str) -> int:
    half, drafter = play.shift.period("2026H1").code, play.post("drafting_office")
    return int(play.act(lambda: open_notice(half, code, unit, actor=drafter))["case"])

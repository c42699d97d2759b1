"""Chapter: the listed matter comes off the list, but only once it is rectified."""

from __future__ import annotations

from app.demo import consequences
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("Off the list")


def play(play: Play) -> None:
    """Applied for, reviewed, refused before the rectification is accepted, then decided."""
    case_id, listed = play.cases["listing"], play.cases["listed rectification"]
    office, convener = play.post("supervising_office"), play.post("convener")
    play.at("2026-11-03 10:00")
    leader = play.person("RSJ", "unit_leader")
    play.do(case_id, "apply_delisting", consequences.delisting(), by=leader)
    play.do(case_id, "review_delisting", {"decision": "pass"}, by=play.post("supervising_director"))
    tried = play.try_to(case_id, "decide_delisting", APPROVE, by=convener)
    play.check(
        _("As long as the rectification is not accepted, the matter stays on the list."),
        ("refused", ["decide_delisting"]),
        (tried, play.see.nodes(case_id)),
        rule="approval",
    )
    _rectified(play, listed)
    play.at("2026-11-05 10:00")
    play.do(case_id, "decide_delisting", APPROVE, by=convener)
    play.do(case_id, "record", consequences.note("挂牌督办期间按期整改。"), by=office)
    _check(play, case_id)


def _rectified(play: Play, listed: int) -> None:
    handler, office = play.person("RSJ", "unit_handler"), play.post("supervising_office")
    play.do(listed, "report", consequences.rectification_report("done"), by=handler)
    play.at("2026-11-04 10:00")
    play.do(listed, "review", {"decision": "pass"}, by=office)


def _check(play: Play, case_id: int) -> None:
    play.check(
        _("Rectified, it is taken off the list by a numbered decision."),
        ("closed", [unit_name("RSJ")]),
        (play.see.page(case_id).status, play.see.sent(case_id, "delisting_decision", "main")),
    )
    play.check(
        _("The units’ assessment records tell interview, listing, delisting and rectification."),
        {
            "县住房和城乡建设局": ["interview", "note", "rectification"],
            "县人力资源和社会保障局": ["listing", "rectification", "delisting", "note"],
        },
        {unit_name(code): play.see.record(code) for code in ("ZJJ", "RSJ")},
    )

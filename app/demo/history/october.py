"""October: the second item is overdue; an interview is proposed, approved and called."""

from __future__ import annotations

from app.demo import consequences, verbs
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("October: what is late has consequences")
HEAD = "县住建局主要负责人"


def play(play: Play) -> None:
    """The ladder opened the escalation by itself in September."""
    office, item = play.post("supervising_office"), play.cases["item I02"]
    play.at("2026-10-12 09:00")
    case_id = play.cases["escalation"] = play.see.children(item, "escalation")[-1].case_id
    found = consequences.verification("再次催办后核实，专项排查尚未完成。", "notice")
    play.do(case_id, "verify", found, by=office)
    play.at("2026-10-13 09:00")
    paper = consequences.bulletin("关于建设工程领域督办事项逾期的通报", ["CZJ", "JGB"])
    play.do(case_id, "bulletin", paper, by=office)
    play.at("2026-10-19 09:00")
    proposal = consequences.proposal("interview", "public_complaint")
    play.do(case_id, "propose", proposal, by=play.post("supervising_director"))
    play.at("2026-10-20 09:00")
    play.do(case_id, "approve_measure", APPROVE, by=play.post("convener"))
    verbs.report_progress(play, play.cases["item I06"], "RSJ", "专用账户核查过半。", 70)
    play.at("2026-10-21 09:00")
    notice = consequences.interview_notice(play, "2026-11-02", HEAD)
    play.do(case_id, "notify", notice, by=office)

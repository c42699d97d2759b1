"""November: rectification runs, a listing is proposed, an extension waits."""

from __future__ import annotations

from app.commands.items import request_extension
from app.commands.notices import open_notice
from app.commands.supervising import escalate
from app.demo import consequences, papers, verbs
from app.demo.history import tongxu
from app.demo.history.october import HEAD
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("November: up to yesterday")


def play(county: Play, court: Play) -> None:
    """Both mechanisms day by day, so that the clock never turns back."""
    tongxu.dispatch(court)
    _suggest(county)
    _interview(county)
    tongxu.handle(court)
    _rectification(county)
    _listing(county)
    tongxu.report(court)
    _proposal(county)
    _extension(county)


def _suggest(play: Play) -> None:
    """A judicial suggestion on a medium risk, signed for; its answer is due soon (TX-07a)."""
    half, drafter = play.shift.period("2026H1").code, play.post("drafting_office")
    play.at("2026-11-02 10:00")
    done = play.act(lambda: open_notice(half, "I01", "SJG", actor=drafter))
    case_id = play.cases["notice I01"] = int(done["case"])
    verbs.draft_and_approve(play, case_id, "I01", papers.SUGGESTION)
    verbs.issue(play, case_id)
    play.do(case_id, "sign_for", papers.SIGN, by=play.person("SJG", "unit_liaison"))


def _interview(play: Play) -> None:
    case_id, office = play.cases["escalation"], play.post("supervising_office")
    play.at("2026-11-02 16:00")
    record = consequences.interview_record(play, "2026-11-02", "2026-12-07")
    play.do(case_id, "hold", record, by=office)
    play.at("2026-11-03 10:00")
    signed = consequences.signature(HEAD)
    play.do(case_id, "sign_record", signed, by=play.person("ZJJ", "unit_leader"))
    play.do(case_id, "record", consequences.note("已约谈主要负责人，列入整改。"), by=office)


def _rectification(play: Play) -> None:
    rectification = play.see.children(play.cases["escalation"], "rectification")[-1].case_id
    play.at("2026-11-10 10:00")
    plan = consequences.rectification_plan(play, "2026-12-04")
    play.do(rectification, "plan", plan, by=play.person("ZJJ", "unit_leader"))


def _listing(play: Play) -> None:
    """Still not done after the interview."""
    office, item = play.post("supervising_office"), play.cases["item I02"]
    play.at("2026-11-11 09:00")
    said = {"unit": None, "reason": "约谈后仍未办结，落实不到位。"}
    case_id = int(play.act(lambda: escalate(item, said, actor=office))["case"])
    play.cases["listing"] = case_id
    play.do(case_id, "verify", consequences.verification("约谈后排查进度仍不足五成。"), by=office)
    play.at("2026-11-12 09:00")
    paper = consequences.bulletin("关于建设工程领域督办事项落实不到位的通报", ["CZJ", "JGB"])
    play.do(case_id, "bulletin", paper, by=office)


def _proposal(play: Play) -> None:
    """The listed supervision is proposed; it waits for the convener."""
    play.at("2026-11-16 09:00")
    proposal = consequences.proposal("listed_supervision", "not_implemented")
    by = play.post("supervising_director")
    play.do(play.cases["listing"], "propose", proposal, by=by)


def _extension(play: Play) -> None:
    item = play.cases["item I06"]
    handler = play.person("RSJ", "unit_handler")
    play.at("2026-11-16 10:00")
    wanted = {
        "reason": "跨部门会商尚未结束",
        "progress": "专用账户核查完成八成。",
        "new_date": play.iso("2026-12-14"),
    }
    done = play.act(lambda: request_extension(item, wanted, actor=handler))
    leader = play.person("RSJ", "unit_leader")
    play.do(int(done["case"]), "sign_extension", APPROVE, by=leader)

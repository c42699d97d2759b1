"""Chapter: one unit rectifies after its interview, the other is put under listed supervision."""

from __future__ import annotations

from app.commands.supervising import escalate
from app.demo import consequences
from app.demo.consequences import bulletin, proposal
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("Rectification and listed supervision")


def play(play: Play) -> None:
    """Both at the same time, each on its own ground (TH-15b, TH-19)."""
    _plan(play)
    _escalate(play)
    _list(play)
    _rectify(play)


def _plan(play: Play) -> None:
    play.at("2026-10-10 09:00")
    item = play.cases["item I06"]
    play.check(
        _("The old date of the extended item passed without a word: its timers moved with it."),
        ([], "green"),
        (play.see.fired(item, "complete_item"), play.see.light(item, "complete_item")),
        rule="timer",
    )
    case_id = play.cases["rectification"]
    play.do(
        case_id,
        "plan",
        consequences.rectification_plan(play, "2026-10-23"),
        by=play.person("ZJJ", "unit_leader"),
    )
    play.check(
        _("The rectification plan names owner and day of each measure."),
        [("责任科室负责人", "责任科室", "2026-10-23")],
        [(m.owner_person, m.owner_dept, str(m.due_on)) for m in play.see.page(case_id).measures],
    )


def _escalate(play: Play) -> None:
    """A matter that is not late: the office escalates it by hand, on the ground of safety."""
    item, office = play.cases["item I06"], play.post("supervising_office")
    play.at("2026-10-12 09:00")
    done = play.act(
        lambda: escalate(
            item, {"unit": None, "reason": "讨薪现场存在安全隐患，须挂牌督办。"}, actor=office
        )
    )
    case_id = play.cases["listing"] = int(done["case"])
    found = consequences.verification("部分项目仍存在群体性风险。")
    play.do(case_id, "verify", found, by=office)
    play.do(case_id, "bulletin", bulletin("关于农民工劳动权益领域风险的通报", ["ZGH"]), by=office)
    _propose(play, case_id)


def _propose(play: Play, case_id: int) -> None:
    director, convener = play.post("supervising_director"), play.post("convener")
    hazard = proposal("listed_supervision", "safety_hazard")
    play.do(case_id, "propose", hazard, by=director)
    play.do(
        case_id,
        "approve_measure",
        {"decision": "return", "opinion": "请补充隐患清单。"},
        by=convener,
    )
    play.check(
        _("The convener may send a proposal back to its proposer."),
        (["propose"], [unit_name("PAB")]),
        (play.see.nodes(case_id), play.see.waits_for(case_id)),
        rule="approval",
    )
    play.do(case_id, "propose", hazard, by=director)
    play.at("2026-10-13 09:00")
    play.do(case_id, "approve_measure", APPROVE, by=convener)


def _list(play: Play) -> None:
    case_id = play.cases["listing"]
    play.at("2026-10-14 09:00")
    listed = consequences.listing(play, "2026-11-13")
    play.do(case_id, "list", listed, by=play.post("supervising_office"))
    found = play.see.children(case_id, "rectification")
    play.cases["listed rectification"] = found[-1].case_id
    play.check(
        _("The matter is listed until 13 November; rectification starts at once."),
        ("2026-11-13", 1, ["apply_delisting"], ["plan"]),
        (
            play.see.matter_due(case_id),
            len(found),
            play.see.nodes(case_id),
            play.see.nodes(found[-1].case_id),
        ),
    )
    play.check(
        _("The listing notice carries the escalation’s number and went to the unit."),
        ("示处置〔2026〕2号", [unit_name("RSJ")]),
        (
            play.see.paper(case_id, "listing_notice").line.number,
            play.see.sent(case_id, "listing_notice", "main"),
        ),
    )


def _rectify(play: Play) -> None:
    case_id, office = play.cases["rectification"], play.post("supervising_office")
    handler = play.person("ZJJ", "unit_handler")
    play.at("2026-10-15 10:00")
    play.do(
        play.cases["listed rectification"],
        "plan",
        consequences.rectification_plan(play, "2026-11-06"),
        by=play.person("RSJ", "unit_leader"),
    )
    play.do(case_id, "report", consequences.rectification_report("going_on"), by=handler)
    play.at("2026-10-16 10:00")
    play.do(case_id, "review", {"decision": "redo", "opinion": "存量纠纷化解不足。"}, by=office)
    play.at("2026-10-19 10:00")
    play.do(case_id, "report", consequences.rectification_report("done"), by=handler)
    play.at("2026-10-20 10:00")
    play.do(case_id, "review", {"decision": "pass"}, by=office)
    page = play.see.page(case_id)
    play.check(
        _("The rectification was sent back once, then accepted."),
        ("closed", "rectified", 2),
        (
            page.status,
            page.outcome,
            len([paper for paper in page.papers if paper.kind == "rectification_report"]),
        ),
    )

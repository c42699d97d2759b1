"""Chapter: one item goes red; an interview on sample grounds, approved by a deputy."""

from __future__ import annotations

from typing import Final

from app.demo import consequences, verbs
from app.demo.consequences import bulletin, proposal
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _
from app.queries.history import history

TITLE: Text = _("One item goes red")
HEAD: Final = "县住建局主要负责人"


def play(play: Play) -> None:
    """Where the text is silent the profile holds marked sample data (TX-14b)."""
    _ladder(play)
    _finish_other(play)
    _propose(play)
    _approve(play)
    _interview(play)
    _finish(play)


def _ladder(play: Play) -> None:
    item = play.cases["item I02"]
    play.at("2026-09-22 08:30")
    play.check(
        _("Reminded twice, due, urged on the Sunday that is worked in exchange."),
        [
            ("remind", "2026-09-15"),
            ("remind", "2026-09-17"),
            ("due", "2026-09-19"),
            ("urge", "2026-09-20"),
        ],
        play.see.fired(item, "complete_item"),
        rule="timer",
    )
    play.check(
        _("The item is red, and so is the suggestion its unit never answered."),
        ("red", {"red": 2}),
        (
            play.see.item(item).due.light.code,
            play.see.lights(play.person("ZJJ", "unit_handler")),
        ),
        rule="light",
    )


def _finish_other(play: Play) -> None:
    item = play.cases["item I11"]
    play.at("2026-09-23 10:00")
    verbs.complete(play, item, "I11", "FGW")
    verbs.review(play, item, "pass")
    verbs.strike_off(play, item)


def _propose(play: Play) -> None:
    item, office = play.cases["item I02"], play.post("supervising_office")
    play.at("2026-09-28 09:30")
    found = play.see.children(item, "escalation")
    case_id = play.cases["escalation"] = found[-1].case_id
    play.check(
        _("Five working days late the ladder opened one escalation for the court’s office."),
        (1, ["verify"], [unit_name("FY-PZB")]),
        (len(found), play.see.nodes(case_id), play.see.waits_for(case_id)),
        rule="timer",
    )
    play.do(case_id, "verify", consequences.verification("排查进度不足五成。"), by=office)
    paper = bulletin("关于督办事项逾期的通报", ["JGB"])
    play.do(case_id, "bulletin", paper, by=office)
    director = play.post("supervising_director")
    play.do(case_id, "propose", proposal("interview", "poor_work"), by=director)


def _approve(play: Play) -> None:
    """One person fills both posts here; the court’s president deputises as second pair of eyes."""
    case_id, director = play.cases["escalation"], play.post("supervising_director")
    play.check(
        _("The proposed measure waits for an approval before anything happens to the unit."),
        (["approve_measure"], []),
        (play.see.nodes(case_id), play.see.papers(case_id, "interview_notice")),
        rule="approval",
    )
    deputyship = verbs.stand_in(play, play.person("FY", "court_president"), director)
    play.at("2026-09-29 09:00")
    deputy = play.person("FY", "court_president")
    play.do(case_id, "approve_measure", APPROVE, by=deputy)
    lines = [e for e in history(play.see.viewer, case_id) if e.kind == "measure.approved"]
    play.check(
        _("The court’s president approved as deputy; the journal says for whom."),
        [("法院·院长", "院综治办·督办负责人")],
        [(each.who, each.deputy_for) for each in lines],
        rule="approval",
    )
    verbs.stand_back(play, deputyship)


def _interview(play: Play) -> None:
    case_id, office = play.cases["escalation"], play.post("supervising_office")
    leader = play.person("ZJJ", "unit_leader")
    play.at("2026-09-30 09:00")
    notice = consequences.interview_notice(play, "2026-10-09", HEAD)
    play.do(case_id, "notify", notice, by=office)
    play.at("2026-10-09 16:00")
    record = consequences.interview_record(play, "2026-10-09", "2026-10-30")
    play.do(case_id, "hold", record, by=office)
    play.at("2026-10-10 10:00")
    play.do(case_id, "sign_record", consequences.signature(HEAD), by=leader)
    play.do(case_id, "record", consequences.note("已约谈并责令整改。", "TX-14b"), by=office)
    rectification = play.see.children(case_id, "rectification")[-1].case_id
    play.do(rectification, "plan", consequences.rectification_plan(play, "2026-10-23"), by=leader)
    play.at("2026-10-20 10:00")
    done = consequences.rectification_report("done")
    play.do(rectification, "report", done, by=play.person("ZJJ", "unit_handler"))
    play.do(rectification, "review", {"decision": "pass"}, by=office)
    play.check(
        _("Interview and rectification stand in the unit’s assessment record (TX-14b)."),
        ["interview", "note", "rectification"],
        play.see.record("ZJJ"),
    )


def _finish(play: Play) -> None:
    item = play.cases["item I02"]
    play.at("2026-10-21 10:00")
    verbs.complete(play, item, "I02", "ZJJ")
    play.at("2026-10-22 10:00")
    verbs.review(play, item, "pass")
    verbs.strike_off(play, item)
    lights = {row.number: row.due.light.code for row in play.see.ledger()}
    play.check(
        _("All four items are struck off: one red, three green."),
        {f"示通督〔2026〕{n}号": "red" if n == 1 else "green" for n in range(1, 5)},
        dict(sorted(lights.items())),
        rule="light",
    )

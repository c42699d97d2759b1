"""Chapter: the second item goes red; the ladder climbs by itself up to an interview."""

from __future__ import annotations

from typing import Final

from app.demo import consequences
from app.demo.consequences import bulletin, proposal
from app.demo.county import unit_name
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("The second item goes red")
HEAD: Final = "县住建局主要负责人"


def play(play: Play) -> None:
    """Reminded, due, urged, in a bulletin, escalated, interviewed (TH-15a)."""
    _ladder(play)
    _bulletin(play)
    _measure(play)
    _interview(play)


def _ladder(play: Play) -> None:
    item = play.cases["item I02"]
    play.at("2026-09-21 08:30")
    play.check(
        _("The ladder fired in order and on its days: two reminders, due, two urgings, bulletin."),
        [
            ("remind", "2026-09-09"),
            ("remind", "2026-09-11"),
            ("due", "2026-09-15"),
            ("urge", "2026-09-15"),
            ("urge", "2026-09-17"),
            ("bulletin", "2026-09-20"),
        ],
        play.see.fired(item, "complete_item"),
        rule="timer",
    )
    play.check(
        _("The item is red in the ledger and in its unit’s list; it was urged twice."),
        ("red", 2, {"red": 1}),
        (
            play.see.item(item).due.light.code,
            play.see.item(item).urged,
            play.see.lights(play.person("ZJJ", "unit_handler")),
        ),
        rule="light",
    )
    _urged(play, item)


def _urged(play: Play, item: int) -> None:
    play.check(
        _("Each urging went to the lead unit on paper."),
        [("示催〔2026〕2号", ["县住房和城乡建设局"]), ("示催〔2026〕3号", ["县住房和城乡建设局"])],
        [
            (paper.number, [unit for unit, *_rest in paper.deliveries])
            for paper in play.see.papers(item, "reminder_notice")
        ],
        rule="timer",
    )
    found = play.see.children(item, "escalation")
    play.cases["escalation"] = found[-1].case_id
    play.check(
        _("By itself one escalation was opened; it waits for the supervising office."),
        (1, ["verify"], [unit_name("PAB")]),
        (len(found), play.see.nodes(found[-1].case_id), play.see.waits_for(found[-1].case_id)),
        rule="timer",
    )


def _bulletin(play: Play) -> None:
    case_id, office = play.cases["escalation"], play.post("supervising_office")
    play.at("2026-09-21 10:00")
    found = consequences.verification("再次催办后核实，专项排查尚未完成。", "notice")
    play.do(case_id, "verify", found, by=office)
    paper = bulletin("关于建设工程领域督办事项逾期的通报", ["CZJ", "JGB"])
    play.do(case_id, "bulletin", paper, by=office)
    rows = play.see.table(case_id, "bulletin", "items")
    play.check(
        _("The bulletin names the late matter and its days, and ranks nobody."),
        [("示平安督〔2026〕2号", unit_name("ZJJ"), "2026-09-14", 6)],
        [(row["number"], row["unit"], row["due_day"], row["late_days"]) for row in rows],
        rule="calendar",
    )
    play.check(
        _("The bulletin went to the unit, with copies to those who help it."),
        ([unit_name("ZJJ")], [unit_name("CZJ"), unit_name("JGB")]),
        (play.see.sent(case_id, "bulletin", "main"), play.see.sent(case_id, "bulletin", "cc")),
        rule="copy",
    )


def _measure(play: Play) -> None:
    case_id, director = play.cases["escalation"], play.post("supervising_director")
    play.at("2026-09-22 10:00")
    tried = play.try_to(case_id, "propose", proposal("interview", "not_implemented"), by=director)
    play.check(
        _("A ground for listing is no ground for an interview (TH-15)."),
        ("refused", ["propose"]),
        (tried, play.see.nodes(case_id)),
    )
    tried = play.try_to(
        case_id,
        "propose",
        proposal("interview", "public_complaint") | {"evidence": ""},
        by=director,
    )
    play.check(
        _("A measure without evidence is not taken."),
        ("refused", ["propose"]),
        (tried, play.see.nodes(case_id)),
    )
    play.do(case_id, "propose", proposal("interview", "public_complaint"), by=director)
    play.check(
        _("The proposed interview waits for the convener’s approval."),
        (["approve_measure"], [unit_name("ZFW")]),
        (play.see.nodes(case_id), play.see.waits_for(case_id)),
        rule="approval",
    )
    play.at("2026-09-23 10:00")
    play.do(case_id, "approve_measure", APPROVE, by=play.post("convener"))


def _interview(play: Play) -> None:
    case_id, office = play.cases["escalation"], play.post("supervising_office")
    play.at("2026-09-24 10:00")
    notice = consequences.interview_notice(play, "2026-09-28", HEAD)
    play.do(case_id, "notify", notice, by=office)
    paper = play.see.paper(case_id, "interview_notice")
    play.check(
        _("The interview notice names the ground and goes to the unit."),
        (["群众反映强烈"], [unit_name("ZJJ")]),
        (
            [block.text for block in paper.blocks if block.section.field == "grounds"],
            [each.unit for each in paper.copies],
        ),
    )
    play.at("2026-09-28 16:00")
    record = consequences.interview_record(play, "2026-09-28", "2026-10-30")
    play.do(case_id, "hold", record, by=office)
    leader = play.person("ZJJ", "unit_leader")
    play.do(case_id, "sign_record", consequences.signature(HEAD), by=leader)
    _after(play, case_id)


def _after(play: Play, case_id: int) -> None:
    item, office = play.cases["item I02"], play.post("supervising_office")
    found = play.see.children(case_id, "rectification")
    play.cases["rectification"] = found[-1].case_id
    play.check(
        _("With the unit’s signature rectification starts, due on the day that was set (TH-19)."),
        (1, ["plan"], "2026-10-30"),
        (len(found), play.see.nodes(found[-1].case_id), play.see.matter_due(found[-1].case_id)),
    )
    play.do(case_id, "record", consequences.note("已约谈主要负责人，列入整改。"), by=office)
    play.check(
        _("The escalation is closed; a second one was not opened by the ladder’s last step."),
        ("closed", 1, ("escalate", "2026-09-28")),
        (
            play.see.page(case_id).status,
            len(play.see.children(item, "escalation")),
            play.see.fired(item, "complete_item")[-1],
        ),
        rule="timer",
    )

"""Chapter: judicial suggestions go out without a leader’s approval, copied upward."""

from __future__ import annotations

from typing import Final

from app.commands.copies import read_paper
from app.commands.notices import open_notice
from app.demo import papers, verbs
from app.demo.county import unit_name
from app.demo.papers import SIGN, SUGGESTION
from app.demo.playing import Play
from app.demo.tongxu.july_round import TRIGGERED
from app.i18n import Text, _

TITLE: Text = _("Seven judicial suggestions")
ADDRESSEES: Final = {
    "I01": "ZJJ",
    "I02": "ZJJ",
    "I06": "RSJ",
    "I07": "ZFW",
    "I10": "ZJJ",
    "I11": "FGW",
    "I13": "NYJ",
}


def play(play: Play) -> None:
    """Drafted, issued, copied upward, served and signed for (TX-07)."""
    _draft(play)
    _issue(play)
    _copies(play)
    _sign(play)
    _ad_hoc(play)


def _draft(play: Play) -> None:
    drafter = play.post("drafting_office")
    play.at("2026-07-09 10:00")
    first = play.cases["notice I02"]
    wrong = papers.notice(play, "I02", "risk_notice")
    tried = play.try_to(first, "draft_notice", wrong, by=drafter)
    play.check(
        _("Under this mechanism the paper is a judicial suggestion, not a risk notice."),
        ("refused", []),
        (tried, play.see.papers(first, "risk_notice")),
    )
    for code in TRIGGERED:
        case_id = play.cases[f"notice {code}"]
        play.do(case_id, "draft_notice", papers.notice(play, code), by=drafter)
    play.check(
        _("No leader has to approve: each drafted suggestion may be issued at once."),
        [["issue_notice"]] * 7,
        [play.see.nodes(play.cases[f"notice {code}"]) for code in TRIGGERED],
        rule="approval",
    )


def _issue(play: Play) -> None:
    """At half past seven: still the day before in Greenwich, but not in the county."""
    play.at("2026-07-10 07:30")
    for code in TRIGGERED:
        verbs.issue(play, play.cases[f"notice {code}"])
    cases = [play.cases[f"notice {code}"] for code in TRIGGERED]
    play.check(
        _("The suggestions carry the court’s numbers 1 to 7 of the year."),
        [f"示通法建〔2026〕{n}号" for n in range(1, 8)],
        [play.see.paper(each, SUGGESTION).line.number for each in cases],
    )
    play.check(
        _("Issued on 10 July, all seven are to be signed for by the 14th."),
        ["2026-07-14"] * 7,
        [play.see.due(each, "sign_for") for each in cases],
        rule="clock",
    )
    play.check(
        _("Each names type and reasons, as a judicial suggestion has to."),
        [{"type", "reasons"}] * 7,
        [
            {block.section.field for block in play.see.paper(each, SUGGESTION).blocks}
            & {"type", "reasons"}
            for each in cases
        ],
    )


def _copies(play: Play) -> None:
    """抄报 to the leading group, and its receipt (TX-07b)."""
    cases = [play.cases[f"notice {code}"] for code in TRIGGERED]
    play.check(
        _("Every suggestion was copied upward to the leading group by itself (抄报, TX-07b)."),
        [[unit_name("PAB")]] * 7,
        [play.see.sent(each, SUGGESTION, "cc_upward") for each in cases],
        rule="copy",
    )
    reader = play.person("PAB", "supervision_clerk")
    paper = play.see.paper(cases[0], SUGGESTION)
    play.act(lambda: read_paper(paper.line.document_id, actor=reader))
    copies = play.see.paper(cases[0], SUGGESTION).copies
    play.check(
        _("The leading group’s office read its copy; that it did is on record."),
        [True],
        [each.read_at is not None for each in copies if each.role == "cc_upward"],
        rule="copy",
    )


def _sign(play: Play) -> None:
    play.at("2026-07-13 09:00")
    late = play.cases["notice I13"]
    play.check(
        _("One working day before it is due, what is not signed is yellow."),
        ("yellow", {"yellow": 1}),
        (play.see.light(late, "sign_for"), play.see.lights(play.person("NYJ", "unit_liaison"))),
        rule="light",
    )
    for code, unit in ADDRESSEES.items():
        by = play.person(unit, "unit_liaison")
        play.do(play.cases[f"notice {code}"], "sign_for", SIGN, by=by)
    play.check(
        _("The answers are due fifteen working days after issue: on 31 July."),
        ["2026-07-31"] * 7,
        [play.see.due(play.cases[f"notice {code}"], "work_opinion") for code in TRIGGERED],
        rule="calendar",
    )


def _ad_hoc(play: Play) -> None:
    """不定期: a suggestion about any result at any time, but not twice by accident."""
    drafter = play.post("drafting_office")
    play.at("2026-07-14 10:00")
    done = play.act(lambda: open_notice("2026H1", "I03", "WLX", actor=drafter))
    case_id = int(done["case"])
    tried = play.attempt(lambda: open_notice("2026H1", "I03", "WLX", actor=drafter))
    play.check(
        _("A suggestion may be opened at any time; a second one to the same unit is refused."),
        ("refused", ["draft_notice"], 8),
        (
            tried,
            play.see.nodes(case_id),
            len(play.see.children(play.cases["2026H1"], "risk_notice")),
        ),
    )

"""Chapter: the last two items are completed, one of them only after it was done again."""

from __future__ import annotations

from app.demo import papers, verbs
from app.demo.playing import Play
from app.demo.tanghe.dispatching import PARTIES
from app.i18n import Text, _

TITLE: Text = _("The other items are finished")


def play(play: Play) -> None:
    """One in time on its extended day, one late and sent back (domain row 22)."""
    _in_time(play)
    _done_again(play)
    play.check(
        _("No item is open any more: one was finished late, the two others in time."),
        [
            ("示平安督〔2026〕1号", "closed", "green"),
            ("示平安督〔2026〕2号", "closed", "red"),
            ("示平安督〔2026〕3号", "closed", "green"),
        ],
        sorted((row.number, row.status, row.due.light.code) for row in play.see.ledger()),
        rule="light",
    )


def _in_time(play: Play) -> None:
    item = play.cases["item I06"]
    play.at("2026-10-22 15:00")
    verbs.complete(play, item, "I06", "RSJ")
    play.at("2026-10-23 10:00")
    verbs.review(play, item, "pass")
    play.at("2026-10-26 10:00")
    verbs.strike_off(play, item)


def _done_again(play: Play) -> None:
    item = play.cases["item I02"]
    play.at("2026-10-26 11:00")
    verbs.complete(play, item, "I02", "ZJJ")
    play.at("2026-10-27 10:00")
    verbs.review(play, item, "redo", "化解率未达八成，请重新部署。")
    play.check(
        _("Sent back to be done again, the matter waits for a new plan of the unit’s leader."),
        (["rework_plan"], "县住建局·分管负责人"),
        (play.see.nodes(item), play.person("ZJJ", "unit_leader").name),
    )
    play.do(
        item,
        "rework_plan",
        papers.plan(play, "I02", PARTIES["I02"][0], "2026-10-30"),
        by=play.person("ZJJ", "unit_leader"),
    )
    play.at("2026-10-29 10:00")
    verbs.complete(play, item, "I02", "ZJJ")
    play.at("2026-10-30 10:00")
    verbs.review(play, item, "pass")
    play.at("2026-11-02 09:00")
    verbs.strike_off(play, item)
    row = play.see.item(item)
    play.check(
        _("The second item was urged three times and finished late, on 29 October."),
        ("red", "2026-10-29", 3),
        (row.due.light.code, str(row.completed), row.urged),
        rule="light",
    )

"""Chapter: more time is asked for before the date, and granted until a day."""

from __future__ import annotations

from app.commands.items import request_extension
from app.demo.papers import APPROVE
from app.demo.playing import Play
from app.i18n import Text, _

TITLE: Text = _("An extension")


def play(play: Play) -> None:
    """Applied for in time, signed by the unit, decided with a day (domain row 15)."""
    item = play.cases["item I06"]
    handler = play.person("RSJ", "unit_handler")
    play.at("2026-09-29 10:00")
    wanted = {
        "reason": "跨部门会商尚未结束。",
        "progress": "专户核查完成八成。",
        "new_date": play.iso("2026-10-23"),
    }
    done = play.act(lambda: request_extension(item, wanted, actor=handler))
    case_id = int(done["case"])
    play.do(case_id, "sign_extension", APPROVE, by=play.person("RSJ", "unit_leader"))
    tried = play.attempt(lambda: request_extension(item, wanted, actor=handler))
    play.check(
        _("While one application waits, a second one is not taken."),
        ("refused", 1),
        (tried, len(play.see.children(item, "extension_request"))),
    )
    play.check(
        _("Until somebody grants it, the date stays."),
        "2026-10-09",
        play.see.due(item, "complete_item"),
        rule="timer",
    )
    _decide(play, case_id)
    play.check(
        _("Granted, the item is due on 23 October; its first date stays on record."),
        ("2026-10-23", "2026-10-09", 1),
        (
            play.see.due(item, "complete_item"),
            str(play.see.task(item, "complete_item").due.first_day),
            play.see.item(item).extended,
        ),
    )


def _decide(play: Play, case_id: int) -> None:
    director = play.post("supervising_director")
    play.at("2026-09-30 10:00")
    holiday = {"decision": "grant", "granted_date": play.iso("2026-10-24"), "opinion": "同意。"}
    tried = play.try_to(case_id, "decide", holiday, by=director)
    play.check(
        _("A Saturday is no day to extend to."),
        ("refused", ["decide"]),
        (tried, play.see.nodes(case_id)),
        rule="calendar",
    )
    play.do(case_id, "decide", holiday | {"granted_date": play.iso("2026-10-23")}, by=director)
    play.check(
        _("Eleven working days, the first time: the director grants it without the leader."),
        ("closed", "granted"),
        (play.see.page(case_id).status, play.see.page(case_id).outcome),
        rule="approval",
    )

"""Chapter: four items are dispatched by supervision notices, with copies to those who help."""

from __future__ import annotations

from app.commands.cases import start_item
from app.commands.evaluation import start_brief
from app.commands.items import report_urgent
from app.commands.operations import ON_CASES
from app.demo import consequences, papers, verbs
from app.demo.county import unit_name
from app.demo.playing import Play
from app.demo.tongxu.meeting import DECISIONS
from app.i18n import Text, _
from app.queries.standing import standing

TITLE: Text = _("Four supervision notices")


def play(play: Play) -> None:
    """督办通知 to one lead each (TX-10, TX-11); what the mechanism lacks is not offered."""
    _dispatch(play)
    _one_lead(play)
    _sign(play)
    _not_offered(play)


def _dispatch(play: Play) -> None:
    play.at("2026-08-10 09:00")
    for code, lead, co in DECISIONS:
        due = {"due_date": play.iso("2026-09-18")}
        verbs.dispatch(play, play.cases[f"item {code}"], code, lead, co, **due)
    rows = {code: play.see.item(play.cases[f"item {code}"]) for code, *_rest in DECISIONS}
    play.check(
        _("The items carry the court’s own register numbers."),
        [f"示通督〔2026〕{n}号" for n in range(1, 5)],
        [row.number for row in rows.values()],
    )
    play.check(
        _("Each has exactly one lead unit, the others help it (TX-11)."),
        {code: (unit_name(lead), tuple(map(unit_name, co))) for code, lead, co in DECISIONS},
        {code: (row.lead, row.co) for code, row in rows.items()},
        rule="lead",
    )
    play.check(
        _("The notice is called 督办通知 and copied to every co-handler (TX-11)."),
        {code: (True, [unit_name(each) for each in co]) for code, _lead, co in DECISIONS},
        {
            code: (
                play.see.papers(case_id, "supervision_notice")[-1].title.endswith("督办通知"),
                play.see.sent(case_id, "supervision_notice", "cc"),
            )
            for code, case_id in _items(play).items()
        },
        rule="copy",
    )


def _one_lead(play: Play) -> None:
    office = play.post("supervising_office")
    tried = play.attempt(lambda: start_item(play.key, "试立项", "ZJJ", ["ZJJ"], actor=office))
    play.check(
        _("An item whose lead unit also helps itself is refused: there is exactly one lead."),
        ("refused", 4),
        (tried, len(play.see.ledger())),
        rule="lead",
    )
    matter = papers.matter("I02")
    tried = play.attempt(lambda: start_item(play.key, matter, "ZJJ", [], "I02", actor=office))
    play.check(
        _("A second open item on the same matter of the same unit is refused (一事一件)."),
        ("refused", 4),
        (tried, len(play.see.ledger())),
    )


def _sign(play: Play) -> None:
    play.at("2026-08-11 10:00")
    for code, lead, co in DECISIONS:
        verbs.sign_for(play, play.cases[f"item {code}"], lead, co)
    play.at("2026-08-12 10:00")
    for code, lead, _co in DECISIONS:
        plan = papers.plan(play, code, lead, "2026-09-11")
        by = play.person(lead, "unit_leader")
        play.do(play.cases[f"item {code}"], "appoint_handler", plan, by=by)
    play.check(
        _("Every lead unit named its handler; every co-handler has a clock of its own (TX-12)."),
        ("县人社局·经办人", "2026-08-24"),
        (
            play.see.page(play.cases["item I06"]).handler,
            play.see.due(play.cases["item I06"], "co_opinion"),
        ),
        rule="lead",
    )


def _not_offered(play: Play) -> None:
    """Table 1.3: no urgent report, no brief upward."""
    item, handler = play.cases["item I06"], play.person("RSJ", "unit_handler")
    offered = [each.name for each in ON_CASES.offers(handler, standing(handler, item))]
    urgent = consequences.urgent(play, "2026-08-12")
    tried = play.attempt(lambda: report_urgent(item, urgent, actor=handler))
    play.check(
        _("The urgent report is not offered here, and refused to whoever asks for it."),
        (0, "refused", []),
        (offered.count("urgent"), tried, play.see.children(item, "urgent_report")),
    )
    office = play.post("supervising_office")
    tried = play.attempt(lambda: start_brief(play.key, "专报", actor=office))
    play.check(
        _("A brief to superiors does not exist under this mechanism."),
        "refused",
        tried,
    )


def _items(play: Play) -> dict[str, int]:
    return {code: play.cases[f"item {code}"] for code, *_rest in DECISIONS}

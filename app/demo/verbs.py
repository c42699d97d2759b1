"""What happens again and again in a county: a round, a notice, an item, as one verb each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app import clock
from app.actor import SYSTEM, Actor
from app.commands import cases, demonstration, deputies, imports, items, staging
from app.demo import papers
from app.demo.county import county, readings_file, round_of
from app.demo.papers import APPROVE, SIGN
from app.demo.playing import Play
from app.rules.periods import Period


def open_round(play: Play, code: str) -> int:
    """The analysts open a round; the play knows its case and the round itself by name."""
    period = play.shift.period(code)
    done = play.act(
        lambda: cases.start_round(
            period.code,
            period.kind,
            period.start,
            period.end,
            play.key,
            f"基于司法大数据的{county()['areas']['county']}经济社会运行情况评估报告（{said(period)}）",
            actor=play.post("analysis_office"),
        )
    )
    play.rounds[code], play.cases[code] = int(done["round"]), int(done["case"])
    return play.cases[code]


def stand_in(play: Play, deputy: Actor, person: Actor) -> int:
    """The security administrator lets one act for the other for a week."""
    today = clock.today()
    term = {"first_day": f"{today}", "last_day": f"{today + timedelta(days=6)}"}
    said = {"deputy": deputy.login, "post": "all", "despite": True, **term}
    security = play.person("DSJ", "sec_admin")
    made = play.act(lambda: deputies.name_deputy(person.person_id or 0, said, actor=security))
    return made["deputyship"]


def stand_back(play: Play, deputyship: int) -> None:
    """And ends it."""
    security = play.person("DSJ", "sec_admin")
    play.act(lambda: deputies.end_deputyship(deputyship, actor=security))


def said(period: Period) -> str:
    """A period as official titles say it."""
    half, quarter = "上下", "一二三四"
    return {
        "annual": f"{period.year}年度",
        "half_year": f"{period.year}年{half[(period.n - 1) % 2]}半年",
        "quarter": f"{period.year}年第{quarter[(period.n - 1) % 4]}季度",
    }[period.kind]


def upload(play: Play, name: str, content: bytes, *, by: Actor) -> int:
    """A file is uploaded and read into its preview."""
    file = f"{play.shift.period(name).code}.csv"
    done = play.act(lambda: imports.upload(play.rounds[name], file, content, actor=by))
    if not done["already"]:
        staging.stage(done["batch"], actor=by)
    return int(done["batch"])


def bring_in(play: Play, code: str) -> int:
    """The real bytes of a round's file go in; areas nobody knew yet are created.

    The round is marked: its figures are made up.
    """
    analyst = play.post("analysis_office")
    batch = upload(play, code, readings_file(code, play.shift.period(code).code), by=analyst)
    play.act(lambda: imports.create_all_unknown(batch, actor=analyst))
    play.act(lambda: imports.confirm(batch, actor=analyst))
    play.act(lambda: demonstration.mark_synthetic(play.rounds[code], actor=SYSTEM))
    return batch


def report(play: Play, case_id: int, codes: Sequence[str], recipients: Sequence[str]) -> None:
    """The report is drafted, approved by the leader and submitted."""
    analyst = play.post("analysis_office")
    title = play.see.page(case_id).title
    play.do(case_id, "draft_report", papers.report(title, codes), by=analyst)
    play.do(case_id, "approve_report", APPROVE, by=play.post("issuing_leader"))
    play.do(
        case_id,
        "submit_report",
        {"recipients": list(recipients), "method": "electronic"},
        by=analyst,
    )


def open_notices(play: Play, case_id: int, answers: dict[str, Any]) -> dict[str, int]:
    """The notices of a round are opened; their cases by indicator name."""
    play.do(case_id, "issue_notices", answers, by=play.post("drafting_office"))
    opened = {
        play.see.page(each.case_id).indicator: each.case_id
        for each in play.see.children(case_id, "risk_notice")
    }
    names = {each["name"]: each["code"] for each in county()["indicators"]}
    return {names[name]: notice for name, notice in opened.items()}


def issue(play: Play, case_id: int, *, copies: Sequence[str] = ()) -> None:
    """A drafted (and, where needed, approved) notice is numbered and served."""
    drafter = play.post("drafting_office")
    play.do(case_id, "issue_notice", {"checked": True, "copies": list(copies)}, by=drafter)
    play.do(case_id, "serve_notice", {"method": "electronic"}, by=drafter)


def draft_and_approve(play: Play, case_id: int, code: str, kind: str = "") -> None:
    """A notice is drafted, and approved where the mechanism wants it."""
    play.do(
        case_id, "draft_notice", papers.notice(play, code, kind), by=play.post("drafting_office")
    )
    if play.profile.notice_approval:
        play.do(case_id, "approve_notice", APPROVE, by=play.post("issuing_leader"))


def answer(play: Play, case_id: int, code: str, unit: str) -> None:
    """A unit files its work opinion and its leader signs it."""
    play.do(
        case_id, "work_opinion", papers.opinion(play, code), by=play.person(unit, "unit_handler")
    )
    play.do(case_id, "sign_opinion", APPROVE, by=play.person(unit, "unit_leader"))


def accept(play: Play, case_id: int) -> None:
    """The office accepts a work opinion."""
    play.do(case_id, "review_opinion", {"decision": "accept"}, by=play.post("opinion_office"))


def dispatch(
    play: Play, case_id: int, code: str, lead: str, co: Sequence[str], **more: Any
) -> None:
    """An item is registered by the clerk and dispatched by the director."""
    play.do(
        case_id,
        "register",
        papers.registration(code, lead, co, **more),
        by=play.post("supervising_office"),
    )
    play.do(case_id, "approve_dispatch", APPROVE, by=play.post("supervising_director"))


def sign_for(play: Play, case_id: int, lead: str, co: Sequence[str]) -> None:
    """The lead unit and every co-handler sign for the notice."""
    if lead:
        play.do(case_id, "sign_for", SIGN, by=play.person(lead, "unit_liaison"))
    for unit in co:
        play.do(case_id, "co_sign_for", SIGN, by=play.person(unit, "unit_liaison"))


def report_progress(play: Play, case_id: int, unit: str, text: str, percent: int) -> None:
    """A unit's handler says how far it is."""
    by = play.person(unit, "unit_handler")
    play.act(lambda: items.report_progress(case_id, papers.progress(text, percent), actor=by))


def complete(play: Play, case_id: int, code: str, unit: str) -> None:
    """The lead unit reports the matter done and its leader signs."""
    play.do(case_id, "complete_item", papers.completion(code), by=play.person(unit, "unit_handler"))
    play.do(case_id, "sign_completion", APPROVE, by=play.person(unit, "unit_leader"))


def review(play: Play, case_id: int, decision: str, opinion: str = "") -> None:
    """The office looks into a completion."""
    play.do(
        case_id,
        "review_completion",
        papers.review(decision, opinion),
        by=play.post("supervising_office"),
    )


def strike_off(play: Play, case_id: int) -> None:
    """The director, who did not review it, strikes the item off."""
    play.do(case_id, "strike_off", {"confirmed": True}, by=play.post("supervising_director"))


def levels_of(code: str) -> dict[str, str]:
    """The level of each indicator in a round of the dataset."""
    return dict(round_of(code)["levels"])

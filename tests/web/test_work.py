"""People at work: the inbox, a task filled in and sent, the case, ledger, papers, audit."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from app.actor import SYSTEM
from app.commands import indexing, units
from app.db import session
from app.model import Event
from tests import evaluating, loop, stories
from tests.faults.counting import counted
from tests.people import County
from tests.stories import open_nodes, task
from tests.web.conftest import Browser

HIDDEN = re.compile(r'name="(version|idempotency_key)" value="([^"]*)"')


@pytest.fixture
def notice(tanghe: County) -> int:
    """A notice that has been drafted and waits for the president's approval."""
    case_id = loop.round_with_notices(tanghe)["notices"]["I10"]
    stories.complete(case_id, "draft_notice", loop.draft(tanghe), by=tanghe.post("drafting_office"))
    return case_id


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(HIDDEN.findall(page))


def test_what_i_submit_leaves_my_list_and_reaches_the_next_ones(tanghe, enter, notice):
    president = tanghe.post("issuing_leader")
    browser, next_one = enter(president), enter(tanghe.post("drafting_office"))
    address = f"/tasks/{task(notice, 'approve_notice').id}"
    assert address in browser.get("/inbox/").text

    form = carried(browser.get(address).text)
    answer = browser.post(
        f"{address}/completion", {**form, "decision": "approve", "opinion": "同意"}
    )

    assert answer.status_code == 303
    assert address not in browser.get("/inbox/").text
    assert f"/tasks/{task(notice, 'issue_notice').id}" in next_one.get("/inbox/").text


def test_a_task_page_asks_the_database_little(tanghe, enter, notice):
    """Who asks, the task, how it stands, past tasks, papers, history, files; four for a trend."""
    units.rename_unit(tanghe.units["ZJJ"], {"name": "住房和城乡建设局"}, actor=SYSTEM)
    browser = enter(tanghe.post("issuing_leader"))
    address = f"/tasks/{task(notice, 'approve_notice').id}"
    browser.get(address)

    with counted() as cost:
        assert browser.get(address).status_code == 200

    assert len(cost.statements) <= 11, "\n\n".join(cost.statements)


def test_a_problem_brings_the_form_back_with_every_word(tanghe, enter, notice):
    browser = enter(tanghe.post("issuing_leader"))
    address = f"/tasks/{task(notice, 'approve_notice').id}"

    answer = browser.post(
        f"{address}/completion",
        {
            **carried(browser.get(address).text),
            "decision": "return",
            "opinion": "",
        },
    )

    assert answer.status_code == 422
    assert "f-opinion" in answer.text
    assert open_nodes(notice) == ["approve_notice"]


def test_a_field_the_form_does_not_have_is_refused(tanghe, enter, notice):
    browser = enter(tanghe.post("issuing_leader"))
    address = f"/tasks/{task(notice, 'approve_notice').id}"

    answer = browser.post(
        f"{address}/completion",
        {
            **carried(browser.get(address).text),
            "decision": "approve",
            "leader_ok": "true",
        },
    )

    assert answer.status_code == 422
    assert open_nodes(notice) == ["approve_notice"]


def test_the_second_of_two_hears_who_was_faster_and_keeps_the_text(tanghe, enter, notice):
    first, second = (enter(tanghe.post("issuing_leader")) for _ in range(2))
    address = f"/tasks/{task(notice, 'approve_notice').id}"
    forms = [carried(browser.get(address).text) for browser in (first, second)]
    first.post(f"{address}/completion", {**forms[0], "decision": "approve", "opinion": "同意"})

    late = second.post(
        f"{address}/completion", {**forms[1], "decision": "return", "opinion": "请再补充一段分析"}
    )

    assert late.status_code == 409
    assert "请再补充一段分析" in late.text
    assert tanghe.post("issuing_leader").name in late.text


def test_the_same_form_sent_twice_is_one_act(tanghe, enter, notice):
    browser = enter(tanghe.post("issuing_leader"))
    address = f"/tasks/{task(notice, 'approve_notice').id}"
    sent = {**carried(browser.get(address).text), "decision": "approve", "opinion": "同意"}

    answers = [browser.post(f"{address}/completion", sent).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert stories.kinds(notice).count("task.completed") == 2


def test_a_stranger_learns_nothing_of_the_case(tanghe, enter, notice):
    browser = enter(tanghe.stranger)
    (paper,) = stories.papers(notice)

    for address in (
        f"/cases/{notice}",
        f"/cases/{notice}/diagram.bpmn",
        f"/cases/{notice}/marks.json",
        f"/tasks/{task(notice, 'approve_notice').id}",
        f"/documents/{paper.id}",
        "/audit/",
        f"/audit/streams/case:{notice}",
    ):
        assert browser.get(address).status_code == 404, address


def test_the_case_page_says_where_it_stands(tanghe, enter, notice):
    page = enter(tanghe.post("drafting_office")).get(f"/cases/{notice}").text

    assert 'data-open="approve_notice"' in page
    assert "draft_notice" in page
    assert f'/cases/{notice}/diagram.bpmn"' in page


def test_an_issued_paper_shows_its_number_and_deliveries(tanghe, enter, notice):
    drafter = tanghe.post("drafting_office")
    stories.complete(notice, "approve_notice", loop.APPROVE, by=tanghe.post("issuing_leader"))
    stories.complete(notice, "issue_notice", {"checked": True}, by=drafter)
    stories.complete(notice, "serve_notice", {"method": "electronic"}, by=drafter)
    paper = stories.papers(notice)[0]

    page = enter(tanghe.actor("unit_handler", "ZJJ")).get(f"/documents/{paper.id}").text

    assert paper.number in page
    assert "县住房和城乡建设局" in page
    assert paper.sha256 in page


def breaks(browser: Browser) -> str:
    """The places that do not fit, as the page lists them."""
    page = browser.post("/audit/verification").text
    return page.partition('<ul class="breaks">')[2].partition("</ul>")[0]


def test_the_auditor_verifies_and_reads_a_stream(tanghe, enter, notice):
    browser = enter(tanghe.actor("business_auditor"))

    assert "起草" in browser.get(f"/audit/streams/case:{notice}").text
    assert f"/audit/streams/case:{notice}" not in breaks(browser)
    session().execute(
        update(Event).where(Event.stream == f"case:{notice}", Event.seq == 2).values(kind="x.y")
    )
    session().commit()
    assert f"/audit/streams/case:{notice}" in breaks(browser)


def test_streams_can_be_looked_for_after_verifying_too(tanghe, enter, notice):
    page = enter(tanghe.actor("business_auditor")).post("/audit/verification").text

    assert '<form class="filters" method="get" action="/audit/">' in page


def test_the_audit_administrator_reads_no_case(tanghe, enter, notice):
    browser = enter(tanghe.actor("audit_admin"))

    assert browser.get("/audit/").status_code == 200
    assert browser.get(f"/audit/streams/case:{notice}").status_code == 404


def test_who_has_answered_and_the_answers_as_a_file(tanghe, enter):
    opened = loop.round_with_notices(tanghe)
    loop.filed_opinion(tanghe, opened["notices"]["I10"], "ZJJ")
    browser = enter(tanghe.actor("supervision_clerk"))
    address = f"/rounds/{opened['round']}"

    page = browser.get(f"{address}/collection").text
    table = browser.get(f"{address}/consolidation.csv").text

    assert "县住房和城乡建设局" in page
    assert "制定服务标准" in table
    assert browser.get(f"{address}/consolidation.xlsx").data[:2] == b"PK"
    assert browser.get(f"{address}/consolidation.exe").status_code == 404


def test_the_search_finds_only_what_one_may_see(tanghe, enter, notice):
    indexing.catch_up()
    found = enter(tanghe.post("drafting_office")).get("/search/?q=物业").text
    by_unit = enter(tanghe.post("drafting_office")).get("/search/?q=住房和城乡").text
    hidden = enter(tanghe.stranger).get("/search/?q=物业").text

    assert f"/cases/{notice}" in found
    assert f"/cases/{notice}" in by_unit
    assert f"/cases/{notice}" not in hidden


def test_a_changed_day_moves_the_open_dates(tanghe, enter, notice):
    browser = enter(tanghe.actor("supervision_director"))
    stranger = enter(tanghe.stranger)
    said = {"day": "2026-07-08", "kind": "holiday", "note": "演示", "source": "示例"}

    answer = browser.post("/calendar/day", said)

    assert answer.status_code == 303
    assert "演示" in browser.get("/calendar/?year=2026").text
    assert browser.post("/calendar/day", {**said, "day": "someday"}).status_code == 422
    assert stranger.post("/calendar/day", said).status_code == 404


def test_a_clerk_registers_an_item_and_calls_a_meeting(tanghe, enter):
    loop.graded_round(tanghe)
    browser = enter(tanghe.actor("supervision_clerk"))
    item = {
        "profile": "tanghe",
        "matter": "物业服务合同纠纷风险化解",
        "source": "other",
        "requirement": "开展物业服务合同纠纷专项治理。",
        "lead": "ZJJ",
        "co": ["SJG"],
    }

    opened = browser.post("/start/item", item)
    meeting = browser.post("/start/meeting", {"title": "风险化解联席会议"})

    assert opened.status_code == 303
    assert "登记立项" in browser.get(opened.location).text
    assert "筹备会议" in browser.get(meeting.location).text
    assert "风险化解联席会议" in browser.get("/meetings/").text
    assert browser.post("/start/item", {**item, "lead": ""}).status_code == 422
    assert enter(tanghe.stranger).get("/start/item").status_code == 404


def test_an_evaluation_shows_before_and_after_and_its_deductions(tanghe, enter):
    case_id = evaluating.decided(
        tanghe, evaluating.stated(tanghe, evaluating.proposed(tanghe, evaluating.started(tanghe)))
    )

    page = enter(tanghe.actor("supervision_director")).get(f"/cases/{case_id}").text
    own = enter(tanghe.actor("unit_leader", "ZJJ")).get(f"/cases/{case_id}").text

    for page_of in (page, own):
        assert 'id="outcomes"' in page_of
        assert "物业服务合同纠纷风险指数" in page_of
        assert 'id="deductions"' in page_of
    assert "已核定" in page

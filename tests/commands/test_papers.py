"""Papers: numbered once, hashed, delivered once to each unit, and never changed afterwards."""

from __future__ import annotations

import pytest

from app import advance, documents, journal
from app.db import transaction
from app.effects import numbers, papers
from app.errors import Invalid
from app.rules import profiles
from tests import loop, stories
from tests.stories import complete

SUMMARY = {"units": [{"unit": "县住房和城乡建设局", "open": 1}]}


@pytest.fixture
def case_id(tanghe):
    return loop.called_meeting(tanghe)


def within(case_id, act):
    """Do something to a locked case and write its journal, as a command would."""
    with transaction():
        found = act(advance.load(case_id))
        journal.flush()
    return found


def issue(county, case_id, **where):
    def act(loaded):
        paper = papers.draft(loaded, "status_pack", title="情况表", content=SUMMARY)
        return papers.issue(loaded, paper, actor=county.post("supervising_office"), **where)

    return within(case_id, act)


def test_an_open_draft_is_written_again_and_an_issued_one_is_not(tanghe, case_id):
    within(case_id, lambda c: papers.draft(c, "status_pack", title="一稿", content={}))
    within(case_id, lambda c: papers.draft(c, "status_pack", title="二稿", content=SUMMARY))
    assert [p.title for p in stories.papers(case_id)] == ["二稿"]

    issue(tanghe, case_id)
    within(case_id, lambda c: papers.draft(c, "status_pack", title="三稿", content={}))

    assert [(p.title, p.state) for p in stories.papers(case_id)] == [
        ("情况表", "issued"),
        ("三稿", "draft"),
    ]


def test_an_issued_paper_cannot_be_issued_again(tanghe, case_id):
    paper = issue(tanghe, case_id)

    with pytest.raises(Invalid, match="does not change any more"):
        within(case_id, lambda c: papers.issue(c, paper, actor=tanghe.post("convener")))


def test_an_approved_paper_is_issued_only_as_it_was_approved(tanghe, case_id):
    def approve(loaded):
        paper = papers.draft(loaded, "status_pack", title="情况表", content=SUMMARY)
        papers.approve(loaded, paper, actor=tanghe.post("convener"))
        return paper

    paper = within(case_id, approve)

    def tamper(loaded):
        found = papers.required(loaded, "status_pack")
        found.content = {"units": []}
        papers.issue(loaded, found, actor=tanghe.post("convener"))

    with pytest.raises(ValueError, match="not what was approved"):
        within(case_id, tamper)
    within(
        case_id,
        lambda c: papers.issue(c, papers.required(c, "status_pack"), actor=tanghe.post("convener")),
    )
    assert stories.papers(case_id)[0].sha256 == paper.sha256


def test_numbers_run_by_kind_and_year_and_carry_the_profiles_words(tanghe, case_id):
    stories.set_clock("2026-12-31 10:00")
    assert issue(tanghe, case_id).number == "示情况〔2026〕1号"
    assert issue(tanghe, case_id).number == "示情况〔2026〕2号"

    stories.set_clock("2027-01-04 10:00")

    assert issue(tanghe, case_id).number == "示情况〔2027〕1号"


def test_minutes_carry_the_number_of_their_meeting(tanghe, case_id):
    number = within(case_id, lambda c: numbers.document_number(c, "meeting_minutes"))

    assert number == stories.case(case_id).number == "联席〔2026〕1号"


def test_a_kind_the_profile_gives_no_number_has_none(tanghe, case_id):
    def without_numbers(loaded):
        bare = {**stories.profiles.available()["tanghe"]}
        bare["numbers"] = {
            "cases": {},
            "documents": {
                kind: template
                for kind, template in bare["numbers"]["documents"].items()
                if kind in ("risk_notice", "supervision_notice", "supervision_brief")
            },
        }
        loaded.profile = profiles.parse(bare)
        return (
            numbers.document_number(loaded, "status_pack"),
            numbers.document_number(loaded, "risk_notice"),
        )

    assert within(case_id, without_numbers) == (None, "示法风提〔2026〕1号")


def test_a_unit_gets_a_paper_once_in_its_first_role(tanghe, case_id):
    zjj, sjg, pab = (tanghe.unit(code) for code in ("ZJJ", "SJG", "PAB"))

    paper = issue(tanghe, case_id, to=[zjj], cc=[zjj, sjg], upward=[sjg, pab, pab])

    assert sorted(stories.deliveries(paper.id)) == sorted(
        [
            (zjj, "main"),
            (sjg, "cc"),
            (pab, "cc_upward"),
        ]
    )


def test_the_journal_names_number_hash_and_addressees(tanghe, case_id):
    paper = issue(tanghe, case_id, to=[tanghe.unit("ZJJ")])

    act = stories.acts(f"case:{case_id}", "document.issued")[-1]
    assert act["data"]["number"] == paper.number
    assert act["data"]["sha256"] == paper.sha256 == papers.content_hash(paper)
    assert act["data"]["main"] == [tanghe.unit("ZJJ")]


def test_content_outside_the_catalogue_is_refused(tanghe, case_id):
    with pytest.raises(ValueError, match="weather is no section"):
        within(
            case_id,
            lambda c: papers.draft(c, "status_pack", title="情况表", content={"weather": "晴"}),
        )


def test_a_paper_the_diagram_promises_but_nobody_wrote_is_refused(tanghe, case_id):
    with pytest.raises(Invalid, match="not been drafted"):
        within(case_id, lambda c: papers.required(c, "task_list"))


def test_what_was_delivered_at_once_keeps_its_moment_when_served_again(tanghe, case_id):
    paper = issue(tanghe, case_id, to=[tanghe.unit("ZJJ")])
    before = stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"].delivered_at
    stories.set_clock("2026-07-08 10:00")

    within(
        case_id,
        lambda c: papers.serve(
            c, papers.required(c, "status_pack"), actor=tanghe.post("convener"), method="post"
        ),
    )

    after = stories.deliveries(paper.id)[tanghe.unit("ZJJ"), "main"]
    assert (after.delivered_at, after.method) == (before, "electronic")


def test_a_units_own_paper_is_issued_by_the_accountable_unit(tanghe):
    case_id = loop.reported_round(tanghe)["case"]
    complete(case_id, "issue_notices", {"scope": "all"}, by=tanghe.post("drafting_office"))
    notice = stories.children(case_id)[0].id

    paper = within(notice, lambda c: papers.draft(c, "reply_letter", title="复函", content={}))

    assert paper.issuer_unit_id == tanghe.unit("ZJJ")


def test_units_are_found_by_code_and_unknown_ones_refused(tanghe):
    assert papers.unit_ids(["ZJJ", "FY"]) == [tanghe.unit("ZJJ"), tanghe.unit("FY")]
    with pytest.raises(Invalid, match="NIX"):
        papers.unit_ids(["ZJJ", "NIX"])


@pytest.mark.parametrize("key", ["tanghe", "tongxu"])
def test_every_kind_has_a_number_series_in_every_profile(key):
    numbered = profiles.load(key).numbers.documents

    assert {kind.series for kind in documents.KINDS.values()} - set(numbered) == set()


@pytest.mark.parametrize("key", ["tanghe", "tongxu"])
def test_every_kind_finds_its_issuer(key, database):
    county = stories.county(key)
    case_id = loop.called_meeting(county)

    def issuers(loaded):
        return {
            kind.code: papers.draft(loaded, kind.code, title="x", content={}).issuer_unit_id
            for kind in documents.KINDS.values()
            if kind.issuer != "unit"
        }

    assert None not in within(case_id, issuers).values()

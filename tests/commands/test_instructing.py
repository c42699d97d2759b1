"""Leaders' instructions: who enters them for whom, on what, and the items that follow (row 19)."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import select

from app.commands import attachments
from app.commands.cases import start_item
from app.commands.ending import declare_void
from app.commands.instructing import instruct
from app.commands.operations import ON_CASES
from app.db import session
from app.errors import Invalid, NotAllowed, NotFound
from app.model import Instruction, InstructionItem
from app.queries.cases import case_page
from app.queries.history import history
from app.queries.instructions import item_asked_for
from app.queries.papers import paper
from app.queries.standing import standing
from tests import stories, supervision
from tests.files.samples import PDF
from tests.people import deputise

ACT = {
    "paper": "case",
    "leader_post": "县委政法委书记",
    "kind": "act",
    "text": "请住建局牵头抓紧办理。",
    "addressees": ["FGW", "CZJ"],
    "entry": "self",
}
FOR_THEM = ACT | {"entry": "on_behalf"}


@pytest.fixture
def item(tanghe):
    """An item of the housing bureau, in hand."""
    return supervision.in_hand(tanghe)


@pytest.fixture
def office(tanghe):
    return tanghe.post("supervising_office")


def only(case_id: int) -> Instruction:
    return session().scalars(select(Instruction).where(Instruction.case_id == case_id)).one()


def filed(case_id: int, actor, name: str = "批示原件.pdf") -> int:
    """A file of the case."""
    return attachments.attach(case_id, name, io.BytesIO(PDF), actor=actor)["attachment"]


def test_the_scan_of_the_original_stays_with_the_instruction(tanghe, item, office):
    scan = filed(item, office)
    elsewhere = filed(supervision.open_item(tanghe, matter="另一事项"), office)
    gone = filed(item, office, "作废.pdf")
    attachments.withdraw(gone, actor=office)
    for wrong in (elsewhere, gone, 10**6):
        with pytest.raises(Invalid) as refused:
            instruct(item, FOR_THEM | {"scan": str(wrong)}, actor=office)
        assert set(refused.value.fields) == {"scan"}
    instruct(item, FOR_THEM | {"scan": str(scan)}, actor=office)

    (said,) = case_page(office, item).instructions
    assert (said.scan_id, said.scan) == (scan, "批示原件.pdf")
    (act,) = stories.acts(f"case:{item}", "instruction.given")
    assert act["data"]["scan"] == scan
    instruct(item, FOR_THEM | {"scan": "0"}, actor=office)
    assert case_page(office, item).instructions[1].scan_id is None
    with pytest.raises(Invalid, match="original"):
        attachments.withdraw(scan, actor=office)


def test_where_a_case_has_no_files_no_scan_is_asked_for(item, office):
    form = ON_CASES.offered(office, standing(office, item), "instruct").form
    assert form.field("scan") is None
    scan = filed(item, office)
    form = ON_CASES.offered(office, standing(office, item), "instruct").form
    assert [option.value for option in form.field("scan").options] == ["0", str(scan)]


def test_a_leader_enters_an_instruction_and_nothing_waits_for_it(tanghe, item):
    before = stories.open_nodes(item)

    instruct(item, ACT | {"given_on": "2026-07-05"}, actor=tanghe.post("convener"))

    said = only(item)
    assert (said.kind, said.entry, said.given_on) == ("act", "self", date(2026, 7, 5))
    assert said.addressees == [tanghe.unit("FGW"), tanghe.unit("CZJ")]
    assert stories.open_nodes(item) == before
    (act,) = stories.acts(f"case:{item}", "instruction.given")
    assert act["unit"] == tanghe.unit("ZFW")
    assert act["data"]["units"] == said.addressees


def test_the_office_enters_it_for_the_leader_and_says_so(tanghe, item, office):
    with pytest.raises(Invalid) as refusal:
        instruct(item, ACT, actor=office)
    assert set(refusal.value.fields) == {"entry"}

    instruct(item, FOR_THEM, actor=office)

    said = only(item)
    assert (said.entry, said.entered_by, said.given_on) == (
        "on_behalf",
        office.person_id,
        date(2026, 7, 6),
    )
    (shown,) = case_page(office, item).instructions
    assert (shown.entered_by, shown.addressees) == (
        office.name,
        ("县发展和改革委员会", "县财政局"),
    )


def test_a_deputy_enters_it_in_the_leaders_place(tanghe, item):
    convener = tanghe.post("convener")
    deputy = deputise(tanghe, tanghe.actor("business_auditor"), convener)

    instruct(item, ACT, actor=deputy)

    (act,) = stories.acts(f"case:{item}", "instruction.given")
    assert (act["person"], act["deputy_for"]) == (deputy.person_id, convener.person_id)


def test_a_deputy_for_other_kinds_of_cases_does_not(tanghe, item):
    handler, convener = tanghe.actor("unit_handler", "ZJJ"), tanghe.post("convener")

    with pytest.raises(NotAllowed):
        instruct(item, ACT, actor=deputise(tanghe, handler, convener, "joint_meeting"))


def test_units_do_not_instruct_and_strangers_know_of_nothing(tanghe, item):
    with pytest.raises(NotAllowed):
        instruct(item, ACT, actor=tanghe.actor("unit_head", "ZJJ"))
    with pytest.raises(NotFound):
        instruct(item, ACT, actor=tanghe.stranger)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"addressees": []}, "addressees"),
        ({"kind": "praise"}, "kind"),
        ({"given_on": "2026-07-07"}, "given_on"),
        ({"paper": "999999"}, "paper"),
        ({"leader_post": ""}, "leader_post"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(tanghe, item, changes, field):
    with pytest.raises(Invalid) as refusal:
        instruct(item, ACT | changes, actor=tanghe.post("convener"))

    assert set(refusal.value.fields) == {field}
    assert case_page(tanghe.post("convener"), item).instructions == ()


def test_it_may_be_about_one_paper_and_stands_with_that_one_alone(tanghe, item):
    supervision.completed(tanghe, item)
    notice, report = stories.papers(item)
    convener = tanghe.post("convener")

    instruct(item, ACT | {"paper": str(report.id), "kind": "noted"}, actor=convener)

    assert [said.paper for said in paper(convener, report.id).instructions] == [report.title]
    assert paper(convener, notice.id).instructions == ()
    assert len(case_page(convener, item).instructions) == 1


def test_a_closed_case_takes_one_a_void_one_does_not(tanghe, item):
    convener = tanghe.post("convener")
    supervision.struck_off(tanghe, item)
    instruct(item, ACT | {"kind": "affirm"}, actor=convener)
    other = supervision.dispatched(tanghe)
    declare_void(other, {"reason": "重复立项，予以作废"}, actor=tanghe.post("supervising_director"))

    with pytest.raises(Invalid, match="ended before its time"):
        instruct(other, ACT, actor=convener)


def started(county, instruction: int | None, matter: str = "领导批示事项") -> int:
    office = county.post("supervising_office")
    key = county.profile.key
    return start_item(key, matter, "FGW", ["CZJ"], None, instruction, actor=office)["case"]


def test_items_are_opened_from_it_and_both_sides_say_so(tanghe, item, office):
    given = instruct(item, ACT, actor=tanghe.post("convener"))["instruction"]

    known = item_asked_for(office, given)
    first, second = started(tanghe, given), started(tanghe, given, "另一事项")

    assert (known["lead"], known["co"], known["requirement"], known["source"]) == (
        "FGW",
        ["CZJ"],
        ACT["text"],
        "instruction",
    )
    assert known["indicator"] == "I10"
    assert stories.case(first).parent_id == item
    links = session().scalars(select(InstructionItem.case_id).order_by(InstructionItem.case_id))
    assert list(links) == [first, second]
    (said,) = case_page(office, item).instructions
    assert [case_id for case_id, _name in said.items] == [first, second]
    assert stories.kinds(item).count("instruction.followed") == 2


def test_items_of_others_are_not_told_to_who_may_not_know_of_them(tanghe, item, office):
    given = instruct(item, ACT, actor=tanghe.post("convener"))["instruction"]
    other = started(tanghe, given)
    unit = tanghe.actor("unit_handler", "ZJJ")

    for viewer, seen in ((office, [other]), (unit, [])):
        (said,) = case_page(viewer, item).instructions
        assert [case_id for case_id, _name in said.items] == seen
    assert not any("领导批示事项" in str(line.text) for line in history(unit, item))


def test_only_what_asks_for_action_leads_to_an_item(tanghe, item, office):
    given = instruct(item, ACT | {"kind": "read"}, actor=tanghe.post("convener"))["instruction"]

    with pytest.raises(Invalid, match="asks for action"):
        started(tanghe, given)
    with pytest.raises(NotFound):
        started(tanghe, 10**6)
    with pytest.raises(NotFound):
        item_asked_for(office, given)
    assert stories.children(item) == []


def test_the_same_matter_is_not_opened_twice_from_it(tanghe, item):
    given = instruct(item, ACT, actor=tanghe.post("convener"))["instruction"]
    started(tanghe, given)

    with pytest.raises(Invalid) as refusal:
        started(tanghe, given)

    assert set(refusal.value.fields) == {"override_reason"}

"""A county in the middle of its work: cases of every kind, at different steps."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app import clock as local_clock
from app.commands import (
    asking,
    attachments,
    circulations,
    clock,
    comments,
    copies,
    ending,
    indexing,
    installation,
    items,
    reassigning,
    supervising,
    views,
)
from app.commands.deputies import name_deputy
from app.commands.evaluation import start_brief, start_evaluation
from app.db import session
from app.model import Assignment, Case, Comment, Delivery, Document
from tests import bringing, loop, people, rosters, stories, supervision, trouble
from tests.people import County

EXTENSION = {"reason": "涉及部门多", "progress": "完成八成", "new_date": "2026-12-30"}
OBJECT = {"decision": "object", "reason": "本单位无此职责"}
INSTRUCTION = {
    "paper": "case", "leader_post": "县委政法委书记", "kind": "act", "text": "请抓紧办理。",
    "addressees": ["ZJJ"], "entry": "on_behalf",
}  # fmt: skip
MOVED = {"part": "lead", "unit": "FGW", "reason": "职能已划转该单位"}
BACK = {**MOVED, "unit": "RSJ"}
URGENT = {
    "event": "群体性信访苗头", "occurred_on": "2026-07-06", "impact": "涉及三百户",
    "actions": "现场接访",
}  # fmt: skip
DOUBTFUL = f"{bringing.CONSTRUCTION},2026Q2,county,邻县,150,,,\n"

COPIED: frozenset[tuple[str, str | None]] = frozenset({("SJG", None)})
AGAIN = {"task": "previous", "follow": "stepwise", "reason": "请再核一遍"}
OTHERS = {"units": ["CZJ"], "reason": "请会签"}
TO_LIAISON = {"person": "zjj_unit_liaison"}
REMOVED = {"signers": ["all"], "reason": "不再需要"}
SIGNERS = {"units": ["FGW"], "reason": "请会签"}
END = {"reason": "上级已另行部署"}
END_ALL = {**END, "branches": "end"}
REOPENED = {**END, "entry": "as_it_stood", "due_date": "2026-12-30"}
ELSEWHERE = {**END, "task": "review_completion"}
BRIEF = {
    "title": "督办事项专报（呈报前）", "scope": "all_open", "overview": "总体推进有序。",
    "details": "一件逾期。", "problems": "建议加强调度。", "recipients": ["FY"],
}  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """A case and the units that have a part in it, as this file's author means it.

    `told`: to whom it was sent for reading, as units or as whoever holds a post there.
    """

    case_id: int
    kind: str
    units: frozenset[str]
    about: str
    told: frozenset[tuple[str, str | None]] = frozenset()


@dataclass(frozen=True)
class Shared:
    """A reading list, what its one reader got, and a comment."""

    sending_id: int
    delivery_id: int
    comment_id: int


@dataclass(frozen=True)
class Town:
    """The county, its cases, and the other things pages show."""

    county: County
    cases: tuple[Placed, ...]
    round_id: int
    batch_id: int
    incident_id: int
    deputyship_id: int
    shared: Shared

    @property
    def first_round_id(self) -> int:
        """The round whose notices are out."""
        found = session().get_one(Case, self.case("round").case_id).round_id
        assert found is not None
        return found

    def case(self, about: str) -> Placed:
        """The case that is about this."""
        return next(each for each in self.cases if each.about == about)

    def word_for(self, placed: Placed) -> str:
        """What stands for a case alone: its number, or its title where it has none."""
        case = session().get_one(Case, placed.case_id)
        return case.number or case.title

    def tasks(self, placed: Placed) -> Sequence[Assignment]:
        """Everything that was ever given to somebody in a case."""
        rows = select(Assignment).where(Assignment.case_id == placed.case_id)
        return session().scalars(rows.order_by(Assignment.id)).all()

    def own_task(self, placed: Placed) -> Assignment:
        """The newest task the diagram gave to somebody, not what others were asked besides."""
        return next(each for each in reversed(self.tasks(placed)) if not each.kind)

    def papers(self) -> Iterator[tuple[Document, Placed, set[str]]]:
        """Every paper with its case and the units it was delivered to."""
        codes = {key: code for code, key in self.county.units.items()}
        by_id = {each.case_id: each for each in self.cases}
        for paper in session().scalars(select(Document).order_by(Document.id)):
            sent = session().scalars(
                select(Delivery.unit_id).where(
                    Delivery.document_id == paper.id, Delivery.delivered_at.is_not(None)
                )
            )
            yield paper, by_id[paper.case_id], {codes[unit] for unit in sent}


def populate() -> Town:
    """Set the county up and let it work for a while."""
    stories.set_clock("2026-07-06 09:00")
    installation.install()
    county = people.settle_in("tanghe")
    cases = [
        *warnings(county),
        *coordination(county),
        *supervised(county),
        *at_odds(county),
        *reviewed(county),
    ]
    analyst = county.post("analysis_office")
    round_id = bringing.opened("2026Q2", analyst)
    batch, _counts = bringing.previewed(round_id, DOUBTFUL, analyst)
    case_id = session().scalars(select(Case.id).where(Case.round_id == round_id)).one()
    cases.append(Placed(case_id, "assessment_round", frozenset({"FY-SGB"}), "open round"))
    assert {each.case_id for each in cases} == set(session().scalars(select(Case.id))), "unplaced"
    rosters.waiting(county.actor("sys_admin"))
    leader = county.actor("unit_leader", "ZJJ")
    views.keep("本单位超期事项", {"light": "red"}, county.unit("ZJJ"), actor=leader)
    shared = sent_round(county, {each.about: each.case_id for each in cases})
    with_item = next(each.case_id for each in cases if each.about == "item")
    content = io.BytesIO(b"%PDF-1.4 startxref %%EOF")
    attachments.attach(with_item, "现场.pdf", content, actor=county.actor("unit_handler", "ZJJ"))
    indexing.catch_up()
    incident = trouble.timer_given_up(with_item)
    return Town(county, tuple(cases), round_id, batch, incident, stood_in_for(county), shared)


def sent_round(county: County, cases: Mapping[str, int]) -> Shared:
    """Copies of a case, one of them recalled; a reading list; something said in a thread."""
    office, handler = county.post("supervising_office"), county.actor("unit_handler", "ZJJ")
    copy = {"what": "case", "people": [], "note": "请知悉。"}
    copies.send(cases["escalation"], {**copy, "units": ["SJG"]}, actor=office)
    wrong = copies.send(cases["escalation"], {**copy, "units": ["CZJ"]}, actor=office)
    copies.recall(wrong["sending"], actor=office)
    asked = {"units": ["FGW"], "posts": ["unit_handler"], "note": "请阅示。"}
    made = circulations.circulate_widely(cases["evaluation"], asked, actor=office)["sending"]
    readers = select(Delivery.id).where(Delivery.sending_id == made)
    said = comments.comment(cases["item"], {"text": "材料已补齐。", "people": []}, actor=handler)
    session().get_one(Comment, said["comment"]).at -= timedelta(hours=1)
    session().commit()
    return Shared(made, session().scalars(readers).one(), said["comment"])


def stood_in_for(county: County) -> int:
    """Somebody of a unit that nobody who walks works in is away."""
    away, deputy = (county.actor(post, "ZGH") for post in ("unit_handler", "unit_liaison"))
    today = local_clock.today()
    days = {"first_day": str(today), "last_day": str(today + timedelta(days=3))}
    said = {"deputy": deputy.login, "post": "all", **days}
    return name_deputy(away.person_id, said, actor=away)["deputyship"]


def warnings(county: County) -> Iterator[Placed]:
    """A round with a notice that was answered, one on its way and one being drafted."""
    found = loop.round_with_notices(county)
    notices = found["notices"]
    loop.filed_opinion(county, notices["I10"], "ZJJ")
    loop.issued_notice(county, notices["I02"])
    yield Placed(found["case"], "assessment_round", frozenset({"FY", "FY-SGB"}), "round")
    yield Placed(notices["I10"], "risk_notice", frozenset({"FY", "ZJJ", "PAB"}), "answered notice")
    yield Placed(notices["I02"], "risk_notice", frozenset({"FY", "ZJJ"}), "issued notice")
    yield Placed(notices["I06"], "risk_notice", frozenset({"FY", "RSJ"}), "drafted notice")


def coordination(county: County) -> Iterator[Placed]:
    """A meeting and the two items it decided."""
    meeting = loop.prepared_meeting(county)
    office = county.post("supervising_office")
    loop.complete(meeting, "minutes", loop.minutes(), by=office)
    loop.sign_minutes(county, meeting)
    loop.complete(meeting, "task_list", {}, by=office)
    first, second = stories.children(meeting)
    yield Placed(meeting, "joint_meeting", frozenset({"PAB", "ZFW", "ZJJ", "RSJ"}), "meeting")
    yield Placed(first.id, first.kind, frozenset({"PAB", "ZJJ", "SJG"}), "decided item")
    yield Placed(second.id, second.kind, frozenset({"PAB", "RSJ", "ZGH", "ZJJ"}), "special item")


def at_odds(county: County) -> Iterator[Placed]:
    """An item a co-handler objects to, and one that another unit has to sign for."""
    office = county.post("supervising_office")
    disputed = supervision.dispatched(
        county, supervision.open_item(county, matter="欠薪线索移送", lead="FGW", co=["RSJ"])
    )
    stories.complete(disputed, "co_sign_for", OBJECT, by=county.actor("unit_liaison", "RSJ"))
    moved = supervision.signed(
        county,
        supervision.dispatched(
            county, supervision.open_item(county, matter="工地围挡整治", lead="RSJ", co=[])
        ),
        "RSJ",
    )
    reassigning.reassign(moved, MOVED, actor=office)
    yield Placed(disputed, "supervision_item", frozenset({"PAB", "RSJ", "FGW"}), "disputed item")
    yield Placed(moved, "supervision_item", frozenset({"PAB", "RSJ", "FGW"}), "moved item")


def supervised(county: County) -> Iterator[Placed]:
    """Two items, one of them with a case of every kind an item can lead to."""
    office = county.post("supervising_office")
    handler, helper = (county.actor("unit_handler", unit) for unit in ("ZJJ", "SJG"))
    other = supervision.dispatched(
        county, supervision.open_item(county, matter="价格秩序整治", lead="FGW", co=[])
    )
    clock.suspend(other, {"reason": "等待法院裁判结果"}, actor=office)
    item = supervision.dispatched(
        county, supervision.open_item(county, matter="工程款结算纠纷"), copies=["CZJ"]
    )
    supervision.co_answered(county, supervision.signed(county, item), "SJG")
    asked = items.request_extension(item, EXTENSION, actor=handler)["case"]
    urgent = items.report_urgent(item, URGENT, actor=helper)["case"]
    against = supervising.escalate(item, {"reason": "逾期多日未办结"}, actor=office)["case"]
    rectified = stories.start_case(
        county, "rectification", by=office, units={"lead": ["ZJJ"]}, parent_id=item,
        facts=county.profile.facts(), title="工程款结算纠纷整改", matter="工程款结算纠纷",
    )  # fmt: skip
    office_and = {"PAB", "ZJJ"}
    yield Placed(terminated(county), "supervision_item", frozenset({"PAB", "FGW"}), "ended item")
    yield Placed(other, "supervision_item", frozenset({"PAB", "FGW"}), "suspended item")
    yield Placed(item, "supervision_item", frozenset({*office_and, "SJG", "CZJ"}), "item")
    yield Placed(asked, "extension_request", frozenset({"ZJJ"}), "extension")
    yield Placed(urgent, "urgent_report", frozenset({"PAB", "SJG", "ZFW"}), "urgent report")
    yield Placed(against, "escalation", frozenset(office_and), "escalation", COPIED)
    yield Placed(rectified, "rectification", frozenset(office_and), "rectification")


def terminated(county: County) -> int:
    """An item that was broken off."""
    opened = supervision.open_item(county, matter="道路照明整治", lead="FGW", co=[])
    ended = supervision.dispatched(county, opened)
    ending.terminate(ended, END, actor=county.post("supervising_director"))
    return ended


def reviewed(county: County) -> Iterator[Placed]:
    """A brief to be submitted; a brief and an evaluation just begun."""
    office, key = county.post("supervising_office"), county.profile.key
    approved = start_brief(key, "督办事项专报（呈报前）", (), actor=office)["case"]
    stories.complete(approved, "draft", BRIEF, by=office)
    stories.complete(
        approved, "approve", supervision.APPROVE, by=county.post("supervising_director")
    )
    yield Placed(approved, "supervision_brief", frozenset({"PAB"}), "approved brief")
    brief = start_brief(key, "督办事项专报", (), actor=office)["case"]
    delegated, signed = (
        start_brief(key, f"督办事项专报（{word}）", (), actor=office)["case"]
        for word in ("委派", "加签")
    )
    asking.delegate(
        stories.task(delegated, "draft").id, {"person": "pab_supervision_director"}, actor=office
    )
    stories.complete(signed, "draft", BRIEF, by=office)
    asking.add_beside(
        stories.task(signed, "approve").id, SIGNERS, actor=county.post("supervising_director")
    )
    yield Placed(delegated, "supervision_brief", frozenset({"PAB"}), "delegated brief")
    yield Placed(signed, "supervision_brief", frozenset({"PAB", "FGW"}), "signed brief")
    evaluation = start_evaluation(key, "年度成效评价", actor=office)["case"]
    yield Placed(brief, "supervision_brief", frozenset({"PAB"}), "brief")
    read = frozenset({("FGW", "unit_handler")})
    yield Placed(evaluation, "annual_evaluation", frozenset({"FY-SGB"}), "evaluation", read)

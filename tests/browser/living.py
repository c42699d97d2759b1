"""A county in the middle of its work for the browser tests: late, urged, suspended, finished."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app import advance, clock, create_app
from app.actor import Actor
from app.commands import circulations, comments, copies
from app.commands import clock as standstill
from app.commands.attachments import attach
from app.commands.items import report_progress
from app.commands.supervising import urge
from app.config import Settings
from app.db import session
from app.demo import founding
from app.engine import EngineError
from app.i18n import _
from app.model import Assignment, DefinitionVersion, Document, Indicator, Person, Ticket, Unit
from app.queries.people import actor_by_login
from tests import bringing, loop, rosters, stories, supervision, trouble
from tests.databases import FILES
from tests.files import samples
from tests.people import County
from tests.telling.verbs import told_all

PASSWORD = "a lamp beside the river"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
STUCK = EngineError(_("The case cannot go on from here."), code="run")
CLERK, DIRECTOR = "pab_supervision_clerk", "pab_supervision_director"
AUDITOR, ANALYST = "zfw_business_auditor", "fy-sgb_court_analyst"
KEEPER, GRANTER = "dsj_sys_admin", "dsj_sec_admin"
HANDLER, LEADER, LIAISON = "zjj_unit_handler", "zjj_unit_leader", "zjj_unit_liaison"


@dataclass(frozen=True)
class Living:
    """Where it is served, the cases by what they are in, and a way in."""

    address: str
    cases: Mapping[str, int]
    numbers: Mapping[str, int]

    def enter(self, page: Page, login: str, path: str = "/inbox/") -> None:
        """Sign in as somebody without the form, and open a page."""
        form = page.request.get(f"{self.address}/signin").text()
        found = TOKEN.search(form)
        assert found, "the sign-in page lost its token"
        answer = page.request.post(
            f"{self.address}/signin",
            form={"csrf_token": found[1], "login": login, "password": PASSWORD},
            headers={"Origin": self.address},
        )
        assert answer.ok, answer.status_text
        page.goto(self.address + path)


def task_link(page: Page, number: int, living: Living) -> str:
    """The address of the task in the list that belongs to a case."""
    for link in page.locator(".work-link").all():
        address = link.get_attribute("href") or ""
        if f'/cases/{number}"' in page.request.get(living.address + address).text():
            return address
    return ""


def founded(folder: Path) -> Flask:
    """The application on a new county whose accounts can sign in."""
    address = f"sqlite:///{folder / 'living.sqlite3'}"
    settings = Settings(env="demo", database_url=address, files_dir=FILES.name)
    app = create_app(settings)
    with app.app_context():
        begins = datetime(2026, 7, 6, 9, tzinfo=clock.LOCAL)
        founding.found(begins, settings=settings, password=PASSWORD)
    return app


def at_work() -> tuple[dict[str, int], dict[str, int]]:
    """Let July to September happen; answers cases by what they are, and the ids addresses take."""
    county = the_county()
    opened = loop.round_with_notices(county)
    loop.filed_opinion(county, opened["notices"]["I10"], "ZJJ")
    loop.signed_notice(county, opened["notices"]["I06"], "RSJ")
    cases = {"notice": opened["notices"]["I10"], **_items(county), **_meetings(county)}
    told_all()
    stories.set_clock("2026-09-10 10:00")
    urge(cases["pressing"], {"text": "请抓紧办理。"}, actor=county.post("supervising_office"))
    _sent_round(county, cases["pressing"])
    stories.set_clock("2026-09-11 09:00")
    batch, _counts = bringing.previewed(
        bringing.opened("2026H2", county.post("analysis_office")),
        "房屋租赁合同纠纷风险指数,2026H2,county,示例县,81.5,80.1,1.4,12\n",
        county.post("analysis_office"),
    )
    told_all()
    return cases, {
        "round_id": opened["round"],
        "batch_id": batch,
        "roster_id": rosters.waiting(actor_by_login(KEEPER))[0],
        **_addresses(cases, county.actor("unit_handler", "ZJJ")),
    }


def _sent_round(county: County, case_id: int) -> None:
    """Copies and a reading list, and what people say to each other about it."""
    office, handler = county.post("supervising_office"), county.actor("unit_handler", "ZJJ")
    copy = {"what": "case", "units": ["STJ", "ZFW"], "people": [], "note": "请知悉。"}
    copies.send(case_id, copy, actor=office)
    asked = {"units": ["FGW"], "posts": ["unit_leader"], "note": "请提出意见。"}
    circulations.circulate_widely(case_id, asked, actor=office)
    said = {"text": "小区名单已核对，请复核第二项。", "people": [office.login]}
    comments.comment(case_id, said, actor=handler)
    comments.comment(case_id, {"text": "已复核，无误。", "people": []}, actor=office)


def the_county() -> County:
    profile_id, profile = advance.profile_by_key("tanghe")
    units = dict(session().execute(select(Unit.code, Unit.id)).all())
    indicators = dict(session().execute(select(Indicator.code, Indicator.id)).all())
    return County(profile_id, profile, units, indicators)


def _items(county: County) -> dict[str, int]:
    """One item for each thing done to one, so that no test needs what another one has done."""
    stories.set_clock("2026-07-27 09:30")
    found = {
        "pressing": supervision.in_hand(county),
        "kept": supervision.in_hand(county, matter="老旧小区加装电梯纠纷化解", indicator=None),
        "keyboard": supervision.in_hand(county, matter="校园周边消费纠纷治理", indicator=None),
        "circulated": supervision.in_hand(county, matter="二手车交易纠纷治理", indicator=None),
        "late": supervision.in_hand(
            county, matter="货运代理行业合同纠纷治理", lead="SJG", co=["WLX"], indicator="I03"
        ),
        "suspended": supervision.in_hand(
            county, matter="充电桩安装纠纷化解", lead="FGW", co=[], indicator="I11"
        ),
        "finished": supervision.in_hand(
            county, matter="建设工程欠款专项清理", lead="CZJ", co=["JGB"], indicator="I02"
        ),
        "dispatched": supervision.dispatched(
            county, supervision.open_item(county, matter="预售资金监管问题整治", indicator=None)
        ),
        "fresh": supervision.open_item(county, matter="农村宅基地买卖纠纷排查", indicator=None),
    }
    said = {"text": "已摸清底数，正在逐项整治。", "percent": 45}
    report_progress(found["pressing"], said, actor=county.actor("unit_handler", "ZJJ"))
    supervision.struck_off(county, found["finished"], "CZJ")
    standstill.suspend(
        found["suspended"],
        {"reason": "当事企业停业，待复工后继续。"},
        actor=county.post("supervising_office"),
    )
    return found


def _meetings(county: County) -> dict[str, int]:
    held = loop.prepared_meeting(county)
    loop.record_meeting(county, held)
    loop.sign_minutes(county, held)
    return {"meeting": held}


def _addresses(cases: Mapping[str, int], handler: Actor) -> dict[str, int]:
    """An example of each number that addresses of pages hold."""
    task = (
        select(Assignment.id)
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Ticket.case_id == cases["fresh"])
    )
    paper = select(Document.id).where(Document.case_id == cases["notice"]).order_by(Document.id)
    version = select(DefinitionVersion.id).where(DefinitionVersion.key == "supervision_item")
    indicator = select(Indicator.id).where(Indicator.code == "I10")
    picture = attach(
        cases["pressing"], "现场照片.png", io.BytesIO(samples.picture("PNG")), actor=handler
    )
    return {
        "attachment_id": picture["attachment"],
        "case_id": cases["pressing"],
        "person_id": session().scalars(select(Person.id).where(Person.login == HANDLER)).one(),
        "unit_id": session().scalars(select(Unit.id).where(Unit.code == "ZJJ")).one(),
        "assignment_id": session().scalars(task).first() or 0,
        "document_id": session().scalars(paper).first() or 0,
        "indicator_id": session().scalars(indicator).one(),
        "version_id": session().scalars(version).one(),
        "incident_id": trouble.timer_given_up(cases["dispatched"], STUCK),
    }

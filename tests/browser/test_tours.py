"""The three tours of the README, walked on the demonstration as it is loaded."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import create_app
from app.config import Settings
from app.demo import loading
from app.queries.people import demo_accounts
from ops import machine

XINYE = machine.ROOT / "tests" / "data" / "xinye_2022Q3.csv"
CONSTRUCTION, WORKERS = "建设工程施工合同纠纷风险化解", "农民工劳动权益纠纷风险化解"


@dataclass(frozen=True)
class Demonstration:
    """A loaded demonstration: where it is served, its file, and the password of all accounts."""

    address: str
    file: Path
    password: str

    def enter(self, page: Page, login: str) -> None:
        """Choose an account below the form, as a visitor does, and sign in."""
        page.context.clear_cookies()
        page.goto(f"{self.address}/signin")
        page.click(f".signin-accounts [data-fill='{login}']")
        expect(page.locator("#login")).to_have_value(login)
        page.click(".signin-form button")
        expect(page.locator("h1")).to_have_text("待办")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory, serve) -> Iterator[Demonstration]:
    file = tmp_path_factory.mktemp("tours") / "demonstration.sqlite3"
    settings = Settings(env="demo", database_url=f"sqlite:///{file}")
    app = create_app(settings)
    with app.app_context():
        loading.load(settings=settings)
        password = demo_accounts(settings)[0].password
    with serve(app) as address:
        yield Demonstration(address, file, password)


def submit(page: Page) -> None:
    """Send the form in front and wait for the case that answers: nothing may still be under way
    when the next person signs in.
    """
    page.click(".task-form button:text-is('提交')")
    page.wait_for_url(re.compile(r"/cases/\d+"))


def work(page: Page, task: str, matter: str) -> str:
    """The line of a task in the list, by its matter."""
    return f".work-row:has-text('{matter}') .work-link:has-text('{task}')"


def test_the_clerks_tour(demonstration, page):
    demonstration.enter(page, "zjj_unit_handler")
    late = page.locator(".work-row").first
    expect(late).to_contain_text("超期")
    expect(late).to_contain_text("已催办 3 次")
    page.click(".light-filter.light-red")
    expect(page.locator(".work-row")).to_have_count(1)

    page.click(work(page, "办理并提交办结报告", CONSTRUCTION))
    for part in ("事项情况", "办理经过", "文书"):
        expect(page.locator(".task-aside .tabs")).to_contain_text(part)
    page.click(".task-form summary:has-text('更多操作')")
    page.click(".task-form a:has-text('报告进展')")
    page.fill("[name=text]", "已排查在建项目三十八个，六个资金保障不足。")
    page.fill("[name=percent]", "55")
    page.click("main button.btn-primary")
    expect(page.locator("main")).to_contain_text("滞后于序时进度")
    expect(page.locator(".stages li")).to_have_count(7)

    page.click("main .btn-primary:has-text('办理并提交办结报告')")
    for name in ("result", "measures_taken", "evidence"):
        page.fill(f"[name={name}]", "在建项目已全部排查，存量纠纷化解八成。")
    page.fill("[name=percent]", "100")
    submit(page)
    expect(page.locator(".next-task")).to_contain_text("整改报告")

    demonstration.enter(page, "zjj_unit_leader")
    page.click(work(page, "单位负责人审签", CONSTRUCTION))
    page.check("input[value=approve]")
    submit(page)
    demonstration.enter(page, "pab_supervision_clerk")
    expect(page.locator(work(page, "办结审核", CONSTRUCTION))).to_be_visible()


def test_the_supervisors_tour(demonstration, page):
    demonstration.enter(page, "pab_supervision_director")
    page.click(work(page, "督办部门审批", WORKERS))
    expect(page.locator("#papers")).to_contain_text("延期申请")
    page.check("input[value=grant]")
    page.fill("input[name=granted_date]", a_week_later(demonstration))
    submit(page)
    expect(page.locator("main")).to_contain_text("已办结")

    page.goto(f"{demonstration.address}/ledger/")
    expect(page.locator(".ledger tbody tr")).to_have_count(4)
    page.select_option("[name=light]", "red")
    page.click(".filters button")
    expect(page.locator(".ledger tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.click("a:has-text('XLSX')")
    assert download.value.suggested_filename.endswith(".xlsx")

    page.goto(f"{demonstration.address}/rounds/")
    page.locator("table a.strong", has_text=re.compile(r"H[12]$")).first.click()
    expect(page.locator("main")).to_contain_text("经会议再评估，原为中风险")
    page.click("main a:has-text('反馈情况')")
    expect(page.locator("main")).to_contain_text("应反馈 7 家，已反馈 3 家")

    demonstration.enter(page, "zfw_convener")
    page.click(work(page, "批准处置建议", CONSTRUCTION))
    page.check("input[value=approve]")
    submit(page)
    demonstration.enter(page, "pab_supervision_clerk")
    expect(page.locator(work(page, "发挂牌督办通知书", CONSTRUCTION))).to_be_visible()
    expect(page.locator(work(page, "起草专报", "督办事项专报"))).to_be_visible()


def a_week_later(demonstration: Demonstration) -> str:
    """A day one week after the item's own: within what the office may grant."""
    with sqlite3.connect(demonstration.file) as database:
        (day,) = database.execute(
            "SELECT date(due_day, '+7 days') FROM case_file WHERE matter = ? AND kind = ?",
            (WORKERS, "supervision_item"),
        ).fetchone()
    return str(day)


def test_the_figures_come_in(demonstration, page):
    demonstration.enter(page, "fy-sgb_court_analyst")
    page.goto(f"{demonstration.address}/rounds/")
    page.click("main a:has-text('新建轮次')")
    page.fill("[name=code]", "2022Q3")
    page.click("main button.btn-primary")
    page.click("main a:has-text('导入数据') >> nth=0")
    page.set_input_files("input[type=file]", XINYE)
    page.click("main button.btn-primary")
    expect(page.locator("main")).to_contain_text("未识别的名称 5")
    page.select_option("select >> nth=0", label="经济社会")
    page.click("button:has-text('全部新建')")
    page.click("button:has-text('确认导入 6 条')")
    expect(page.locator(".toast-line")).to_contain_text("本轮次新增 6 条数据")


def test_the_auditors_tour(demonstration, page):
    demonstration.enter(page, "zfw_business_auditor")
    page.click("nav a:has-text('审计')")
    page.click("button:has-text('全部核验')")
    expect(page.locator("main")).to_contain_text("核验通过，没有改动。")
    page.fill("[name=text]", "督〔")
    page.click("button:has-text('查询')")
    page.click(f"tr:has-text('2号 {CONSTRUCTION}') a >> nth=0")
    expect(page.locator("tbody tr").nth(0)).to_contain_text("启动了")
    expect(page.locator("tbody tr").nth(5)).to_contain_text("派单")

    with sqlite3.connect(demonstration.file) as database:
        was = database.execute("SELECT person_id FROM event WHERE kind = 'item.struck_off'")
        (person,) = was.fetchone()
        database.execute("UPDATE event SET person_id = 1 WHERE kind = 'item.struck_off'")
    page.click("nav a:has-text('审计')")
    page.click("button:has-text('全部核验')")
    expect(page.locator(".breaks li")).to_have_count(1)
    with sqlite3.connect(demonstration.file) as database:
        database.execute("UPDATE event SET person_id = ? WHERE kind = 'item.struck_off'", (person,))


def test_the_audit_administrator_sees_no_case(demonstration, context):
    page = context.new_page()  # a page that is not found is said on the console, too
    demonstration.enter(page, "zfw_audit_admin")
    page.goto(f"{demonstration.address}/audit/")
    expect(page.locator("td a[href^='/cases/']")).to_have_count(0)
    page.goto(f"{demonstration.address}/cases/1")
    expect(page.locator("h1")).to_have_text("没有找到")

"""A file of figures through the pages: uploaded, cleared up, confirmed, or refused with why."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import func, select

from app.commands.staging import stage
from app.db import session
from app.model import Area, ImportBatch, ImportRow, Indicator, Reading
from tests.bringing import (
    COMMERCIAL,
    CONSTRUCTION,
    HEADER,
    PUBLISHED,
    number_of,
    taken_in,
)
from tests.web.visiting import visiting

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def browser(app, tanghe, analyst):
    return visiting(app, analyst)


def sent(browser, round_id, content, name="readings.csv"):
    """Upload a file through the page; returns the address of its preview."""
    answer = browser.post(
        f"/rounds/{round_id}/imports",
        {"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
        headers=ENGLISH,
    )
    assert answer.status_code == 303, answer.text
    return answer.location


def words(page):
    """A page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_published_file_goes_through_the_pages_into_the_round(browser, round_id):
    page = sent(browser, round_id, PUBLISHED.read_bytes(), "xinye_2022Q3.csv")

    preview = browser.get(page).text
    assert preview.count("diff-unknown") == 6
    assert COMMERCIAL in preview
    assert "disabled" in preview
    assert number_of(Reading) == 0

    browser.post(f"{page}/unknown")
    assert browser.get(page).text.count("diff-new") == 6
    answer = browser.post(f"{page}/confirmation")

    assert answer.location == f"/rounds/{round_id}"
    shown = browser.get(answer.location).text
    for published in ("92.94", "−1.55", "92.47", "93.54", "2.37"):
        assert published in shown
    assert "xinye_2022Q3.csv" in shown
    assert "新野县人民法院" in shown
    assert number_of(Reading) == 6


def test_the_same_file_again_says_that_nothing_changes(browser, round_id, analyst):
    taken_in(round_id, PUBLISHED.read_bytes(), analyst)

    page = sent(browser, round_id, PUBLISHED.read_bytes())

    shown = browser.get(page, headers=ENGLISH).text
    assert "was imported into this round before. Nothing changes." in words(shown)
    assert number_of(ImportBatch) == 1


def test_an_excel_file_does_as_well(browser, round_id):
    book = openpyxl.Workbook()
    for line in PUBLISHED.read_text(encoding="utf-8").splitlines():
        book.active.append(line.split(",") if not line.startswith("#") else [line])
    out = io.BytesIO()
    book.save(out)

    page = sent(browser, round_id, out.getvalue(), "readings.xlsx")

    assert browser.get(page).text.count("diff-unknown") == 6


def test_a_contradiction_shows_its_arithmetic_and_may_be_left_out(browser, round_id):
    rows = (
        f"{CONSTRUCTION},2022Q3,county,新野,92.94,94.49,1.55,755\n"
        f"{CONSTRUCTION},2022Q3,county,内乡,91,,,\n"
    )
    page = sent(browser, round_id, (HEADER + rows).encode())
    browser.post(f"{page}/unknown")

    shown = browser.get(page, headers=ENGLISH).text
    assert "92.94 − 94.49 = -1.55, but the file says 1.55." in words(shown)
    refused = browser.post(f"{page}/confirmation")
    assert refused.status_code == 422
    assert number_of(Reading) == 0

    left = browser.post(f"{page}/rows/2/exclusion", {"verdict": "contradiction"})
    assert left.location == f"{page}?verdict=contradiction"
    assert "diff-excluded" in browser.get(page).text
    browser.post(f"{page}/rows/2/inclusion")
    browser.post(f"{page}/rows/2/exclusion")
    browser.post(f"{page}/confirmation")

    assert session().scalars(select(Reading.value)).all() == [Decimal(91)]


def test_names_are_assigned_in_the_preview(browser, tanghe, round_id):
    rows = "工程指数,2022Q3,county,新野,92.94,,,\n"
    page = sent(browser, round_id, (HEADER + rows).encode())
    assert "工程指数" in browser.get(page).text

    browser.post(
        f"{page}/names",
        {
            "kind-0": "indicator", "name-0": "工程指数", "wish-0": tanghe.indicators["I02"],
            "kind-1": "area", "name-1": "county/新野", "wish-1": "create", "own-1": "true",
        },
    )  # fmt: skip

    assert "diff-new" in browser.get(page).text
    browser.post(f"{page}/confirmation")
    assert session().scalar(select(Reading.indicator_id)) == tanghe.indicators["I02"]
    assert session().scalar(select(Area.own)) is True


def test_an_assignment_to_nothing_is_refused_on_the_page(browser, round_id):
    page = sent(browser, round_id, (HEADER + "甲,2022Q3,county,新野,92,,,\n").encode())

    answer = browser.post(
        f"{page}/names", {"kind-0": "indicator", "name-0": "甲", "wish-0": "4711"}
    )

    assert answer.status_code == 422


def test_the_preview_is_filtered_and_turned_page_by_page(browser, round_id):
    rows = "".join(f"I02,2022Q3,county,县{n},{n % 100},,,\n" for n in range(250))
    page = sent(browser, round_id, (HEADER + rows).encode())

    first = browser.get(page).text
    assert (first.count('id="line-'), 'rel="prev"' in first) == (100, False)
    second = browser.get(f"{page}?after=101").text
    assert 'id="line-102"' in second
    assert 'id="line-201"' in second
    last = browser.get(f"{page}?after=201").text
    assert (last.count('id="line-'), 'rel="next"' in last) == (50, False)
    back = browser.get(f"{page}?before=102").text
    assert (back.count('id="line-'), 'rel="prev"' in back) == (100, False)
    assert browser.get(f"{page}?verdict=new").text.count('id="line-') == 0
    assert browser.get(f"{page}?verdict=unknown").text.count('id="line-') == 100


def test_a_large_file_waits_for_background_work_and_shows_how_far_it_is(browser, round_id, analyst):
    rows = "".join(f"I02,2022Q3,county,县{n},50,,,\n" for n in range(2_100))
    page = sent(browser, round_id, (HEADER + rows).encode())

    shown = browser.get(page).text
    assert 'hx-trigger="every 1s"' in shown
    asked = browser.get(f"{page}/progress", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in asked.headers
    assert 'max="2100"' in asked.text

    stage(int(page.rsplit("/", 1)[1]), actor=analyst)

    done = browser.get(f"{page}/progress", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\x00", b"PK\x03\x04 no archive"]
)
def test_a_file_that_is_no_table_is_refused_on_the_form(browser, round_id, content):
    answer = browser.post(
        f"/rounds/{round_id}/imports",
        {"file": (io.BytesIO(content), "readings.csv")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert 'name="file"' in answer.text
    assert number_of(ImportBatch) == 0


def test_without_a_file_the_form_asks_for_one(browser, round_id):
    answer = browser.post(f"/rounds/{round_id}/imports", content_type="multipart/form-data")

    assert answer.status_code == 422


def test_a_broken_file_says_in_which_line_and_can_be_discarded(browser, round_id):
    page = sent(browser, round_id, (HEADER + '"lone,2022Q3,county\n').encode())

    shown = browser.get(page, headers=ENGLISH).text
    assert "Line 2 cannot be read as CSV" in words(shown)
    answer = browser.post(f"{page}/discard")

    assert answer.location == f"/rounds/{round_id}"
    assert "readings.csv" not in browser.get(answer.location).text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_that_is_offered_can_be_imported(browser, round_id, kind):
    assert f"/rounds/template.{kind}" in browser.get(f"/rounds/{round_id}/imports/new").text

    got = browser.get(f"/rounds/template.{kind}")

    assert f'filename="readings.{kind}"' in got.headers["Content-Disposition"]
    page = sent(browser, round_id, got.data, f"readings.{kind}")
    assert browser.get(page).text.count("diff-unknown") == 1
    assert browser.get("/rounds/template.exe").status_code == 404


def test_the_external_analyst_uploads_but_does_not_confirm(app, tanghe, round_id):
    browser = visiting(app, tanghe.actor("external_analyst"))
    page = sent(browser, round_id, PUBLISHED.read_bytes())
    browser.post(f"{page}/unknown")

    assert f"{page}/confirmation" not in browser.get(page).text
    assert browser.post(f"{page}/confirmation").status_code == 403
    assert number_of(Reading) == 0


def test_an_unknown_row_is_counted_once_under_its_name(browser, round_id):
    rows = "甲,2022Q3,county,新野,92,,,\n甲,2021Q3,county,新野,91,,,\n"
    page = sent(browser, round_id, (HEADER + rows).encode())

    assert session().scalar(select(func.count()).select_from(ImportRow)) == 2
    assert browser.get(page).text.count('name="wish-') == 2
    assert number_of(Indicator) == len(
        session().scalars(select(Indicator.id).where(Indicator.synthetic)).all()
    )

"""异常: the entry with its count, the page, and putting it right by its buttons and forms."""

from __future__ import annotations

import pytest

from tests import stories, supervision, trouble
from tests.access.browsers import hidden_fields
from tests.engine.diagrams import Diagram
from tests.faults.harness import drills
from tests.trouble import SECRET, incident
from tests.web.visiting import visiting

NOT_OF_ITS_KIND = "请填写整数。"


@pytest.fixture
def item(tanghe) -> int:
    return supervision.in_hand(tanghe, co=[])


@pytest.fixture
def office(app, tanghe):
    """The clerk's browser."""
    return visiting(app, tanghe.post("supervising_office"))


def test_a_supervisor_sees_how_much_waits_and_what_it_is(app, tanghe, item, office):
    number = trouble.timer_given_up(item)

    assert '异常 <span class="count">1</span>' in office.get("/inbox/").text
    assert f"/incidents/{number}" in office.get("/incidents/").text
    page = office.get(f"/incidents/{number}").text

    for said in ("发出提醒", "县住房和城乡建设局", "程序出错（LookupError）", "立即重试"):
        assert said in page
    assert SECRET not in page
    stranger = visiting(app, tanghe.stranger)
    assert "异常" not in stranger.get("/inbox/").text
    assert stranger.get(f"/incidents/{number}").status_code == 404
    assert stranger.get("/incidents/").status_code == 404


def test_nothing_waits(office, item):
    assert "一切正常" in office.get("/incidents/").text
    assert "还没有处理过的异常" in office.get("/incidents/?show=resolved").text
    assert '异常 <span class="count">' not in office.get("/incidents/").text


def test_it_is_skipped_by_two_persons(app, tanghe, item, office):
    address = f"/incidents/{trouble.timer_given_up(item)}"
    form = hidden_fields(office.get(address).text)
    again = office.post(f"{address}/skip-proposal", {**form, "reason": ""})
    assert (again.status_code, "请说明理由" in again.text) == (422, True)

    form = hidden_fields(again.text)
    assert (
        office.post(f"{address}/skip-proposal", {**form, "reason": "不再需要"}).status_code == 303
    )
    page = office.get(address).text
    assert "不再需要" in page
    assert f'{address}/skip"' not in page, "whoever proposed is not offered to agree"
    director = visiting(app, tanghe.post("supervising_director"))
    form = hidden_fields(director.get(address).text)
    assert director.post(f"{address}/skip", form).status_code == 303

    page = office.get(address).text
    assert "已跳过" in page
    assert f"{address}/retry" not in page
    assert address in office.get("/incidents/?show=resolved").text
    assert "同意" in office.get(f"/cases/{item}").text


def test_somebody_elses_faster_decision_is_told(app, tanghe, item, office):
    address = f"/incidents/{trouble.timer_given_up(item)}"
    director = visiting(app, tanghe.post("supervising_director"))
    old = hidden_fields(director.get(address).text)
    form = hidden_fields(office.get(address).text)
    office.post(f"{address}/skip-proposal", {**form, "reason": "不再需要"})

    assert director.post(f"{address}/retry", old).status_code == 409
    assert incident(int(address.rpartition("/")[2])).state == "open"


@pytest.fixture
def poisoned(tanghe) -> int:
    """A case whose diagram divides by a fact that is nought."""
    drawn = Diagram("poison", **{"wv:title": "数据有误", "wv:titleEn": "Poison"}).start()
    drawn.user("read", form="acknowledge", performer="lead/unit_handler").xor("many").end()
    drawn.at("many", when="urgent and 10 / divisor > 3").user(
        "again", form="acknowledge", performer="lead/unit_handler"
    ).end("enough")
    drills.publish("poison", drawn.xml)
    return stories.start_case(
        tanghe,
        "poison",
        by=tanghe.post("supervising_office"),
        units={"lead": ["ZJJ"]},
        facts={"divisor": 0, "urgent": True},
    )


def test_what_the_engine_cannot_do_is_told_and_put_right(app, tanghe, poisoned, office):
    handler = visiting(app, tanghe.actor("unit_handler", "ZJJ"))
    address = f"/tasks/{stories.task(poisoned, 'read').id}"
    for _time in range(5):
        form = hidden_fields(handler.get(address).text)
        answer = handler.post(f"{address}/completion", {**form, "handling": "read"})
        assert answer.status_code == 422
        assert "未作任何更改" in answer.text
    (found,) = trouble.incidents()
    assert f"异常 {found.id}" in answer.text

    page = office.get(f"/incidents/{found.id}").text
    assert "完成一项任务" in page
    assert f"/incidents/{found.id}/skip" not in page
    typed = {"fact-divisor": "two", "fact-urgent": "true", "reason": "除数有误"}
    again = office.post(f"/incidents/{found.id}/data", {**hidden_fields(page), **typed})
    assert (again.status_code, NOT_OF_ITS_KIND in again.text) == (422, True)
    assert "除数有误" in again.text
    assert 'value="two"' in again.text
    typed["fact-divisor"] = "2"
    form = hidden_fields(again.text)
    assert office.post(f"/incidents/{found.id}/data", {**form, **typed}).status_code == 303
    form = hidden_fields(office.get(f"/incidents/{found.id}").text)
    assert office.post(f"/incidents/{found.id}/retry", form).status_code == 303
    form = hidden_fields(handler.get(address).text)
    done = handler.post(f"{address}/completion", {**form, "handling": "read"})

    assert done.status_code == 303
    assert stories.open_nodes(poisoned) == ["again"]
    assert "由“0”改为“2”" in office.get(f"/cases/{poisoned}").text

"""What stops after five tries: seen by supervisors alone, put right by them, nobody held up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app import advance
from app.actor import SYSTEM
from app.commands import incidents, stuck, timers
from app.commands.stuck import Stuck
from app.db import session
from app.engine import EngineError
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.i18n import Text
from app.model import Incident, Timer
from app.queries import audit
from app.queries.incidents import incident_page, unsolved_count
from app.queries.incidents import incidents as listed
from app.rules import facts
from tests import stories, supervision, trouble
from tests.engine.diagrams import Diagram
from tests.faults.harness import drills
from tests.trouble import SECRET, incident

POISON = "poison"


@pytest.fixture
def poisoned(tanghe) -> int:
    """A case whose fact is a text where its diagram counts."""
    drawn = Diagram(POISON, **{"wv:title": "数据有误", "wv:titleEn": "Poison"}).start()
    drawn.user("read", form="acknowledge", performer="lead/unit_handler").xor("many").end()
    drawn.at("many", when="due and limit > 3 and amount + 1 > 3").user(
        "again", form="acknowledge", performer="lead/unit_handler"
    ).end("enough")
    drills.publish(POISON, drawn.xml)
    return stories.start_case(
        tanghe, POISON, by=tanghe.post("supervising_office"), units={"lead": ["ZJJ"]},
        facts={"amount": SECRET, "due": True, "limit": 7},
    )  # fmt: skip


@pytest.fixture
def item(tanghe) -> int:
    """An item of one unit alone."""
    return supervision.in_hand(tanghe, co=[])


def try_it(case_id: int, county) -> Stuck:
    handler = county.actor("unit_handler", "ZJJ")
    with pytest.raises(Stuck) as refusal:
        stories.complete(case_id, "read", {"handling": "read"}, by=handler)
    return refusal.value


def given_up(case_id: int, county) -> tuple[int, Stuck]:
    said = [try_it(case_id, county) for _time in range(stuck.MOST_ATTEMPTS)]
    number = said[-1].details["incident"]
    assert [each.details["incident"] for each in said] == [None] * 4 + [number]
    return number, said[-1]


def test_an_act_the_engine_cannot_do_is_an_incident_after_five_tries(tanghe, poisoned, item):
    number, said = given_up(poisoned, tanghe)

    assert f"incident {number}" in str(said.text)
    assert SECRET not in str(said.text)
    found = incident(number)
    assert (found.kind, found.state, found.attempts, found.case_id) == ("act", "open", 5, poisoned)
    assert SECRET not in str(found.problem)
    (act,) = stories.acts(f"case:{poisoned}", "incident.opened")
    assert SECRET not in str(act["data"])
    assert stories.open_nodes(poisoned) == ["read"]
    supervision.completed(tanghe, item)


def test_facts_put_right_let_the_case_go_on(tanghe, poisoned):
    number, _said = given_up(poisoned, tanghe)
    office = tanghe.post("supervising_office")
    assert {each.name: each.kind for each in incident_page(office, number).facts} == {
        "amount": "text",
        "due": "boolean",
        "limit": "integer",
    }

    with pytest.raises(Invalid) as refusal:
        incidents.correct_data(number, {"limit": "seven"}, "录入有误", actor=office)
    assert refusal.value.fields == {"limit": facts.NOT_OF_ITS_KIND["integer"]}
    done = incidents.correct_data(
        number, {"limit": "8", "due": "false", "amount": SECRET}, "录入有误", actor=office
    )

    assert done == {"facts": ["due", "limit"]}
    (act,) = stories.acts(f"case:{poisoned}", "incident.data_corrected")
    assert (act["data"]["before"], act["data"]["after"]) == (
        {"due": True, "limit": 7},
        {"due": False, "limit": 8},
    )
    assert stories.case(poisoned).facts["limit"] == 8
    assert {each.written for each in incident_page(office, number).facts} == {SECRET, "false", "8"}
    assert not [each for each in audit.verify().breaks if each.stream == f"case:{poisoned}"]


def test_a_corrected_case_really_goes_on_and_its_incident_closes(tanghe):
    drawn = Diagram(POISON, **{"wv:title": "数据有误", "wv:titleEn": "Poison"}).start()
    drawn.user("read", form="acknowledge", performer="lead/unit_handler").xor("many").end()
    drawn.at("many", when="10 / divisor > 3").user(
        "again", form="acknowledge", performer="lead/unit_handler"
    ).end("enough")
    drills.publish(POISON, drawn.xml)
    office = tanghe.post("supervising_office")
    case_id = stories.start_case(
        tanghe, POISON, by=office, units={"lead": ["ZJJ"]}, facts={"divisor": 0}
    )
    number, _said = given_up(case_id, tanghe)

    incidents.correct_data(number, {"divisor": "2"}, "除数不能为零", actor=office)
    incidents.retry(number, actor=office)
    handler = tanghe.actor("unit_handler", "ZJJ")
    stories.complete(case_id, "read", {"handling": "read"}, by=handler)

    assert stories.open_nodes(case_id) == ["again"]
    assert incidents.resolve_settled(actor=SYSTEM) == 1
    assert (incident(number).state, incident(number).resolution) == ("resolved", "settled")
    assert unsolved_count(office) == 0
    assert [each.number for each in listed(office, resolved=True)] == [number]


def test_tries_that_came_to_nothing_are_forgotten_once_the_task_is_done(tanghe, item):
    task = stories.task(item, "complete_item")
    problem = EngineError(Text("It leads nowhere."))
    stuck.troubled("complete_task", (task.id,), tanghe.actor("unit_handler", "ZJJ"), problem)
    assert [each.state for each in trouble.incidents()] == ["counting"]
    assert listed(tanghe.post("supervising_office")) == ()

    supervision.completed(tanghe, item)

    assert incidents.resolve_settled(actor=SYSTEM) == 0
    assert trouble.incidents() == []


def test_a_failed_timer_is_tried_again_and_its_incident_closes(tanghe, item, monkeypatch):
    monkeypatch.setitem(timers.ACTS, "urge", _fail)
    number = fire_until_given_up(item, "2026-08-18 10:00")
    office = tanghe.post("supervising_office")
    (line,) = listed(office)
    assert (line.number, line.case_id, line.attempts) == (number, item, stuck.MOST_ATTEMPTS)
    assert str(line.doing) == "urge the unit automatically"
    assert SECRET not in str(line.problem)
    page = incident_page(office, number)
    assert (page.about.unit, page.may_settle, page.skippable) == ("县住房和城乡建设局", True, True)

    incidents.retry(number, actor=office)
    timers.fire_due()
    assert incident(number).state == "open", "it failed again, and says so at once"
    monkeypatch.undo()
    incidents.retry(number, actor=office)
    timers.fire_due()
    incidents.resolve_settled(actor=SYSTEM)

    assert incident(number).state == "resolved"
    assert len(stories.papers(item, "reminder_notice")) == 1
    kinds = ["opened", "retried", "opened", "retried", "resolved"]
    assert [
        act["kind"].partition(".")[2]
        for act in stories.acts(f"case:{item}")
        if act["kind"].startswith("incident.")
    ] == kinds


def test_skipping_takes_two_persons_and_a_reason(tanghe, item):
    number = trouble.timer_given_up(item)
    office, director = (tanghe.post(p) for p in ("supervising_office", "supervising_director"))
    with pytest.raises(Invalid, match="Nobody has proposed"):
        incidents.skip(number, actor=director)
    with pytest.raises(Invalid, match="Say why"):
        incidents.propose_skip(number, " ", actor=office)
    incidents.propose_skip(number, "单位已当面办结", actor=office)
    with pytest.raises(NotAllowed, match="cannot be the one who agrees"):
        incidents.skip(number, actor=office)

    incidents.skip(number, actor=director)

    found = incident(number)
    assert (found.state, found.resolution, found.resolved_by) == (
        "resolved", "skipped", director.person_id,
    )  # fmt: skip
    timer = session().get_one(Timer, found.reference, populate_existing=True)
    assert timer.state == "skipped"
    (act,) = stories.acts(f"case:{item}", "incident.skipped")
    assert act["data"]["reason"] == "单位已当面办结"
    assert act["data"]["proposed_by"] == office.person_id
    with pytest.raises(Invalid, match="resolved already"):
        incidents.retry(number, actor=office)
    stories.set_clock("2026-08-18 10:00")
    assert timers.fire_due() == 3, "the reminder skipped, the others in their order"


def test_what_a_person_does_is_not_skipped(tanghe, poisoned):
    number, _said = given_up(poisoned, tanghe)

    with pytest.raises(NotAllowed, match="put the data right"):
        incidents.propose_skip(number, "不办了", actor=tanghe.post("supervising_office"))


def test_whoever_acts_on_an_older_look_hears_who_was_faster(tanghe, item):
    number = trouble.timer_given_up(item)
    office, director = (tanghe.post(p) for p in ("supervising_office", "supervising_director"))
    seen = incident(number).version
    incidents.propose_skip(number, "不再需要", actor=office, version=seen)

    with pytest.raises(Stale) as refusal:
        incidents.retry(number, actor=director, version=seen)

    assert refusal.value.details["by"] == office.name
    assert refusal.value.details["version"] == seen + 1


def test_only_those_who_supervise_learn_of_it(tanghe, item):
    number = trouble.timer_given_up(item)
    handler, stranger = tanghe.actor("unit_handler", "ZJJ"), tanghe.stranger

    for who in (handler, stranger):
        assert unsolved_count(who) == 0
        with pytest.raises(NotFound):
            incident_page(who, number)
    assert not incident_page(tanghe.post("convener"), number).may_settle
    assert incident_page(tanghe.post("convener"), number).facts == ()
    assert unsolved_count(tanghe.post("convener")) == 1


def test_a_trouble_that_went_away_by_itself_closes_its_incident(tanghe, item):
    number = trouble.timer_given_up(item)
    assert incidents.resolve_settled(actor=SYSTEM) == 0

    supervision.struck_off(tanghe, item)

    assert incidents.resolve_settled(actor=SYSTEM) == 1
    assert incident(number).resolution == "settled"


def test_a_case_that_cannot_even_be_read_holds_nobody_up(tanghe, item, monkeypatch):
    other = supervision.in_hand(tanghe, matter="另一事项", co=[])
    load = advance.load

    def damaged(case_id):
        if case_id == item:
            raise LookupError(SECRET)
        return load(case_id)

    monkeypatch.setattr(advance, "load", damaged)
    number = fire_until_given_up(item, "2026-08-18 10:00")

    kinds = [a["data"]["kind"] for a in stories.acts(f"case:{other}", "timer.fired")]
    assert kinds == ["remind", "remind", "due", "urge"]
    assert SECRET not in str(incident(number).problem)


def fire_until_given_up(case_id: int, local: str) -> int:
    moment = datetime.fromisoformat(local)
    for _try in range(stuck.MOST_ATTEMPTS):
        stories.set_clock(moment.isoformat(sep=" "))
        timers.fire_due()
        moment += timedelta(hours=1)
    rows = select(Incident.id).where(Incident.case_id == case_id, Incident.state == "open")
    return session().scalars(rows).one()


def _fail(_firing, _actor):
    raise LookupError(SECRET)

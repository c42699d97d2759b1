"""Letters: who gets one, when, in which words, what they never say, and a server that is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from app import clock
from app.actor import SYSTEM
from app.commands import letters as acts
from app.commands import news, outbox
from app.commands.clock import resume, suspend
from app.commands.supervising import urge
from app.db import session
from app.jobs import letters
from app.jobs.performing import perform
from app.model import Letter, Notification, Person, RoleHolding, Work
from tests import stories, supervision, trouble
from tests.telling import sink
from tests.telling.verbs import MAIL, of, told_all, wish

WEDNESDAY = "2026-08-05"


@pytest.fixture
def box():
    with sink.running() as found:
        yield found


@pytest.fixture
def item(quiet) -> int:
    """An item in hand."""
    return supervision.in_hand(quiet)


@pytest.fixture
def mailing(quiet, item, box, monkeypatch):
    """The county with a mail server; the handler of the housing bureau wants mail at once."""
    settings = replace(
        current_app.config["SETTINGS"],
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        mail_from="督办系统 <office@county.example>",
        public_url="https://county.example/",
    )
    monkeypatch.setitem(current_app.config, "SETTINGS", settings)
    told_all()
    session().query(Notification).delete()
    session().commit()
    wish(quiet.actor("unit_handler", "ZJJ"), mail={"urged": "now", "case": "daily"})
    stories.set_clock(f"{WEDNESDAY} 10:00")
    return quiet


def urged(county, item: int, text: str = "") -> None:
    urge(item, {"text": text}, actor=county.post("supervising_office"))
    told_all(MAIL)


def deliver() -> None:
    """Write what is due and do the work that is due."""
    letters.write(actor=SYSTEM)
    for work_id in outbox.offer(actor=SYSTEM):
        perform(work_id)


def states() -> list[str]:
    rows = select(Letter.state).order_by(Letter.id)
    return list(session().scalars(rows.execution_options(populate_existing=True)))


def test_an_urged_handler_gets_a_mail_with_number_step_date_and_link_alone(mailing, item, box):
    urged(mailing, item, "切勿外传的办理要求")
    deliver()

    (mail,) = box.mails
    case = stories.case(item)
    task = stories.task(item, "complete_item", mailing.unit("ZJJ"))
    assert mail["Subject"] == f"催办：督办事项{case.number}，请尽快办理。"
    assert mail["To"] == "me@example.org"
    assert "office@county.example" in mail["From"]
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert str(case.number) in body
    assert f"https://county.example/tasks/{task.id}" in body
    day = clock.local_day(task.due_at or clock.now())
    assert f"{day.year}年{day.month}月{day.day}日" in body
    for secret in (case.title, case.matter, "切勿外传的办理要求"):
        assert secret not in f"{mail['Subject']} {body}"
    assert states() == ["sent"]


def test_overdue_work_is_told_in_the_wording_the_courts_asked_for(mailing, item, box):
    session().add(
        Notification(
            person_id=mailing.actor("unit_handler", "ZJJ").person_id, kind="overdue", seq=1,
            case_id=item, at=clock.now(), mail_at=clock.now(),
        )
    )  # fmt: skip
    session().commit()
    deliver()

    (mail,) = box.mails
    assert mail["Subject"].endswith("已超期，请尽快办理。")


def test_mail_is_in_the_persons_language(mailing, item, box):
    handler = mailing.actor("unit_handler", "ZJJ")
    session().get_one(Person, handler.person_id).locale = "en"
    session().commit()
    urged(mailing, item)
    deliver()

    (mail,) = box.mails
    assert mail["Subject"].startswith("Urged: please deal with Supervision item")
    assert "Due: " in mail.get_content()


def test_news_of_the_night_waits_for_the_morning_of_a_working_day(mailing, item, box):
    stories.set_clock("2026-08-07 21:30")  # a Friday night
    urged(mailing, item)
    (news_,) = of(mailing.actor("unit_handler", "ZJJ"))
    assert news_.mail_at == datetime(2026, 8, 10, 8, tzinfo=clock.LOCAL)

    for moment in ("2026-08-07 23:00", "2026-08-08 10:00", "2026-08-10 07:59"):
        stories.set_clock(moment)
        deliver()
        assert box.mails == []
    stories.set_clock("2026-08-10 08:00:05")
    deliver()
    assert len(box.mails) == 1


def test_the_digest_comes_once_a_day_with_all_there_is(mailing, item, box):
    other = supervision.in_hand(mailing, matter="校园周边消费纠纷治理", indicator=None)
    told_all()
    session().query(Notification).delete()
    session().commit()
    office = mailing.post("supervising_office")
    for each in (item, other):
        suspend(each, {"reason": "等待法院裁判结果"}, actor=office)
        resume(each, {}, actor=office)
    told_all(MAIL)
    deliver()
    assert box.mails == []

    stories.set_clock("2026-08-06 08:30:05")
    deliver()

    (mail,) = box.mails
    assert mail["Subject"] == "2 条消息"
    assert mail.get_content().count("https://county.example/cases/") == 2


def test_what_is_read_before_its_mail_goes_out_is_not_mailed(mailing, item, box):
    stories.set_clock(f"{WEDNESDAY} 21:00")
    urged(mailing, item)
    news.read_case(item, actor=mailing.actor("unit_handler", "ZJJ"))
    stories.set_clock("2026-08-06 09:00")
    deliver()

    assert (box.mails, states()) == ([], [])


def test_who_lost_access_before_the_letter_is_sent_hears_nothing(mailing, item, box):
    handler = mailing.actor("unit_handler", "ZJJ")
    urged(mailing, item)
    letters.write(actor=SYSTEM)
    held = select(RoleHolding).where(RoleHolding.person_id == handler.person_id)
    for row in session().scalars(held):
        row.unit_id = mailing.unit("WLX")
    session().commit()
    deliver()

    assert (box.mails, states()) == ([], ["dropped"])


def test_without_an_address_or_a_mail_server_nothing_is_kept_waiting(
    mailing, item, box, monkeypatch
):
    wish(mailing.actor("unit_handler", "ZJJ"), email=None)
    urged(mailing, item)
    deliver()

    assert (box.mails, states()) == ([], [])
    assert [row.mail_at for row in of(mailing.actor("unit_handler", "ZJJ"))] == [None]


def test_while_the_server_is_away_the_letter_waits_takes_more_along_and_goes_out_once(
    mailing, item, box
):
    box.answers["RCPT"] = "451 try later"
    urged(mailing, item)
    deliver()
    assert (box.mails, states()) == ([], ["waiting"])
    letter = session().scalars(select(Letter)).one()
    assert (letter.tries, letter.problem) == (1, "recipient put off: [451]")
    session().add(
        Notification(
            person_id=letter.person_id, kind="overdue", seq=1, case_id=item,
            at=clock.now(), mail_at=clock.now(),
        )
    )  # fmt: skip
    session().commit()
    box.answers.clear()
    deliver()
    assert box.mails == [], "not before the pause is over"

    stories.set_clock(f"{WEDNESDAY} 10:02")
    deliver()
    deliver()

    assert [mail["Subject"] for mail in box.mails] == ["2 条消息"]
    assert states() == ["sent"]
    assert trouble.incidents() == []


def test_a_server_that_is_not_there_never_blocks_and_pauses_grow_to_an_hour(
    mailing, item, monkeypatch
):
    settings = replace(current_app.config["SETTINGS"], smtp_port=1)
    monkeypatch.setitem(current_app.config, "SETTINGS", settings)
    urged(mailing, item)
    pauses = []
    deliver()
    for _try in range(8):
        (next_,) = session().scalars(
            select(Work).where(Work.kind == "send_letter", Work.state == "pending")
        )
        pauses.append(round((next_.not_before - clock.now()).total_seconds() / 60))
        later = clock.local(next_.not_before + timedelta(seconds=2))
        stories.set_clock(f"{later:%Y-%m-%d %H:%M:%S}")
        deliver()

    assert pauses[:6] == [1, 2, 4, 8, 16, 32]
    assert set(pauses[6:]) == {60}
    assert states() == ["waiting"]


def test_an_address_the_server_refuses_for_good_is_an_incident(mailing, item, box):
    box.answers["RCPT"] = "550 no such person"
    urged(mailing, item)
    deliver()
    for minute in range(1, 30, 5):
        stories.set_clock(f"{WEDNESDAY} 10:{minute:02}")
        deliver()

    (incident,) = trouble.incidents()
    assert (incident.kind, incident.doing, incident.case_id) == ("work", "send_letter", None)
    assert "me@example.org" not in str(incident.problem)


def test_a_crash_after_the_server_took_it_sends_the_same_message_id_again(
    mailing, item, box, monkeypatch
):
    def killed(letter_id, *, actor):
        raise KeyboardInterrupt

    urged(mailing, item)
    letters.write(actor=SYSTEM)
    (work,) = outbox.offer(actor=SYSTEM)
    with monkeypatch.context() as patched:
        patched.setattr(acts, "sent", killed)
        with pytest.raises(KeyboardInterrupt):
            perform(work)
    stories.set_clock(f"{WEDNESDAY} 10:30")
    deliver()

    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == ["sent"]


@pytest.mark.parametrize("cut", ["break off", "451 later"])
def test_a_conversation_broken_off_is_no_loss(mailing, item, box, cut):
    box.answers["CONTENT"] = cut
    urged(mailing, item)
    deliver()
    assert states() == ["waiting"]
    box.answers.clear()
    stories.set_clock(f"{WEDNESDAY} 10:05")
    deliver()

    assert (len(box.mails), states()) == (1, ["sent"])


def test_a_password_is_never_sent_in_the_clear(mailing, item, box, monkeypatch):
    settings = replace(
        current_app.config["SETTINGS"], smtp_starttls=True, smtp_user="us", smtp_password="secret"
    )
    monkeypatch.setitem(current_app.config, "SETTINGS", settings)
    urged(mailing, item)
    deliver()

    assert (box.mails, states()) == ([], ["waiting"]), "the server offers no STARTTLS"

"""R4: the line is cut before the answer comes; the form is sent again, and done once."""

from __future__ import annotations

import random
import socket
import struct
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from app.db import session
from app.model import Answered, Event
from tests import people
from tests.faults.harness import drills, servers
from tests.faults.harness.clerks import Clerk
from tests.faults.harness.desks import TODAY
from tests.faults.harness.history import History
from tests.people import County

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset
CUTS = ("half sent", "sent", "first byte heard")
ENOUGH = 30.0  # seconds


@dataclass
class Form:
    """A task's form as one person sends it, byte for byte the same each time."""

    clerk: Clerk
    port: int
    assignment: int
    fields: dict[str, Any]

    def text(self) -> bytes:
        """The request as it goes over the line."""
        body = urlencode({**self.fields, "csrf_token": self.clerk.token}).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.clerk.cookies.items())
        head = (
            f"POST /tasks/{self.assignment}/completion HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Cookie: {cookies}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def cut(self, when: str) -> None:
        """Send it and reset the line before the answer is there."""
        text = self.text()
        with socket.create_connection(("127.0.0.1", self.port), ENOUGH) as line:
            line.sendall(text[: len(text) // 2] if when == "half sent" else text)
            if when == "first byte heard":
                line.recv(1)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    def sent(self) -> tuple[int, str]:
        """Send it and hear the answer: its status and where it leads."""
        with socket.create_connection(("127.0.0.1", self.port), ENOUGH) as line:
            line.sendall(self.text())
            heard = b""
            while piece := line.recv(65536):
                heard += piece
        head = heard.partition(b"\r\n\r\n")[0].decode().split("\r\n")
        leads = [each.split(": ", 1)[1] for each in head if each.lower().startswith("location:")]
        return int(head[0].split()[1]), leads[0] if leads else ""


def forms(county: County, port: int, heard: History) -> Any:
    """One form after the other, of whatever waits for the handlers of the county."""
    clerks = {
        code: Clerk([port], people.login_of(code, "unit_handler"), heard)
        for code in people.DEPARTMENTS
    }
    for clerk in clerks.values():
        clerk.sign_in()
        clerk.hang_up()
    number = 0
    while True:
        for code, clerk in clerks.items():
            for assignment, node, version in drills.open_work(county.unit(code), "unit_handler")[
                :1
            ]:
                number += 1
                answers = drills.answers_for(node, lambda: 1.0)
                own = {"version": str(version), "idempotency_key": f"cut-{number}"}
                yield Form(clerk, port, assignment, {**answers, "opinion": "同意。", **own})


def completions(assignment: int) -> int:
    """How often the journal says that the task was completed."""
    session().rollback()
    said = Event.body.contains(f'"assignment":{assignment},')
    counted = select(func.count()).select_from(Event).where(Event.kind == "task.completed", said)
    return session().scalar(counted) or 0


@pytest.mark.timeout(180)
@pytest.mark.soak("R4")
def test_what_is_sent_again_after_the_line_was_cut_is_done_once(
    server, worker, tmp_path, size, chance: random.Random, figures
):
    many, found, answers = size(50, 500), Counter(), Counter()
    name = f"weathervane_{worker}_cut"
    with drills.county_at(server, name, tmp_path, TODAY) as (_app, address, county):
        drills.open_cases(county, many)
        with servers.site(address, tmp_path, webs=1, workers=0) as site:
            waiting = forms(county, next(iter(site.ports.values())), History())
            for turn in range(many):
                form, when = next(waiting), CUTS[turn % len(CUTS)]
                form.cut(when)
                if chance.random() < 0.5:
                    form.cut("sent")
                first, again = form.sent(), form.sent()
                found[when] += 1
                answers["the same"] += first == again
                answers["done"] += first[0] in (302, 303)
                answers["once"] += completions(form.assignment) == 1
        kept = session().scalar(select(func.count()).select_from(Answered)) or 0
    figures("forms cut off and sent again", found.total(), exactly=many)
    for when in CUTS:
        figures(f"lines cut: {when}", found[when], at_least=1)
    figures("answered like the first time", answers["the same"], exactly=many)
    figures("done", answers["done"], exactly=many)
    figures("journalled exactly once", answers["once"], exactly=many)
    figures("keys kept", kept, exactly=many)

"""People at their desks: they sign in, complete tasks, and send again what got no answer."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.faults.harness import pace
from tests.faults.harness.history import ACKNOWLEDGED, REFUSED, UNKNOWN, Act, History
from tests.web.conftest import PASSWORD

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
ONE_ANSWER = 15.0  # seconds before an answer is given up
SHORTEST_PAUSE = 0.05


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str


class Clerk:
    """Somebody with a browser that tries one web process after the other."""

    def __init__(
        self, ports: Sequence[int], login: str, history: History, *, patience: float = 60
    ) -> None:
        """`patience`: seconds after which an act without an answer stays unknown."""
        self.ports, self.login, self.history, self.patience = list(ports), login, history, patience
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.page = ""  # what the last answer to a form showed
        self._turn = count()
        self._line: HTTPConnection | None = None

    def sign_in(self) -> None:
        """Sign in, however often it takes."""
        deadline = time.monotonic() + self.patience
        while True:
            assert time.monotonic() < deadline, f"{self.login} cannot sign in"
            self.cookies.clear()
            with suppress(OSError, HTTPException):
                self._look_for_token("/signin")
                sent = {"login": self.login, "password": PASSWORD, "csrf_token": self.token}
                if self.ask("POST", "/signin", sent).status in (302, 303):
                    self._look_for_token("/account/password")
                    return
            self._pause()

    def complete(
        self, assignment: int, answers: Mapping[str, Any], *, version: int | None = 1,
        text: str = "opinion",
    ) -> Act:  # fmt: skip
        """Complete a task; the act's key also goes into the answer named by `text`."""
        act = self.history.invoke("complete", self.login, assignment)
        fields = {**answers, text: f"{answers.get(text, '')} {act.key}".strip()}
        return self.act(act, f"/tasks/{assignment}/completion", fields, version=version)

    def act(
        self, act: Act, path: str, fields: Mapping[str, Any], *, version: int | None = None
    ) -> Act:
        """Send a form under the act's key until somebody answers it or patience is over."""
        seen = {} if version is None else {"version": str(version)}
        began = time.monotonic()
        while time.monotonic() - began < self.patience:
            act.sent += 1
            own = {"csrf_token": self.token, "idempotency_key": act.key, **seen}
            answer = self._try("POST", path, {**fields, **own})
            if answer is None or answer.status == 503:
                self._pause()
                continue
            act.status, act.seconds = answer.status, time.monotonic() - began
            self.page = answer.text
            if _signed_out(answer):
                self.sign_in()
                continue
            act.state = ACKNOWLEDGED if answer.status in (200, 302, 303) else REFUSED
            return act
        act.state, act.seconds = UNKNOWN, time.monotonic() - began
        return act

    def look(self, path: str) -> Answer | None:
        """Open a page; None when the connection was cut."""
        return self._try("GET", path)

    def ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Answer:
        """One request on the line that is open, or on a new one to the next process."""
        if self._line is None:
            port = self.ports[next(self._turn) % len(self.ports)]
            self._line = HTTPConnection("127.0.0.1", port, timeout=ONE_ANSWER)
        try:
            self._line.request(method, path, urlencode(fields or {}, doseq=True), self._headers())
            with self._line.getresponse() as came:
                answer = Answer(came.status, came.headers, came.read().decode())
        except (OSError, HTTPException):
            self.hang_up()
            self.history.heard(None)
            raise
        self._keep_cookies(came.headers.get_all("Set-Cookie") or [])
        self.history.heard(answer.status)
        return answer

    def hang_up(self) -> None:
        """Close the line; the next request goes to the next process."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _try(
        self, method: str, path: str, fields: Mapping[str, Any] | None = None
    ) -> Answer | None:
        with suppress(OSError, HTTPException):
            return self.ask(method, path, fields)
        return None

    def _look_for_token(self, path: str) -> None:
        found = TOKEN.search(self.ask("GET", path).text)
        if found:
            self.token = found[1]

    def _headers(self) -> dict[str, str]:
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "text/html",
        }

    def _keep_cookies(self, sent: Sequence[str]) -> None:
        for header in sent:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value

    def _pause(self) -> None:
        self.hang_up()
        pace.pause(SHORTEST_PAUSE)


def _signed_out(answer: Answer) -> bool:
    return answer.status in (302, 303) and "/signin" in answer.headers.get("Location", "")

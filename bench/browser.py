"""The smallest browser that can sign in and send forms: one connection, cookies, few cycles."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from select import select
from time import perf_counter
from urllib.parse import urlencode, urlsplit

LARGEST = 1 << 20


class Unexpected(Exception):
    """The server answered something a case cannot go on with."""


@dataclass(frozen=True)
class Answer:
    """What came back, and how many seconds it took from the first byte sent to the last read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def onwards(self) -> str:
        """Where a redirect leads, without host and query."""
        return urlsplit(self.headers.get("location", "")).path

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page; the last one of that name."""
        place = self.body.rfind(f'name="{name}"'.encode())
        if place < 0:
            raise Unexpected(f"no field {name} in {self.body[:300]!r}")
        start = self.body.index(b'value="', place) + 7
        return self.body[start : self.body.index(b'"', start)].decode()


class Browser:
    """One person at one server, on a connection that is kept."""

    def __init__(self, port: int) -> None:
        """Connect to the server on this loopback port."""
        self._port, self._host = port, f"127.0.0.1:{port}"
        self._socket = self._connected()
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Open a page; anything but 200 is unexpected."""
        return self._expect(self._ask("GET", path, b""), path, 200)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form; anything but a redirect is unexpected."""
        return self._expect(self._ask("POST", path, urlencode(fields).encode()), path, 302, 303)

    def _connected(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _expect(self, answer: Answer, path: str, *statuses: int) -> Answer:
        if answer.status not in statuses:
            raise Unexpected(f"{path}: {answer.status} {answer.body[-1500:].decode()}")
        return answer

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}",
            f"Origin: http://{self._host}",
            "Accept: text/html",
            "Accept-Language: zh-CN,zh;q=0.9",
            f"Cookie: {'; '.join(f'{k}={v}' for k, v in self._cookies.items())}",
        ]
        if method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded"]
            head += [f"Content-Length: {len(body)}"]
        if select([self._socket], [], [], 0)[0]:  # hung up while nobody asked anything
            self._socket.close()
            self._socket = self._connected()
        began = perf_counter()
        self._socket.sendall("\r\n".join([*head, "", ""]).encode() + body)
        status, headers, content = self._read()
        return Answer(status, headers, content, perf_counter() - began)

    def _read(self) -> tuple[int, dict[str, str], bytes]:
        data = self._more(b"")
        while (end := data.find(b"\r\n\r\n")) < 0:
            data = self._more(data)
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _colon, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self._keep(value)
            headers[name.lower()] = value
        body = data[end + 4 :]
        if headers.get("transfer-encoding") == "chunked":
            return int(first.split()[1]), headers, self._chunks(body)
        while len(body) < int(headers.get("content-length", 0)):
            body = self._more(body)
        return int(first.split()[1]), headers, body

    def _chunks(self, body: bytes) -> bytes:
        found = b""
        while True:
            while b"\r\n" not in body:
                body = self._more(body)
            size, _end, body = body.partition(b"\r\n")
            length = int(size, 16)
            while len(body) < length + 2:
                body = self._more(body)
            found, body = found + body[:length], body[length + 2 :]
            if not length:
                return found

    def _more(self, data: bytes) -> bytes:
        more = self._socket.recv(LARGEST)
        if not more:
            raise Unexpected("the server hung up")
        return data + more

    def _keep(self, cookie: str) -> None:
        name, _equals, rest = cookie.partition("=")
        value = rest.partition(";")[0]
        if value and "Max-Age=0" not in rest:
            self._cookies[name] = value
        else:
            self._cookies.pop(name, None)

"""A mail server that keeps what it gets, and refuses or breaks off when told to."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


@dataclass
class Sink:
    """What came in; `answers` replaces what it says to a word of the client (RCPT, DATA …)."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


@contextmanager
def running() -> Iterator[Sink]:
    """The server on a port of its own, until the end of the test."""
    sink = Sink()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            talk(self, sink)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        sink.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield sink
        server.shutdown()
        thread.join()


def talk(client: socketserver.StreamRequestHandler, sink: Sink) -> None:
    """One conversation."""
    _say(client, "220 sink")
    while line := client.rfile.readline():
        word = line.split()[0].decode().upper()
        if word == "RCPT" and "RCPT" not in sink.answers:
            sink.recipients.append(line.decode().strip())
        if word == "DATA" and "DATA" not in sink.answers:
            _say(client, "354 go on")
            if not _taken(client, sink):
                return
        elif word == "QUIT":
            _say(client, "221 bye")
            return
        else:
            _say(client, sink.answers.get(word, "250 sink"))


def _taken(client: socketserver.StreamRequestHandler, sink: Sink) -> bool:
    """Take a mail, or not; whether the conversation goes on."""
    content, refused = received(client), sink.answers.get("CONTENT")
    if refused == "break off":
        return False
    if not refused:
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        sink.mails.append(mail)
    _say(client, refused or "250 taken")
    return True


def _say(client: socketserver.StreamRequestHandler, text: str) -> None:
    client.wfile.write(f"{text}\r\n".encode())


def received(client: socketserver.StreamRequestHandler) -> bytes:
    """The mail up to the lone dot."""
    lines = []
    while (line := client.rfile.readline()) not in (b".\r\n", b""):
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)

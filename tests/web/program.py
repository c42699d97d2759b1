"""Something that speaks to the API as somebody of the county."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.actor import Actor
from tests.web.visiting import visiting

PROBLEM = "application/problem+json"


class Program:
    """It reads, and acts with the token of its session."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        """Sign in."""
        self.browser = visiting(app, actor)
        self.token = self.browser.get("/api/session").json["csrf_token"]

    def get(self, address: str, **options: Any) -> Any:
        """Read."""
        return self.browser.get(f"/api/{address}", **options)

    def post(self, address: str, answers: Any = None, **headers: str) -> Any:
        """Act, with these answers."""
        return self.said(address, {"answers": answers or {}}, **headers)

    def said(self, address: str, body: Any, **headers: str) -> Any:
        """Act, with this body; a header's name is written with low lines."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"X-CSRFToken": self.token, **named}
        return self.browser.client.post(f"/api/{address}", json=body, headers=sent)

    def files(self, address: str, **files: Any) -> Any:
        """Send files along."""
        sent = {"X-CSRFToken": self.token}
        return self.browser.client.post(f"/api/{address}", data=files, headers=sent)

"""One JSON line per request and event: ids, numbers and names of code, never what people wrote."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from datetime import datetime, timezone
from types import TracebackType
from typing import Any, Final

from flask import Flask, Response, g, has_request_context, request

from app.config import Settings
from app.web.policy import maybe_actor

LOGGERS: Final = ("weathervane", "app")
PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
DEEPEST: Final = 12
_requests = logging.getLogger("weathervane.requests")


class JsonLines(logging.Formatter):
    """A record as a line of JSON; what an exception says is left out: it may quote a case."""

    def __init__(self, *, quote: bool) -> None:
        super().__init__()
        self._quote = quote

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, timezone.utc)
        line: dict[str, Any] = {
            "at": at.isoformat("T", "milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {k: v for k, v in vars(record).items() if k not in PLAIN}
        if has_request_context():
            line.setdefault("request_id", g.get("request_id"))
        if record.exc_info and record.exc_info[1]:
            line |= self._failure(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)

    def _failure(self, problem: BaseException, where: TracebackType | None) -> dict[str, Any]:
        frames = traceback.extract_tb(where)
        told: dict[str, Any] = {
            "problem": type(problem).__name__,
            "where": [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames[-DEEPEST:]],
        }
        if self._quote:
            told["said"] = str(problem)
        return told


def _short(file: str) -> str:
    return file.rsplit("/app/", maxsplit=1)[-1]


def configure(app: Flask, settings: Settings) -> None:
    """Send our own loggers to standard error as JSON, and write a line for every request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(quote=settings.env in ("development", "test")))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(settings.log_level)
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.request_id = secrets.token_hex(6)
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    actor = maybe_actor()
    _requests.info(
        "request",
        extra={
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "endpoint": request.endpoint,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.started) * 1000, 1),
            "person": actor.person_id if actor else None,
            "failed": g.get("failed"),
        },
    )
    return response

"""The way to the mail server: one mail at a time, encrypted where the settings ask for it."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Final

from app.config import Settings

PATIENCE: Final = 20.0  # seconds for each word of the mail server
FOR_GOOD: Final = range(500, 600)


class ServerAway(Exception):
    """The mail server cannot take mail just now, or not from us: nothing is wrong with the mail."""


def send(settings: Settings, message: EmailMessage) -> None:
    """Hand it over; raises ServerAway, or what the server has against this very mail."""
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=PATIENCE) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _said in problem.recipients.values()]
        if all(code in FOR_GOOD for code in codes):
            raise
        raise ServerAway(f"recipient put off: {codes}") from problem
    except smtplib.SMTPDataError as problem:
        if problem.smtp_code in FOR_GOOD:
            raise
        raise ServerAway(f"mail put off: {problem.smtp_code}") from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise ServerAway(_said(problem)) from problem


def _said(problem: Exception) -> str:
    code = getattr(problem, "smtp_code", "")
    return f"{type(problem).__name__} {code}".strip()

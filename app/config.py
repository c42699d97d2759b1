"""Settings, read once from the environment; docs/settings.md lists them all."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DEVELOPMENT_SECRET = "development-only"  # noqa: S105 - refused in production below


class BadSettings(Exception):
    """A setting is missing or wrong; the message names it and the cure."""


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; the environment variable is the name in capitals."""

    env: str = "development"
    database_url: str = f"sqlite:///{ROOT / 'instance' / 'weathervane.sqlite3'}"
    database_connections: int = 16
    redis_url: str = ""
    secret_key: str = field(default=DEVELOPMENT_SECRET, repr=False)
    port: int = 8000
    county: str = "示例县"
    default_profile: str = "tanghe"
    allow_sqlite: bool = False
    cookie_secure: bool = False
    trusted_proxies: int = 0
    idle_minutes: int = 30
    session_hours: int = 12
    login_failures: int = 5
    lock_minutes: int = 10
    max_upload_mb: int = 20
    files_dir: str = str(ROOT / "instance" / "files")
    log_level: str = "INFO"
    public_url: str = ""
    mail_from: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_starttls: bool = False
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    quiet_from: str = "20:00"
    quiet_until: str = "08:00"

    @property
    def production(self) -> bool:
        """Whether real work is done here: no demo data, no default secret, no clock offset."""
        return self.env == "production"

    @property
    def mail(self) -> bool:
        """Whether mail goes out at all."""
        return bool(self.smtp_host)

    def check(self) -> None:
        """Refuse to start in production with a weak secret or SQLite; raises BadSettings."""
        if self.env not in ("development", "demo", "test", "production"):
            raise BadSettings("ENV must be development, demo, test or production.")
        self._check_mail()
        if not self.production:
            return
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32:
            raise BadSettings("SECRET_KEY must be set to at least 32 random characters.")
        if self.database_url.startswith("sqlite") and not self.allow_sqlite:
            raise BadSettings(
                "DATABASE_URL names SQLite; use PostgreSQL in production, or set ALLOW_SQLITE=1."
            )

    def _check_mail(self) -> None:
        for name in ("quiet_from", "quiet_until"):
            if not TIME_OF_DAY.fullmatch(getattr(self, name)):
                raise BadSettings(f"{name.upper()} must be a time of day like 20:00.")
        if not self.mail:
            return
        if "@" not in self.mail_from:
            raise BadSettings("MAIL_FROM must be the address mail comes from; SMTP_HOST is set.")
        if not self.public_url.startswith(("http://", "https://")):
            raise BadSettings("PUBLIC_URL must be the address people open; mails link to it.")
        if self.smtp_user and not self.smtp_starttls and self.production:
            raise BadSettings("SMTP_STARTTLS must be 1 where SMTP_USER signs in with a password.")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables; raises BadSettings naming the one that is wrong."""
    source = os.environ if environ is None else environ
    given: dict[str, object] = {}
    for item in fields(Settings):
        raw = source.get(item.name.upper())
        if raw:
            given[item.name] = _read(item.name, raw, type(item.default))
    if given.get("env") == "production":
        given.setdefault("cookie_secure", True)
    settings = Settings(**given)  # type: ignore[arg-type] # each value was read by its field's type
    settings.check()
    return settings


def _read(name: str, raw: str, kind: type) -> object:
    if kind is bool:
        if raw.lower() not in ("0", "1", "true", "false"):
            raise BadSettings(f"{name.upper()} must be 0 or 1.")
        return raw.lower() in ("1", "true")
    if kind is int:
        if not raw.isdigit():
            raise BadSettings(f"{name.upper()} must be a whole number.")
        return int(raw)
    if name == "database_url" and raw.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + raw.split("://", 1)[1]
    return raw

"""Process definitions, decision tables and mechanism profiles, each as numbered versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, LongText, Pk


class DefinitionVersion(Base):
    """One published version of a diagram (`bpmn`) or decision table (`dmn`); never changed."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("key", "version"),)
    id: Mapped[Pk]
    key: Mapped[Code]
    kind: Mapped[Code]
    version: Mapped[int]
    title: Mapped[str]
    title_en: Mapped[str]
    calls: Mapped[list[Any]]
    source: Mapped[LongText]
    sha256: Mapped[Code]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ProfileVersion(Base):
    """One version of a mechanism profile (机制配置): how a county works, as data."""

    __tablename__ = "profile_version"
    __table_args__ = (UniqueConstraint("key", "version"),)
    id: Mapped[Pk]
    key: Mapped[Code]
    version: Mapped[int]
    data: Mapped[dict[str, Any]]
    sha256: Mapped[Code]
    at: Mapped[datetime]

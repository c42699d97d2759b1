"""Units, the people who act for them, their posts, and their sign-in sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, Pk


class Unit(Base):
    """A unit (单位): what is accountable; units form a tree."""

    __tablename__ = "unit"
    id: Mapped[Pk]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    kind: Mapped[Code]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    active: Mapped[bool] = mapped_column(default=True)


class Person(Base):
    """Somebody who signs in and acts for one or more units."""

    __tablename__ = "person"
    id: Mapped[Pk]
    login: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    password_hash: Mapped[str] = mapped_column(default="")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str | None]


class RoleHolding(Base):
    """A person holds a role in a unit, possibly as deputy for another person and for a period."""

    __tablename__ = "role_holding"
    __table_args__ = (
        UniqueConstraint("person_id", "unit_id", "role", "deputy_for_id"),
        Index("ix_role_holding_unit_id_role", "unit_id", "role"),
    )
    id: Mapped[Pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Code]
    deputy_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]


class WebSession(Base):
    """A signed-in browser; the cookie holds the random id, this row its SHA-256."""

    __tablename__ = "web_session"
    id: Mapped[Pk]
    id_hash: Mapped[Code] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A wrong password: counted per account and address to lock for a while."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_login_address", "login", "address"),)
    id: Mapped[Pk]
    login: Mapped[Code]
    address: Mapped[Code]
    at: Mapped[datetime]

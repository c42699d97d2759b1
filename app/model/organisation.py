"""Units, the people who act for them, their posts, and their sign-in sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
    """Somebody who signs in and acts for one or more units.

    `email` is where they want their letters; `telling` what they chose about being told
    (app/rules/telling.py), empty while everything is as it comes.
    """

    __tablename__ = "person"
    id: Mapped[Pk]
    login: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    password_hash: Mapped[str] = mapped_column(default="")
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str | None]
    email: Mapped[str | None]
    telling: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RoleHolding(Base):
    """A person holds a role in a unit, perhaps for a period only, perhaps for somebody else.

    A deputy's rows follow from the deputyship and say again for whom, when and in what kinds of
    cases (none named: all), since every request reads them.
    """

    __tablename__ = "role_holding"
    __table_args__ = (
        UniqueConstraint("person_id", "unit_id", "role", "deputyship_id"),
        Index("ix_role_holding_unit_id_role", "unit_id", "role"),
    )
    id: Mapped[Pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Code]
    deputy_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deputyship_id: Mapped[int | None] = mapped_column(ForeignKey("deputyship.id"), index=True)
    kinds: Mapped[list[Any] | None]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]


class Deputyship(Base):
    """Somebody acts for somebody else for a time (代理): in one post or in all, named by whom."""

    __tablename__ = "deputyship"
    id: Mapped[Pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[Code | None]
    kinds: Mapped[list[Any] | None]
    reason: Mapped[str | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WebSession(Base):
    """A signed-in browser; the cookie holds the random id, this row its SHA-256.

    `device` is what it seems to be (app/rules/devices.py), for the person's own list.
    """

    __tablename__ = "web_session"
    id: Mapped[Pk]
    id_hash: Mapped[Code] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[Code] = mapped_column(default="")
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

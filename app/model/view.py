"""Views of the inbox somebody keeps: a name for what it is narrowed and ordered by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Pk


class SavedView(Base):
    """What its owner's inbox is narrowed and ordered by; with `unit_id` open to that whole unit.

    `query`: what the address of the inbox holds, by name.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)
    id: Mapped[Pk]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    query: Mapped[dict[str, Any]]

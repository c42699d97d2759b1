"""Files of units or people that are brought in: looked at first, then confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Code, Pk


class Roster(Base):
    """One file (名册): previewed → confirmed or discarded.

    People whose posts the file proposes: previewed → proposed → granted or declined, the last step
    being another administrator's. `rows` are the file's texts by column for as long as somebody
    has to decide about them; what was decided stands in the journal, and they go.
    """

    __tablename__ = "roster"
    id: Mapped[Pk]
    what: Mapped[Code]
    file_name: Mapped[str]
    sha256: Mapped[Code]
    encoding: Mapped[Code]
    state: Mapped[Code] = mapped_column(default="previewed")
    rows: Mapped[list[Any]] = mapped_column(default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    posts_at: Mapped[datetime | None]
    posts_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

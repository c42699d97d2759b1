"""Look for cases and papers by number, title, matter or unit, among what one may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, or_, select

from app.actor import Actor
from app.db import session
from app.model import Case, CaseUnit, Unit
from app.queries.papers import PaperLine, papers
from app.queries.visibility import visible


@dataclass(frozen=True)
class Found:
    """The cases and papers that fit, newest first, at most `limit` of each."""

    cases: tuple[Case, ...]
    papers: tuple[PaperLine, ...]


def search(viewer: Actor, text: str, *, limit: int = 50) -> Found:
    """Everything with the text in its number, title or matter, or of a unit named so."""
    text = text.strip()
    if not text:
        return Found((), ())
    of_unit = exists(
        select(CaseUnit.id)
        .join(Unit, Unit.id == CaseUnit.unit_id)
        .where(CaseUnit.case_id == Case.id, Unit.name.contains(text, autoescape=True))
    )
    cases = (
        session()
        .execute(
            select(Case)
            .where(
                visible(viewer),
                or_(
                    Case.number.contains(text, autoescape=True),
                    Case.title.contains(text, autoescape=True),
                    Case.matter.contains(text, autoescape=True),
                    of_unit,
                ),
            )
            .order_by(Case.id.desc())
            .limit(limit)
        )
        .scalars()
    )
    return Found(tuple(cases), papers(viewer, text=text, limit=limit))

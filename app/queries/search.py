"""Look for cases and papers by what they say, among what one may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.actor import Actor
from app.db import session
from app.model import Case
from app.queries.matching import cases_saying
from app.queries.papers import PaperLine, papers
from app.queries.visibility import visible


@dataclass(frozen=True)
class Found:
    """The cases and papers that fit, newest first, at most `limit` of each."""

    cases: tuple[Case, ...]
    papers: tuple[PaperLine, ...]


def search(viewer: Actor, text: str, *, limit: int = 50) -> Found:
    """Everything that holds all of the words: number, title, matter, units, answers, files."""
    text = text.strip()
    if not text:
        return Found((), ())
    cases = session().scalars(
        select(Case)
        .where(visible(viewer), Case.id.in_(cases_saying(text)))
        .order_by(Case.id.desc())
        .limit(limit)
    )
    return Found(tuple(cases), papers(viewer, text=text, limit=limit))

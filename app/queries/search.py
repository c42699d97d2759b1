"""Look for cases and papers by what they say, among what one may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.actor import Actor
from app.db import session
from app.model import Case
from app.queries.matching import by_the_index, cases_saying, cases_saying_widely, many_say
from app.queries.papers import PaperLine, papers
from app.queries.visibility import those_visible


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
    mine = those_visible(viewer)
    wanted = select(Case) if mine is None else select(Case).where(Case.id.in_(mine))
    with by_the_index(text):
        saying = cases_saying_widely(text) if many_say(text) else cases_saying(text)
        wanted = wanted.where(Case.id.in_(saying)).order_by(Case.id.desc()).limit(limit)
        cases = session().scalars(wanted).all()
        return Found(tuple(cases), papers(viewer, text=text, limit=limit))

"""Numbers of cases and documents: given once, in order, never twice."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select, text

from app import clock, documents
from app.advance import Loaded
from app.db import session
from app.model import Document

IN_WORDS: Final = "一二三四五六七八九十"
_NEXT = text(
    "INSERT INTO number_series (series, year, last) VALUES (:series, :year, 1) "
    "ON CONFLICT (series, year) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


def next_number(series: str, year: int) -> int:
    """The next number of a series; whoever else wants one waits until this act is done."""
    line = session().connection()  # past what waits to be written
    return int(line.execute(_NEXT, {"series": series, "year": year}).scalar_one())


def number_case(loaded: Loaded) -> str | None:
    """Give the case its register number (once); None where the profile numbers no such cases."""
    case, profile = loaded.case, loaded.profile
    if case.number is None and case.kind in profile.numbers.cases:
        year = clock.today().year
        n = next_number(f"{profile.key}/case/{case.kind}", year)
        case.number = profile.case_number(case.kind, year=year, n=n)
    return case.number


def document_number(loaded: Loaded, kind: str) -> str | None:
    """The next number for a document of that kind; some carry their case's number."""
    profile = loaded.profile
    series = documents.KINDS[kind].series
    if series not in profile.numbers.documents:
        return None
    year = clock.today().year
    n = next_number(f"{profile.key}/document/{series}", year) if profile.counts(series) else 0
    number = profile.document_number(series, year=year, n=n, case=number_case(loaded) or "")
    return number if profile.counts(series) else _after_those_before(loaded, number)


def _after_those_before(loaded: Loaded, number: str) -> str:
    """A further paper under its case's number is 之二, 之三: each keeps its own for good."""
    mine = (Document.case_id == loaded.case.id, Document.number.startswith(number, autoescape=True))
    line = session().connection()  # past what waits to be written, as above
    before = line.scalar(select(func.count(Document.id)).where(*mine))
    if not before:
        return number
    return f"{number}之{IN_WORDS[before] if before < len(IN_WORDS) else before + 1}"

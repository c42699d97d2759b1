"""How indicators went over the rounds: value and level per period, for strips and small charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from app.db import session
from app.model import Grading, Reading, Round

LONGEST: Final = 8


@dataclass(frozen=True)
class Cell:
    """An indicator in one round; without a value where nothing was read."""

    code: str
    value: Decimal | None
    level: str | None


def strips(
    last: Round, area_id: int | None, indicator_ids: Sequence[int]
) -> tuple[tuple[str, ...], Mapping[int, tuple[Cell, ...]]]:
    """The codes of the rounds up to this one, oldest first, and each indicator's cells in them."""
    rounds = _rounds(last)
    values = _values([each.id for each in rounds], area_id, indicator_ids)
    given = _levels([each.id for each in rounds], indicator_ids)
    return tuple(each.code for each in rounds), {
        indicator: tuple(
            Cell(each.code, values.get((each.id, indicator)), given.get((each.id, indicator)))
            for each in rounds
        )
        for indicator in indicator_ids
    }


def _rounds(last: Round) -> list[Round]:
    """The rounds run the same way, up to this one."""
    rows = session().scalars(
        select(Round)
        .where(Round.ends_on <= last.ends_on)
        .order_by(Round.ends_on.desc(), Round.id.desc())
        .limit(LONGEST)
    )
    return list(rows)[::-1]


def _values(
    round_ids: Sequence[int], area_id: int | None, indicator_ids: Sequence[int]
) -> dict[tuple[int, int], Decimal]:
    rows = session().execute(
        select(Reading.round_id, Reading.indicator_id, Reading.value)
        .join(Round, Round.id == Reading.round_id)
        .where(
            Reading.round_id.in_(round_ids),
            Reading.area_id == area_id,
            Reading.indicator_id.in_(indicator_ids),
        )
        .order_by(Reading.period == Round.code, Reading.period)
    )
    return {(round_id, indicator): value for round_id, indicator, value in rows}


def _levels(round_ids: Sequence[int], indicator_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    newest = (
        select(func.max(Grading.id).label("id"))
        .where(Grading.round_id.in_(round_ids), Grading.indicator_id.in_(indicator_ids))
        .group_by(Grading.round_id, Grading.indicator_id)
        .subquery()
    )
    rows = session().execute(
        select(Grading.round_id, Grading.indicator_id, Grading.level).join(
            newest, newest.c.id == Grading.id
        )
    )
    return {(round_id, indicator): level for round_id, indicator, level in rows}

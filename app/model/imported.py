"""The readings a file brought, in the one order in which their digest is taken."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Select, select

from app.model.indicator import Area, Indicator, Reading


def imported_readings(
    batch_id: int,
) -> Select[str, str, str, str, Decimal, Decimal | None, Decimal | None, int | None]:
    """Indicator code, area level and name, period and the figures of every reading of a batch."""
    return (
        select(
            Indicator.code,
            Area.level,
            Area.name,
            Reading.period,
            Reading.value,
            Reading.year_before,
            Reading.change,
            Reading.case_count,
        )
        .join(Indicator, Indicator.id == Reading.indicator_id)
        .join(Area, Area.id == Reading.area_id)
        .where(Reading.batch_id == batch_id)
        .order_by(Reading.indicator_id, Reading.area_id, Reading.period)
    )

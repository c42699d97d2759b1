"""The units a list can be narrowed to, kept drawn: a county may have thousands of them."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from app.queries.pickers import unit_choices
from app.web.speech import speech


def unit_options(chosen: int | None) -> Markup:
    """The options of a select, in the reader's language, the chosen one marked."""
    options = _drawn(unit_choices(), speech().locale)
    if chosen is None:
        return options
    value = Markup('value="{}"').format(chosen)
    return options.replace(value, value + Markup(" selected"), 1)


@lru_cache(maxsize=8)
def _drawn(units: tuple[tuple[int, str, str], ...], locale: str) -> Markup:
    option = Markup('<option value="{}">{}</option>')
    return Markup("").join(
        option.format(number, (name_en if locale == "en" else "") or name)
        for number, name, name_en in units
    )

"""What is wrong with an answer, said so that a person can put it right."""

from __future__ import annotations

from app.forms.definition import Field
from app.i18n import Text, _

PLAIN = {
    "required": _("Please fill in this field."),
    "tick": _("Please tick this box to go on."),
    "letters": _("Please remove the invisible or control characters."),
    "choice": _("Please choose one of the answers offered."),
    "level": _("Please choose one of the answers offered."),
    "multichoice": _("Please choose from the answers offered."),
    "twice": _("Please name each entry only once."),
    "date": _("Please enter a date such as 2026-07-15."),
    "integer": _("Please enter a whole number."),
    "decimal": _("Please enter a number with at most six decimal places."),
    "boolean": _("Please answer yes or no."),
    "text": _("Please enter text."),
    "textarea": _("Please enter text."),
    "table": _("Please fill in this table row by row."),
    "rows": _("Please fill in this table row by row."),
    "unit": _("Please choose a unit from the list."),
    "units": _("Please choose units from the list."),
    "people": _("Please choose people from the list."),
    "person": _("Please choose a person from the list."),
    "indicator": _("Please choose an indicator from the list."),
    "round": _("Please choose an assessment round from the list."),
    "files": _("Please add a file here."),
    "attachments": _("Please add the files here; they cannot be named by hand."),
    "unknown": _("This form has no such field."),
}


def explain(code: str, field: Field | None) -> Text:
    """The sentence for a problem with this question."""
    if field is None:
        return PLAIN["unknown"]
    if code in {"min", "max"}:
        return _bound(code, field)
    if code == "files_min":
        return _("Please add at least %(limit)s files.", limit=str(field.min))
    if code == "files_max":
        return _("At most %(limit)s files fit here; withdraw some.", limit=str(field.max))
    if code in PLAIN:
        return PLAIN[code]
    limit = getattr(field, code)
    return {
        "max_length": _("Please write at most %(limit)s characters.", limit=limit),
        "min_length": _("Please write at least %(limit)s characters.", limit=limit),
        "min_rows": _("Too few rows: at least %(limit)s needed.", limit=limit or 1),
        "max_rows": _("Too many rows: at most %(limit)s fit.", limit=limit),
    }[code]


def _bound(code: str, field: Field) -> Text:
    """The lowest or highest answer, as a day or as a number."""
    if field.type != "date":
        limit = str(field.min if code == "min" else field.max)
        if code == "min":
            return _("Please enter a number not below %(limit)s.", limit=limit)
        return _("Please enter a number not above %(limit)s.", limit=limit)
    day = field.min if code == "min" else field.max
    if day == "today":
        return _("This day has already passed.") if code == "min" else _("This day is yet to come.")
    if code == "min":
        return _("Please choose a day not before %(day)s.", day=str(day))
    return _("Please choose a day not after %(day)s.", day=str(day))

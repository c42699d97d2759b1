"""A form with one field of every type, for the tests beside it."""

from __future__ import annotations

from typing import Any

import orjson

from app import forms


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """A field as a form file holds it."""
    return {
        "name": name,
        "type": kind,
        "label": "名称",
        "label_en": "Name",
        "required": False,
    } | more


def option(value: str, **more: Any) -> dict[str, Any]:
    """An option as a form file holds it."""
    return {"value": value, "label": "选项", "label_en": "Option"} | more


def source(*fields: dict[str, Any], **more: Any) -> bytes:
    """A form file with these fields."""
    return orjson.dumps(
        {"key": "sample", "title": "样表", "title_en": "Sample", "fields": fields} | more
    )


def form(*fields: dict[str, Any]) -> forms.Form:
    """A form with these fields."""
    return forms.read(source(*fields))


ROW = [
    field("text", "text", required=True),
    field("units", "units"),
    field("due", "date", required=True),
    field("major", "boolean"),
]
EVERYTHING = form(
    field("decision", "choice", required=True, fact=True, options=[option("go"), option("back")]),
    field(
        "reason",
        "textarea",
        min_length=4,
        max_length=20,
        show_if={"field": "decision", "equals": "back"},
        required_if={"field": "decision", "equals": "back"},
    ),
    field(
        "ground",
        "choice",
        options=[
            option("late", show_if={"field": "decision", "equals": "back"}),
            option("other"),
        ],
    ),
    field("short", "text", max_length=5),
    field("tags", "multichoice", options=[option("red"), option("blue")]),
    field("day", "date", min="today", max="2030-12-31"),
    field("held", "date", min="1949-10-01", max="today"),
    field("percent", "integer", min=0, max=100, fact=True),
    field("points", "decimal", min="0.5"),
    field("agreed", "boolean"),
    field("measures", "table", columns=ROW, max_rows=3),
    field("unit", "unit"),
    field("copies", "units"),
    field("handler", "person"),
    field("readers", "people"),
    field("indicator", "indicator"),
    field("level", "level"),
    field("round", "round"),
)

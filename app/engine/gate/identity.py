"""Ids and words in a file: which ids are free and unique, which names and notes can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.engine import reading
from app.engine.gate import constructs
from app.engine.gate.constructs import finding
from app.engine.reading import Element
from app.engine.results import Finding
from app.i18n import _

LONGEST_NAME = 200
LONGEST_NOTE = 1_000
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_RESERVED = re.compile(
    r"(Start|End|Root|StartEventSplit|StartEventJoin|"
    r".*(EndJoin|BoundaryEventSplit|BoundaryEventJoin|\[child\]))"
)
_BAD_ID = _(
    "The id “%(id)s” must be letters, digits, - and _, at most 64, not starting with a digit."
)
_RESERVED_ID = _("The id “%(id)s” is used by the engine itself. Choose another one.")
_SECOND = _("The id “%(id)s” is used twice.")
_NO_ID = _("“%(name)s” has no id.")
_LONG_NAME = _("“%(name)s”: names have at most 200 characters.")
_LONG_NOTE = _("“%(name)s”: notes have at most 1,000 characters.")
_HIDDEN_NAME = _("“%(name)s”: the name holds characters nobody sees.")


def bad_ids(root: Element) -> Iterator[Finding]:
    """Ids the engine would confuse with its own, with each other, or cannot take."""
    seen: set[str] = set()
    for element in constructs.model(root):
        given = element.get("id")
        if given is None:
            if reading.kind(element) in constructs.NODES | {"process", "sequenceFlow"}:
                yield finding(element, "id_missing", _NO_ID)
            continue
        if _RESERVED.fullmatch(given):
            yield finding(element, "id_reserved", _RESERVED_ID, id=given)
        elif not _ID.fullmatch(given):
            yield finding(element, "id_form", _BAD_ID, id=given[:80])
        if given in seen:
            yield finding(element, "id_twice", _SECOND, id=given[:80])
        seen.add(given)


def bad_names(root: Element) -> Iterator[Finding]:
    """Names and notes that freeze a browser or hide something."""
    for element in constructs.model(root):
        name = element.get("value" if reading.kind(element) == "categoryValue" else "name", "")
        note = (element.text or "") if reading.kind(element) == "text" else ""
        if len(name) > LONGEST_NAME:
            yield finding(element, "name_long", _LONG_NAME)
        if len(note) > LONGEST_NOTE:
            yield finding(element, "note_long", _LONG_NOTE)
        if not all(char.isprintable() or char in "\n\r\t\u3000" for char in name + note):
            yield finding(element, "name_hidden", _HIDDEN_NAME)

"""What keeps definition files from being published, with all this release knows; no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app import engine, forms
from app.config import ROOT
from app.effects import EFFECTS
from app.engine import EngineError, Finding, Severity
from app.i18n import _
from app.rules import profiles

DEFINITIONS: Final = ROOT / "bpmn"


@dataclass(frozen=True)
class Looked:
    """A file, its bytes if it could be read, and what the gate says about it."""

    path: Path
    source: bytes
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        """What keeps it from being published."""
        return [each for each in self.findings if each.severity is Severity.ERROR]


def shipped() -> list[Path]:
    """The diagrams and tables of this release."""
    return files_in(DEFINITIONS)


def files_in(*folders: Path) -> list[Path]:
    """The diagrams and tables in folders, by name; of two of a name the later folder's."""
    kinds = ("*.bpmn", "*.dmn")
    found = (path for place in folders for kind in kinds for path in place.glob(kind))
    return sorted({path.name: path for path in found}.values(), key=lambda path: path.name)


def look(paths: Iterable[Path], beside: Iterable[Path] = ()) -> Iterator[Looked]:
    """Hold each file against the gate; those `beside` it may be called and asked."""
    files = list(paths)
    known = _known({path.name: path for path in (*beside, *files)}.values())
    for path in files:
        try:
            source = engine.content(path)
        except EngineError as error:
            yield Looked(path, b"", (Finding("", error.code, error.text),))
        else:
            yield Looked(path, source, (*_misnamed(path, source), *engine.check(source, **known)))


def look_at_drafts(paths: Iterable[Path]) -> Iterator[Looked]:
    """Only whether each file may be kept as a draft."""
    for path in paths:
        try:
            source = engine.content(path)
            engine.draft(source)
        except EngineError as error:
            yield Looked(path, b"", (Finding("", error.code, error.text),))
        else:
            yield Looked(path, source, ())


def _misnamed(path: Path, source: bytes) -> Iterator[Finding]:
    """Cases look a process up by the name of its file."""
    with suppress(EngineError):
        name = engine.describe(source).process_id
        if name != path.stem:
            text = _("The file must be called after what it holds: “%(name)s”.", name=name[:64])
            yield Finding(name, "file_name", text)


def _known(paths: Iterable[Path]) -> dict[str, Any]:
    """What a diagram may name: forms, effects, rules of dates, tables, other processes."""
    said = []
    for path in paths:
        with suppress(EngineError):
            said.append(engine.describe(engine.content(path)))
    return {
        "forms": set(forms.all_forms()),
        "effects": EFFECTS,
        "deadlines": {name for data in profiles.available().values() for name in data["deadlines"]},
        "decisions_known": {name for each in said if not each.nodes for name in each.decisions},
        "processes": {name: each.calls for each in said for name in each.process_ids},
    }

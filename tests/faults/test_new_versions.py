"""New versions of a process while cases run on the old one: not a byte of theirs changes (R16)."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.commands import installation
from app.db import session
from app.model import CaseState, DefinitionVersion
from tests import stories
from tests.engine.diagrams import Diagram
from tests.faults.together import require_agreement, require_whole, together

KEY = "supervision_brief"
YES = {"decision": "approve", "opinion": "同意"}


def write(folder: Path, version: int) -> None:
    """A process of three tasks; each later version asks somebody else first."""
    diagram = Diagram(KEY, **{"wv:title": "试行", "wv:titleEn": "On trial"}).start()
    if version:
        diagram.user(f"first_{version}", form="approval", performer="supervising_office")
    for node in ("one", "two", "three"):
        diagram.user(node, form="approval", performer="supervising_office")
    (folder / f"{KEY}.bpmn").write_bytes(diagram.end().xml)


def kept(case_id: int) -> tuple[object, ...]:
    """All that a case is: its versions with their text, its place and its state."""
    case = stories.case(case_id)
    state = session().get_one(CaseState, (case_id, case.state_seq), populate_existing=True)
    sources = [
        session().get_one(DefinitionVersion, entry["id"], populate_existing=True).source
        for entry in case.bundle
    ]
    return case.bundle, sources, case.state_seq, state.blob, stories.open_nodes(case_id)


def versions() -> list[int]:
    session().rollback()
    of_it = select(DefinitionVersion.version).where(DefinitionVersion.key == KEY)
    return sorted(session().scalars(of_it))


@pytest.mark.soak("R16")
def test_running_cases_keep_their_version(committed_db, own_county, tmp_path, size, figures):
    office = own_county.post("supervising_office")
    write(tmp_path, 0)
    installation.install(tmp_path)
    began = versions()[-1]
    running = [stories.start_case(own_county, KEY, by=office) for _ in range(size(20, 100))]
    quiet, busy = running[::2], running[1::2]
    before = {case_id: kept(case_id) for case_id in running}

    def publish() -> int:
        for version in range(1, size(10, 50) + 1):
            write(tmp_path, version)
            installation.install(tmp_path)
        return versions()[-1] - began

    def work() -> int:
        for case_id in busy:
            stories.complete(case_id, "one", YES, by=office)
        return len(busy)

    published, worked = together(committed_db, publish, work)

    session().rollback()
    changed = [case_id for case_id in quiet if kept(case_id) != before[case_id]]
    changed += [case_id for case_id in busy if kept(case_id)[:2] != before[case_id][:2]]
    figures("cases running", len(running), at_least=size(20, 100))
    figures("versions published meanwhile", published, exactly=size(10, 50))
    figures("tasks completed meanwhile", worked, at_least=len(busy))
    figures("cases that changed", len(changed), exactly=0)

    for case_id in running:
        for node in ("one", "two", "three")[case_id in busy :]:
            assert stories.open_nodes(case_id) == [node]
            stories.complete(case_id, node, YES, by=office)
        assert stories.case(case_id).status == "closed"
    newest = stories.start_case(own_county, KEY, by=office)
    assert stories.open_nodes(newest) == [f"first_{size(10, 50)}"]
    require_agreement(newest)
    require_whole()

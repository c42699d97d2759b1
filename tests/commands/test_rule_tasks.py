"""A process with a decision table in it runs from the published versions (supported list)."""

from __future__ import annotations

import pytest

from app import advance, clock, engine, journal
from app.db import session, transaction
from app.model import DefinitionVersion
from tests import stories
from tests.engine.decisions import table
from tests.engine.diagrams import Diagram


def publish(key: str, kind: str, source: bytes) -> None:
    """Put a definition into the database as the installation does."""
    said = engine.describe(source)
    session().add(
        DefinitionVersion(
            key=key,
            kind=kind,
            version=1,
            title=key,
            title_en=key,
            calls=[*said.calls, *said.decisions],
            source=source.decode(),
            sha256=key,
            published_at=clock.now(),
        )
    )
    session().commit()


@pytest.mark.parametrize(("size", "task"), [("small", "note_it"), ("large", "look_into_it")])
def test_the_table_decides_which_task_opens(tanghe, size, task):
    process = (
        Diagram("weighing")
        .start()
        .rule("weigh", "weight")
        .xor("which")
        .user("look_into_it", performer="supervising_office", form="acknowledge")
        .end()
        .at("which", 'weight == "light"')
        .user("note_it", performer="supervising_office", form="acknowledge")
        .end("noted")
    )
    publish("weighing", "bpmn", process.file())
    publish(
        "weight",
        "dmn",
        table(
            ["size"],
            ["weight"],
            [(['"small"'], ['"light"']), (['"large"'], ['"heavy"'])],
            name="weight",
        ),
    )

    with transaction():
        loaded = advance.open_case(
            "weighing",
            actor=tanghe.post("supervising_office"),
            profile_id=tanghe.profile_id,
            title="称重",
            facts={"size": size},
        )
        journal.flush()

    assert stories.open_nodes(loaded.case.id) == [task]

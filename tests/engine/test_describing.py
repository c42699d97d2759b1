"""What a file says about itself, and the table of our own attributes."""

from __future__ import annotations

import pytest

from app import engine
from app.engine import EXTENSIONS, EngineError
from app.engine.extensions import is_performer
from tests.engine.decisions import table
from tests.engine.diagrams import Diagram


def test_a_process_describes_itself():
    inside = Diagram().start("b2").user("inner", form="opinion").end("e2")
    diagram = Diagram("notice", **{"wv:title": "风险提示", "wv:titleEn": "Risk notice"}).start()
    diagram.user("draft", stage="warning", nameEn="Draft", form="notice_draft").sub("part", inside)
    diagram.rule("grade", "grading").call("ask", "interview").call("again", "interview").end()
    lane = '<lane id="l" name="督查室"><flowNodeRef>part</flowNodeRef></lane>'
    xml = diagram.file(Diagram("other").start("b3").end("e3"))
    xml = xml.replace(b"<startEvent", f'<laneSet id="ls">{lane}</laneSet><startEvent'.encode(), 1)

    found = engine.describe(xml)

    assert (found.process_id, found.process_ids) == ("notice", ("notice", "other"))
    assert (found.title, found.title_en) == ("风险提示", "Risk notice")
    assert found.calls == ("interview",)
    assert found.decisions == ("grading",)
    assert found.forms == ("notice_draft", "opinion")
    nodes = {node.id: node for node in found.nodes}
    assert (nodes["draft"].kind, nodes["draft"].name_en) == ("userTask", "Draft")
    assert (nodes["draft"].stage, nodes["draft"].process) == ("warning", "notice")
    assert (nodes["inner"].lane, nodes["draft"].lane) == ("督查室", "")
    assert nodes["b3"].process == "other"


def test_a_process_without_a_title_is_known_by_its_name_or_id():
    named = Diagram("p", name="风险").start().end()

    assert engine.describe(named.xml).title == "风险"
    assert engine.describe(Diagram("p").start().end().xml).title == "p"


def test_a_dmn_file_without_a_table_cannot_be_described():
    xml = table(["v"], ["o"], []).replace(b"decisionTable", b"context")

    with pytest.raises(EngineError) as refused:
        engine.describe(xml)
    assert refused.value.code == "tables"


def test_a_file_without_a_process_cannot_be_described():
    with pytest.raises(EngineError) as refused:
        engine.describe(b"<definitions/>")
    assert refused.value.code == "no_process"


def test_a_decision_table_describes_itself():
    found = engine.describe(table(["v"], ["o"], [(["-"], ["1"])]))

    assert (found.process_id, found.title, found.decisions) == ("grading", "定级", ("grading",))
    assert (found.process_ids, found.nodes) == ((), ())


@pytest.mark.parametrize("extension", EXTENSIONS, ids=lambda extension: extension.name)
def test_every_attribute_says_what_it_is_for_and_what_it_takes(extension):
    assert str(extension.doc).endswith(".")
    assert extension.elements
    assert not extension.takes("")
    assert not extension.takes("x" * 300)
    assert all(extension.takes(value) for value in extension.values)


@pytest.mark.parametrize(
    ("value", "may"),
    [
        ("convener", True),
        ("opener", True),
        ("lead/unit_liaison", True),
        ("co/unit_handler", True),
        ("lead", False),
        ("opener/unit_head", False),
        ("lead/mayor", False),
        ("lead/", False),
        ("/unit_head", False),
        ("lead/unit_head/x", False),
    ],
)
def test_who_may_perform(value, may):
    assert is_performer(value) is may

"""What always comes before what, and which ways back a diagram draws itself."""

from __future__ import annotations

import pytest

from app import engine
from tests.engine.diagrams import Diagram
from tests.engine.paces import county


@pytest.fixture(scope="module")
def process() -> engine.Compiled:
    return engine.compile_bundle([county().xml], "case")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("a", "b"), ("a", "l"), ("b", "e"), ("b", "i2"), ("i1", "i2"), ("b", "late_c"), ("e", "k")],
)
def test_what_every_way_passes_comes_before(process, earlier, later):
    assert engine.always_before(process, earlier, later)
    assert not engine.always_before(process, later, earlier)


@pytest.mark.parametrize(
    ("branch", "later"),
    [("c", "e"), ("i1", "e"), ("m", "e"), ("g", "k"), ("c", "late_c"), ("c", "m"), ("f", "e")],
)
def test_one_branch_of_several_does_not(process, branch, later):
    assert not engine.always_before(process, branch, later)


def test_what_stands_inside_comes_before_what_follows_the_sub_process():
    inner = Diagram().start("b2").user("inside").end("e2")
    diagram = Diagram().start().user("a").sub("part", inner).call("ask", "asked").user("z").end()
    asked = Diagram("asked").start("b3").user("answer", times=2).end("e3")
    process = engine.compile_bundle([diagram.file(asked)], "case")

    for earlier, later in (("a", "inside"), ("inside", "answer"), ("answer", "z"), ("a", "z")):
        assert engine.always_before(process, earlier, later)
        assert not engine.always_before(process, later, earlier)


def test_an_error_leads_past_what_the_sub_process_still_asks():
    inner = Diagram().start("b2").user("first").xor("ok").user("second").end("e2")
    inner.at("ok", when="bad").end("failed", cause="error:A")
    diagram = Diagram().start().sub("part", inner).xor("meet").user("z").end()
    diagram.boundary("part", "caught", cause="error:A").user("repair").to("meet")
    process = engine.compile_bundle([diagram.xml], "case")

    assert not engine.always_before(process, "second", "z")
    assert not engine.always_before(process, "first", "z")  # the catch hangs on the whole part


@pytest.mark.parametrize(("node", "to"), [("a", "a"), ("e", "b"), ("k", "e"), ("i1", "i1")])
def test_a_way_back_that_is_drawn_is_found(process, node, to):
    assert engine.leads_back(process, node, to)


@pytest.mark.parametrize(("node", "to"), [("b", "a"), ("f", "b"), ("l", "k"), ("k", "b")])
def test_a_way_back_through_somebody_elses_task_is_none(process, node, to):
    assert not engine.leads_back(process, node, to)

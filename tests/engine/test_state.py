"""The saved case: small, flat, its own format, and refused where it does not belong."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
from decimal import Decimal

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from SpiffWorkflow.util.task import TaskState

from app import engine
from app.engine import EngineError
from app.engine.case import compaction, state
from app.engine.case.packing import packed, unpacked
from tests.engine.diagrams import Diagram
from tests.engine.test_running import act

HOUR = dt.timedelta(hours=1)


def again_and_again(process, outcome, rounds, now, *nodes, **facts):
    """Go round a loop; the sizes of the state at the end of each round."""
    sizes = []
    for _ in range(rounds):
        for node in nodes:
            outcome = act(process, outcome, node, now, **facts)
        sizes.append(len(outcome.state))
    return outcome, sizes


def test_rework_leaves_no_trace_in_the_state(review, now):
    begun = engine.start(review, {"kind": "notice"}, now=now)
    outcome, sizes = again_and_again(review, begun, 500, now, "draft", "check", again=True)

    assert sizes[499] <= 1.2 * sizes[4]
    assert sizes[499] < 1000
    assert [step.node for step in outcome.opened] == ["draft"]


def test_rework_beside_a_branch_that_stays_open_leaves_no_trace_either(now):
    loop = Diagram().start("b2").user("draft").xor("good").end("e2")
    loop.at("good", when="again").to("draft")
    loop.boundary("draft", "late", after="PT1H", interrupts=False).end("late_end")
    diagram = Diagram().start().both("s").user("long").both("j").end()
    process = engine.compile_bundle([diagram.at("s").sub("part", loop).to("j").xml], "case")
    outcome = engine.start(process, {}, now=now)
    sizes = []
    for round_ in range(100):
        outcome = engine.refresh(process, outcome.state, now=now + 2 * round_ * HOUR + HOUR)
        assert "late_end" in outcome.passed
        outcome = act(process, outcome, "draft", now + 2 * round_ * HOUR + HOUR, again=True)
        sizes.append(len(outcome.state))

    assert sizes[99] <= 1.2 * sizes[4]


@pytest.mark.parametrize(
    "foreign",
    [
        b"",
        b"{}",
        b"nonsense",
        state.HEADER.replace(b"1.5", b"1.4"),
        state.HEADER.replace(b"WVES 1", b"WVES 2"),
        state.HEADER[:-1],
        b"\x80\x04\x95",
    ],
)
def test_a_state_of_another_format_or_version_is_refused(line, foreign):
    with pytest.raises(EngineError) as refused:
        engine.open_steps(line, foreign)

    assert refused.value.code == "state_format"


def test_a_damaged_state_is_refused(line, now):
    good = engine.start(line, {}, now=now).state
    packed_json = zstandard.ZstdCompressor().compress(b"{not json")
    bomb = zstandard.ZstdCompressor().compress(bytes(state.LARGEST + 1))
    for damaged in (
        good[:-5],
        state.HEADER + b"x",
        state.HEADER + packed_json,
        state.HEADER + bomb,
    ):
        with pytest.raises(EngineError) as refused:
            engine.open_steps(line, damaged)
        assert refused.value.code == "state_damaged"


def test_a_state_of_another_definition_is_refused(line, review, now):
    with pytest.raises(EngineError) as refused:
        engine.open_steps(review, engine.start(line, {}, now=now).state)

    assert refused.value.code == "state_definition"


def test_the_definition_is_not_in_the_state(line, now):
    saved = engine.start(line, {}, now=now).state
    text = zstandard.ZstdDecompressor().decompress(saved[len(state.HEADER) :])

    assert b"performer" not in text
    assert set(orjson.loads(text)) == {"acts", "completed", "definition", "tasks", "under"}


def test_the_machines_clock_is_not_in_the_state(line, now):
    saved = engine.start(line, {}, now=now).state
    text = zstandard.ZstdDecompressor().decompress(saved[len(state.HEADER) :])

    assert not re.search(rb"\d{9,}\.\d", text)


plain = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.decimals(-(10**9), 10**9, places=4)
    | st.dates()
    | st.datetimes(timezones=st.just(dt.timezone.utc)).map(lambda moment: moment.replace(fold=0))
)
kept = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(kept)
def test_what_is_packed_comes_back_as_it_was(value):
    found = unpacked(orjson.loads(orjson.dumps(packed(value))))

    assert found == value
    assert repr(found) == repr(value)


@pytest.mark.parametrize("value", [1.5, object(), b"x", {1, 2}, [object()]])
def test_nothing_else_is_packed(value):
    with pytest.raises(EngineError):
        packed(value)


def test_facts_that_look_like_our_marks_are_just_facts(line, now):
    facts = {"typename": "UUID", "value": "x", "map": ["decimal", "1"], "金额": Decimal("1.50")}
    begun = engine.start(line, facts, now=now)

    assert engine.facts_of(line, begun.state, begun.opened[0].id) == facts


def test_threads_do_not_spoil_each_others_states(review, now):
    wrong: list[object] = []

    def work(number: int) -> None:
        outcome = engine.start(review, {"number": number}, now=now)
        for _ in range(20):
            outcome = act(review, outcome, "draft", now, text=f"{number}" * 50)
            outcome = act(review, outcome, "check", now, again=True)
            facts = engine.facts_of(review, outcome.state, outcome.opened[0].id)
            if facts["number"] != number or facts["text"] != f"{number}" * 50:
                wrong.append(facts)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_case_called_finished_with_open_tasks_is_not_saved(line, now):
    workflow = state.load(engine.start(line, {}, now=now).state, line)
    workflow.completed = True

    with pytest.raises(EngineError) as refused:
        state.dump(workflow, line)
    assert refused.value.code == "blind"


def test_a_tree_that_grew_too_deep_raises_the_alarm(line, now, monkeypatch):
    monkeypatch.setattr(compaction, "DEEPEST", 3)

    with pytest.raises(EngineError) as refused:
        engine.start(line, {}, now=now)
    assert refused.value.code == "too_deep"


def test_without_compaction_a_long_case_raises_the_alarm_instead_of_hanging(
    review, now, monkeypatch
):
    assert compaction.DEEPEST <= 800  # the engine as it comes sees nothing below 1,000
    monkeypatch.setattr(compaction, "DEEPEST", 200)  # sooner, so that the test is short
    monkeypatch.setattr(compaction, "_needed", lambda workflow: set(workflow.tasks))
    begun, sizes = engine.start(review, {}, now=now), []

    def go_on() -> None:
        outcome = begun
        while True:
            outcome, size = again_and_again(review, outcome, 1, now, "draft", "check", again=True)
            sizes.extend(size)

    with pytest.raises(EngineError) as refused:
        go_on()

    assert refused.value.code == "too_deep"
    assert 50 < len(sizes) < 67  # three tasks deeper in every round


@pytest.mark.parametrize("left", [TaskState.READY, TaskState.WAITING])
def test_open_tasks_of_a_finished_sub_process_are_not_saved_either(now, left):
    inner = Diagram().start("b2").user("inside").end("e2")
    inner.boundary("inside", "late", after="PT1H").end("e3")
    process = engine.compile_bundle([Diagram().start().sub("part", inner).end().xml], "case")
    workflow = state.load(engine.start(process, {}, now=now).state, process)
    (part,) = workflow.subprocesses.values()
    for task in part.tasks.values():
        if not task.has_state(TaskState.FINISHED_MASK | left):
            task._set_state(TaskState.CANCELLED)  # noqa: SLF001 - as the engine itself does
    part.completed = True

    with pytest.raises(EngineError) as refused:
        state.dump(workflow, process)
    assert refused.value.code == "blind"


def test_nothing_of_a_case_is_logged(line, now, caplog):
    with caplog.at_level(logging.WARNING):
        act(line, engine.start(line, {"name": "举报人"}, now=now), "draft", now)

    assert caplog.text == ""

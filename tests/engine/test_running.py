"""Acts on a case: what opens, what closes, what is passed, and what is refused."""

from __future__ import annotations

import pytest

from app import engine
from app.engine import EngineError, limits
from app.engine.case import stepping
from tests.engine.diagrams import Diagram


def compiled(diagram: Diagram) -> engine.Compiled:
    return engine.compile_bundle([diagram.xml], "case")


def act(process, outcome, node, now, **facts):
    """Complete the first open step of this node."""
    steps = engine.open_steps(process, outcome.state)
    step = next(step for step in steps if step.node == node)
    return engine.complete(process, outcome.state, step.id, facts, now=now)


def nodes(process, outcome):
    return sorted(step.node for step in engine.open_steps(process, outcome.state))


def test_a_step_says_what_the_diagram_says_about_it(now):
    diagram = Diagram().start().user("draft", nameEn="Draft", stage="warning").end()
    lane = '<lane id="l" name="督查室"><flowNodeRef>draft</flowNodeRef></lane>'
    lanes = f'<laneSet id="ls">{lane}</laneSet>'
    file = diagram.xml.replace(b"<startEvent", lanes.encode() + b"<startEvent", 1)
    process = engine.compile_bundle([file], "case")

    (step,) = engine.start(process, {}, now=now).opened

    assert (step.node, step.name, step.name_en) == ("draft", "任务 draft", "Draft")
    assert step.lane == "督查室"
    assert dict(step.extensions) == {
        "performer": "opener",
        "form": "note",
        "nameEn": "Draft",
        "stage": "warning",
    }


def test_one_after_the_other(line, now):
    begun = engine.start(line, {}, now=now)
    drafted = act(line, begun, "draft", now)
    issued = act(line, drafted, "issue", now)

    assert [begun.passed, drafted.passed, issued.passed] == [
        ("begin",),
        ("draft",),
        ("issue", "done"),
    ]
    assert [step.node for step in drafted.opened] == ["issue"]
    assert not drafted.finished
    assert (issued.finished, issued.opened, issued.closed) == (True, (), ())


def test_a_returned_draft_is_a_new_step(review, now):
    begun = engine.start(review, {}, now=now)
    checked = act(review, act(review, begun, "draft", now), "check", now, again=True)

    assert checked.passed == ("check", "good")
    assert [step.node for step in checked.opened] == ["draft"]
    assert checked.opened[0].id != begun.opened[0].id


def test_facts_travel_with_the_case(review, now):
    begun = engine.start(review, {"kind": "notice", "量": 3}, now=now)
    drafted = act(review, begun, "draft", now, text="x", kind="letter")

    step = drafted.opened[0].id
    assert engine.facts_of(review, drafted.state, step) == {"kind": "letter", "量": 3, "text": "x"}


def test_how_a_finished_case_ended_can_still_be_asked(line, now):
    outcome = engine.start(line, {"kind": "notice"}, now=now)
    outcome = act(line, act(line, outcome, "draft", now), "issue", now, number=7)

    assert engine.facts_of(line, outcome.state) == {"kind": "notice", "number": 7}
    assert engine.open_steps(line, outcome.state) == ()


def test_a_step_is_completed_once(line, now):
    begun = engine.start(line, {}, now=now)
    step = begun.opened[0].id
    drafted = engine.complete(line, begun.state, step, {}, now=now)

    for gone in (step, "nonsense", ""):
        with pytest.raises(EngineError) as refused:
            engine.complete(line, drafted.state, gone, {}, now=now)
        assert refused.value.code == "step_gone"


def test_a_refused_act_leaves_the_saved_case_as_it_was(review, now):
    drafted = act(review, engine.start(review, {}, now=now), "draft", now)

    with pytest.raises(EngineError) as refused:
        act(review, drafted, "check", now, again="perhaps")

    assert (refused.value.code, refused.value.element) == ("type", "good")
    assert act(review, drafted, "check", now, again=False).opened[0].node == "issue"


def test_a_condition_on_an_unknown_fact_names_the_gateway(review, now):
    drafted = act(review, engine.start(review, {}, now=now), "draft", now)

    with pytest.raises(EngineError) as refused:
        act(review, drafted, "check", now)

    assert (refused.value.code, refused.value.element) == ("unknown", "good")
    assert "again" in str(refused.value)


def test_facts_that_are_none_are_refused(line, now):
    begun = engine.start(line, {}, now=now)

    with pytest.raises(EngineError):
        act(line, begun, "draft", now, table={"rows": []})
    with pytest.raises(EngineError):
        engine.start(line, {"a": object()}, now=now)


def test_branches_open_together_and_meet(now):
    process = compiled(
        Diagram().start().both("s").user("a").both("j").user("end").end().at("s").user("b").to("j")
    )
    begun = engine.start(process, {}, now=now)
    one = act(process, begun, "b", now, b=1)
    both = act(process, one, "a", now, a=1)

    assert [step.node for step in begun.opened] == ["a", "b"]
    assert (one.opened, one.closed, one.passed) == ((), (), ("b",))
    assert [step.node for step in both.opened] == ["end"]
    assert engine.facts_of(process, both.state, both.opened[0].id) == {"a": 1, "b": 1}


def test_a_terminating_end_closes_what_was_open(now):
    diagram = Diagram().start().both("s").user("a").end("stop", cause="terminate")
    process = compiled(diagram.at("s").user("b").end())
    begun = engine.start(process, {}, now=now)
    b = next(step.id for step in begun.opened if step.node == "b")

    stopped = act(process, begun, "a", now)

    assert stopped.finished
    assert stopped.closed == (b,)
    assert engine.open_steps(process, stopped.state) == ()


@pytest.mark.parametrize("one_by_one", [False, True])
def test_a_task_may_be_repeated(now, one_by_one):
    process = compiled(Diagram().start().user("each", 3, one_by_one=one_by_one).user("z").end())
    outcome = engine.start(process, {"seen": 0}, now=now)
    open_at_first = len(outcome.opened)
    for number in range(3):
        outcome = act(process, outcome, "each", now, seen=number, **{f"by{number}": True})

    assert open_at_first == (1 if one_by_one else 3)
    assert outcome.passed == ("each",)
    assert engine.facts_of(process, outcome.state, outcome.opened[0].id) == {
        "seen": 2,
        "by0": True,
        "by1": True,
        "by2": True,
    }


def inner(cause: str) -> Diagram:
    """Work that may fail, beside other work."""
    failing = Diagram().start("ib").both("split").user("work").xor("check").end("fine")
    failing.at("check", when="bad").end("oops", cause=cause)
    return failing.at("split").user("other").end("other_end")


@pytest.mark.parametrize("cause", ["error:A", "escalation:A"])
def test_a_failing_sub_process_is_broken_off(now, cause):
    diagram = Diagram().start().sub("part", inner(cause)).user("after").end()
    process = compiled(diagram.boundary("part", "caught", cause=cause).user("repair").end("e2"))
    begun = engine.start(process, {"bad": True}, now=now)

    failed = act(process, begun, "work", now)

    assert failed.passed == ("work", "check", "oops", "caught")
    assert [step.node for step in failed.opened] == ["repair"]
    assert len(failed.closed) == 1
    assert act(process, failed, "repair", now).finished


def test_an_escalation_may_leave_the_sub_process_running(now):
    diagram = Diagram().start().sub("part", inner("escalation:A")).user("after").end()
    diagram.boundary("part", "caught", cause="escalation:A", interrupts=False)
    process = compiled(diagram.user("look").end("e2"))

    outcome = act(process, engine.start(process, {"bad": True}, now=now), "work", now)

    assert nodes(process, outcome) == ["look", "other"]
    assert not act(process, act(process, outcome, "look", now), "other", now).finished


def test_a_sub_process_in_a_sub_process(now):
    innermost = Diagram().start("b3").user("deep").end("e3")
    middle = Diagram().start("b2").sub("s2", innermost).user("mid").end("e2")
    process = compiled(Diagram().start().sub("s1", middle).user("top").end())
    outcome = engine.start(process, {}, now=now)
    passed = [outcome.passed]
    for node in ("deep", "mid", "top"):
        outcome = act(process, outcome, node, now)
        passed.append(outcome.passed)

    assert passed == [
        ("begin", "b2", "b3"),
        ("deep", "e3", "s2"),
        ("mid", "e2", "s1"),
        ("top", "done"),
    ]
    assert outcome.finished


def test_a_broken_off_case_is_finished_and_stays_so(now):
    middle = Diagram().start("b2").user("mid").end("e2")
    diagram = Diagram().start().both("s").sub("s1", middle).end().at("s").user("b").end("e3")
    diagram.boundary("b", "t", after="PT1H", interrupts=False).user("late").end("e4")
    process = compiled(diagram)
    begun = engine.start(process, {}, now=now)

    off = engine.cancel(process, begun.state)

    assert off.finished
    assert sorted(off.closed) == sorted(step.id for step in begun.opened)
    assert (off.opened, off.timers, off.passed) == ((), (), ())
    again = engine.refresh(process, off.state, now=now)
    assert (again.finished, again.opened, again.passed) == (True, (), ())


def test_a_circle_without_a_wait_runs_into_the_limit(now):
    diagram = Diagram().start().user("a").xor("g").end().at("g", when="True").xor("h").to("g")
    process = compiled(diagram)
    begun = engine.start(process, {}, now=now)

    with pytest.raises(EngineError) as refused:
        act(process, begun, "a", now)

    assert refused.value.code == "limit"


def test_an_act_that_takes_too_long_is_stopped(line, now, monkeypatch):
    ticks = iter(range(0, 1000, 2))
    monkeypatch.setattr(limits.time, "thread_time", lambda: float(next(ticks)))

    with pytest.raises(EngineError) as refused:
        engine.start(line, {}, now=now)

    assert refused.value.code == "limit"


def test_a_case_that_nobody_could_continue_is_refused(now):
    diagram = (
        Diagram().start().user("a").xor("g").both("j").end().at("g", when="go").user("b").to("j")
    )
    process = compiled(diagram)
    begun = engine.start(process, {"go": False}, now=now)

    with pytest.raises(EngineError) as refused:
        act(process, begun, "a", now)

    assert refused.value.code == "stuck"


def test_the_facts_of_a_step_that_is_not_open_cannot_be_asked(line, now):
    with pytest.raises(EngineError) as refused:
        engine.facts_of(line, engine.start(line, {}, now=now).state, "nonsense")
    assert refused.value.code == "step_gone"


def test_what_nobody_expected_is_still_our_own_error(line, now, monkeypatch):
    begun = engine.start(line, {}, now=now)
    monkeypatch.setattr(stepping, "is_finished", lambda workflow: workflow.no_such_thing)

    with pytest.raises(EngineError) as refused:
        act(line, begun, "draft", now)
    assert refused.value.code == "run"
    assert isinstance(refused.value.__cause__, AttributeError)


def test_a_fact_named_like_a_function_stops_nothing(now):
    process = compiled(
        Diagram().start().xor("g").user("a").end().at("g", when="len == 1").end("e2")
    )

    assert engine.start(process, {"len": 1}, now=now).finished

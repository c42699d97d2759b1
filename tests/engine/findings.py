"""Diagrams with one thing wrong each: what the gate must find, and about which element."""

from __future__ import annotations

from app import engine
from app.engine import Severity
from tests.engine.diagrams import Diagram


def line(*, kind: str = "userTask", inner: str = "", **attributes: str) -> Diagram:
    """A start, one node `n`, an end."""
    given = {"wv:performer": "opener"} if kind == "userTask" else {}
    return Diagram().start().node(kind, "n", inner, **{**given, **attributes}).end()


def split(kind: str = "xor") -> Diagram:
    """A gateway `g` with a default way and a way on a condition."""
    diagram = Diagram().start()
    return getattr(diagram, kind)("g").user("a").end()


EVENT = {"kind": "intermediateCatchEvent"}
TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
HOUR = TIMER.format("PT1H")
MANY = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"
COUNT = MANY.format("<loopCardinality>{}</loopCardinality>")
NESTED = Diagram().start("b2").user("n", 8).end("e2")


def deep(levels: int) -> Diagram:
    inside = Diagram().start("b0").user("u0").end("e0")
    for level in range(1, levels):
        inside = Diagram().start(f"b{level}").sub(f"s{level - 1}", inside).end(f"e{level}")
    return Diagram().start().sub("outer", inside).end()


def waiting() -> Diagram:
    """One of two branches may end elsewhere, so the join `j` may wait for ever."""
    diagram = Diagram().start().both("s").user("a").xor("g").both("j").user("z").end()
    diagram.at("g", when="elsewhere").end("e2")
    return diagram.at("s").user("b").to("j")


def failing(cause: str, caught: str = "") -> Diagram:
    inside = Diagram().start("b2").user("u").end("failed", cause=cause)
    diagram = Diagram().start().sub("part", inside).end()
    return diagram.boundary("part", "caught", cause=caught).end("e3") if caught else diagram


FINDINGS = {
    "script task": (line(kind="scriptTask", inner="<script>1</script>"), "unsupported", "n"),
    "service task": (line(kind="serviceTask"), "unsupported", "n"),
    "send task": (line(kind="sendTask"), "unsupported", "n"),
    "receive task": (line(kind="receiveTask"), "unsupported", "n"),
    "manual task": (line(kind="manualTask"), "unsupported", "n"),
    "task of no kind": (line(kind="task"), "unsupported", "n"),
    "complex gateway": (line(kind="complexGateway"), "unsupported", "n"),
    "event gateway": (line(kind="eventBasedGateway"), "unsupported", "n"),
    "ad-hoc": (line(kind="adHocSubProcess"), "unsupported", "n"),
    "transaction": (line(kind="transaction"), "unsupported", "n"),
    "throwing event": (line(kind="intermediateThrowEvent"), "unsupported", "n"),
    "unheard of": (line(kind="quantumTask"), "unsupported", "n"),
    "data object": (line(inner='<ioSpecification id="io"/>'), "unsupported", "io"),
    "loop": (line(inner="<standardLoopCharacteristics/>"), "unsupported", "n"),
    "message": (line(**EVENT, inner="<messageEventDefinition/>"), "unsupported", "n"),
    "signal": (line(**EVENT, inner='<signalEventDefinition id="x"/>'), "unsupported", "n"),
    "link": (line(**EVENT, inner="<linkEventDefinition/>"), "unsupported", "n"),
    "compensation": (line(**EVENT, inner="<compensateEventDefinition/>"), "unsupported", "n"),
    "condition event": (line(**EVENT, inner="<conditionalEventDefinition/>"), "unsupported", "n"),
    "cancel": (line(**EVENT, inner="<cancelEventDefinition/>"), "unsupported", "n"),
    "cycle": (
        line(
            **EVENT,
            inner="<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>",
        ),
        "unsupported",
        "n",
    ),
    "event sub-process": (line(kind="subProcess", triggeredByEvent="true"), "unsupported", "n"),
    "for compensation": (line(isForCompensation="true"), "unsupported", "n"),
    "wrong cause": (line(**EVENT, inner="<terminateEventDefinition/>"), "event_cause", "n"),
    "two causes": (line(**EVENT, inner=HOUR + HOUR), "event_causes", "n"),
    "no cause": (line(**EVENT), "event_no_cause", "n"),
    "repeated by a fact": (line(inner=COUNT.format("units")), "repetition", "n"),
    "repeated never": (line(inner=COUNT.format("0")), "repetition", "n"),
    "repeated too often": (line(inner=COUNT.format("51")), "repetition", "n"),
    "repeated huge": (line(inner=COUNT.format("9" * 5000)), "repetition", "n"),
    "repeated for a list": (
        line(inner=MANY.format("<loopDataInputRef>units</loopDataInputRef>")),
        "repetition",
        "n",
    ),
    "repeated decision": (
        line(kind="businessRuleTask", inner=COUNT.format("2"), **{"wv:decision": "d"}),
        "repetition",
        "n",
    ),
    "repeated in a repetition": (Diagram().start().sub("s", NESTED, 8).end(), "repetition", "n"),
    "no start": (Diagram().node("userTask", "n").end(), "start_events", "case"),
    "two starts": (line().start("again").to("n"), "start_events", "case"),
    "condition after a task": (
        Diagram().start().user("a").at("a", when="x").user("b").end(),
        "condition_ignored",
        "case_f2",
    ),
    "two ways out of a task": (
        Diagram().start().user("a").end().at("a").end("e2"),
        "several_flows",
        "a",
    ),
    "reserved id": (Diagram().start().user("Root").end(), "id_reserved", "Root"),
    "id of a join": (Diagram().start().user("case_EndJoin").end(), "id_reserved", "case_EndJoin"),
    "id with a path": (Diagram().start().user("../../etc").end(), "id_form", "../../etc"),
    "id too long": (Diagram().start().user("a" * 65).end(), "id_form", "a" * 65),
    "id in Chinese": (Diagram().start().user("任务").end(), "id_form", "任务"),
    "id of a process again": (Diagram("n").start().user("n").end(), "id_twice", "n"),
    "long name": (line(name="长" * 201), "name_long", "n"),
    "hidden name": (line(name="正常\u202e反"), "name_hidden", "n"),
    "long note": (
        line().node("textAnnotation", "t", f"<text>{'长' * 1001}</text>"),
        "note_long",
        "t",
    ),
    "hidden note": (
        line().node("textAnnotation", "t", "<text>a\u202eb</text>"),
        "name_hidden",
        "t",
    ),
    "calls itself": (Diagram().start().call("n", "case").end(), "call_ring", "n"),
    "nobody": (line(**{"wv:performer": ""}), "attribute_value", "n"),
    "no performer": (
        Diagram().start().node("userTask", "n").end(),
        "performer_missing",
        "n",
    ),
    "no decision": (line(kind="businessRuleTask"), "decision_missing", "n"),
    "no call": (line(kind="callActivity"), "call_missing", "n"),
    "unknown attribute": (line(**{"wv:dueIn": "3"}), "attribute_unknown", "n"),
    "attribute elsewhere": (line(kind="callActivity", **{"wv:form": "x"}), "attribute_place", "n"),
    "unknown stage": (line(**{"wv:stage": "planning"}), "attribute_value", "n"),
    "unknown policy": (line(**{"wv:policy": "most"}), "attribute_value", "n"),
    "unknown party": (line(**{"wv:performer": "mayor"}), "attribute_value", "n"),
    "party without a role": (line(**{"wv:performer": "lead"}), "attribute_value", "n"),
    "post with a role": (line(**{"wv:performer": "convener/unit_head"}), "attribute_value", "n"),
    "form with a path": (line(**{"wv:form": "../../etc/passwd"}), "attribute_value", "n"),
    "too deep": (deep(6), "too_deep", "s0"),
    "not executable": (Diagram(isExecutable="false").start().end(), "not_executable", "case"),
    "condition unreadable": (
        split().at("g", when="a ===").to("done"),
        "syntax",
        "case_f4",
    ),
    "condition in another language": (
        split().at("g", when="${approved}").to("done"),
        "syntax",
        "case_f4",
    ),
    "condition that calls": (
        split().at("g", when="open('x')").to("done"),
        "function",
        "case_f4",
    ),
    "timer unreadable": (line(**EVENT, inner=TIMER.format("a b")), "syntax", "n"),
    "timer of a month": (line(**EVENT, inner=TIMER.format("P1M")), "duration", "n"),
    "timer of ages": (line(**EVENT, inner=TIMER.format("P99999999Y")), "duration", "n"),
    "timer without a time": (line(**EVENT, inner="<timerEventDefinition/>"), "timer", "n"),
    "error without a code": (failing("error:none", "error:A"), "error_code", "failed"),
    "error uncaught": (failing("error:A"), "uncaught", "failed"),
    "error caught as another": (failing("error:A", "error:B"), "uncaught", "failed"),
    "error caught as escalation": (failing("error:A", "escalation:A"), "uncaught", "failed"),
    "flow to nowhere": (line().at("n").to("nowhere"), "flow_broken", "case_f3"),
    "flow into the start": (split().at("g", when="x").to("begin"), "flow_into_start", "begin"),
    "flow out of the end": (line().at("done").user("late").end("e2"), "flow_out_of_end", "done"),
    "boundary on a gateway": (
        split().boundary("g", "t", after="PT1H").end("e2"),
        "boundary",
        "t",
    ),
    "boundary on nothing": (line().boundary("gone", "t", after="PT1H").end("e2"), "boundary", "t"),
    "error on a user task": (
        line().boundary("n", "t", cause="error:A").end("e2"),
        "boundary_error",
        "t",
    ),
    "unreachable": (line().at("island").user("island").end("e2"), "unreachable", "island"),
    "no way out": (split().at("g", when="x").user("stop"), "no_way_out", "stop"),
    "no way out of a circle": (
        Diagram().start().xor("g").end().at("g", when="x").user("a").user("b").to("a"),
        "no_way_out",
        "a",
    ),
    "no default": (
        Diagram().start().xor("g").at("g", when="x").end().at("g", when="not x").end("e2"),
        "default_missing",
        "g",
    ),
    "condition idle": (
        Diagram().start().xor("g").at("g", when="x").end(),
        "condition_idle",
        "case_f2",
    ),
    "condition after a split": (
        Diagram().start().both("g").end().at("g", when="x").end("e2"),
        "condition_idle",
        "case_f3",
    ),
    "endless": (
        Diagram().start().xor("g").end().at("g", when="x").xor("h").to("g"),
        "endless",
        "g",
    ),
    "endless through a sub-process": (
        Diagram()
        .start()
        .xor("g")
        .end()
        .at("g", when="x")
        .sub("s", Diagram().start("b2").end("e2"))
        .to("g"),
        "endless",
        "s",
    ),
    "inclusive on the way back": (
        Diagram().start().user("a").some("g").end().at("g", when="x").to("a"),
        "inclusive_round",
        "g",
    ),
    "a circle without a choice": (
        Diagram().start().user("a").both("s").end().at("s").to("a"),
        "no_choice",
        "a",
    ),
    "whatever is chosen leads back": (
        Diagram()
        .start()
        .user("a")
        .both("s")
        .end()
        .at("s")
        .xor("g")
        .to("a")
        .at("g", when="x")
        .user("b")
        .to("a"),
        "never_ends",
        "a",
    ),
    "two rounds at a join": (
        Diagram()
        .start()
        .user("a")
        .both("s")
        .xor("g")
        .end()
        .at("s")
        .both("s2")
        .user("b")
        .both("j")
        .end("e2")
        .at("s2")
        .user("c")
        .to("j")
        .at("g", when="again")
        .to("a"),
        "twice_joined",
        "b",
    ),
    "waits for ever": (waiting(), "waits_forever", "j"),
    "waits for one of two ways": (
        Diagram().start().xor("g").both("j").end().at("g", when="x").user("a").to("j"),
        "waits_forever",
        "j",
    ),
}


def errors(xml: bytes, **known) -> list[tuple[str, str]]:
    """What keeps a file from being published: codes and elements."""
    return [(f.code, f.element) for f in engine.check(xml, **known) if f.severity is Severity.ERROR]

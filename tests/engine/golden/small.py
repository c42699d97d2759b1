"""Small diagrams that together use every supported construct, to be recorded."""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.decisions import table
from tests.engine.diagrams import Diagram

LEVELS = table(
    ["amount"], ["level"], [(["< 10"], ["'low'"]), ([">= 10"], ["'high'"])], name="levels"
)
COUNTED = Diagram("counted").start("cb").user("count").xor("cx").end("ce")
COUNTED.at("cx", when="again").to("count")


def _inside(cause: str = "") -> Diagram:
    """A sub-process that ends well, or by a cause where `bad` holds."""
    inside = Diagram().start("b2").user("work").xor("x2").end("e2")
    return inside.at("x2", when="bad").end("failed", cause=cause) if cause else inside


def _caught(cause: str) -> Diagram:
    diagram = Diagram().start().sub("part", _inside(cause)).user("after").end()
    return diagram.boundary("part", "caught", cause=cause).user("mend").end("mended")


def _split(kind: str) -> Diagram:
    diagram = Diagram().start()
    getattr(diagram, kind)("s").user("one")
    getattr(diagram, kind)("j").user("last").end()
    for number, fact in enumerate(("bad", "again"), start=2):
        diagram.at("s", when=None if kind == "both" else fact).user(f"n{number}").to("j")
    return diagram


def _called_and_failing() -> tuple[Diagram, Diagram]:
    called = Diagram("called").start("cb").user("try").xor("cx").end("ce")
    called.at("cx", when="bad").end("refused", cause="error:A")
    caller = Diagram().start().call("ask", "called").user("after").end()
    return caller.boundary("ask", "no", cause="error:A").user("other").end("e3"), called


def _terminated() -> Diagram:
    inside = Diagram().start("b2").both("s2").user("slow").end("e2")
    inside.at("s2").user("quick").end("stop", cause="terminate")
    return Diagram().start().sub("part", inside).user("after").end()


def small() -> Mapping[str, tuple[Diagram, tuple[bytes, ...]]]:
    """Each diagram by name, with the other files it needs."""
    failing, called = _called_and_failing()
    again = Diagram().start().user("draft").user("check").xor("good").end()
    asking = Diagram().start().user("enter").rule("grade", "levels").xor("x").user("low").end()
    line = Diagram().start().user("a")
    return {
        "line": (Diagram().start().user("a").user("b").end(), ()),
        "again": (again.at("good", when="again").to("draft"), ()),
        "parallel": (_split("both"), ()),
        "inclusive": (_split("some"), ()),
        "exclusive": (_split("xor"), ()),
        "sub": (Diagram().start().sub("part", _inside()).user("after").end(), ()),
        "error": (_caught("error:A"), ()),
        "escalation": (_caught("escalation:A"), ()),
        "terminate": (_terminated(), ()),
        "call": (Diagram().start().call("c", "counted").user("z").end(), (COUNTED.xml,)),
        "call fails": (failing, (called.xml,)),
        "many": (Diagram().start().user("m", times=3).user("z").end(), ()),
        "one by one": (Diagram().start().user("m", times=3, one_by_one=True).end(), ()),
        "many parts": (Diagram().start().sub("part", _inside(), times=2).user("z").end(), ()),
        "pause": (line.wait("w", after="P1D").user("z").end(), ()),
        "until": (Diagram().start().user("a").wait("w", until="day").user("z").end(), ()),
        "too late": (
            Diagram().start().user("a").end().boundary("a", "t", after="PT2H").user("late")
            .end("e2"),
            (),
        ),
        "reminded": (
            Diagram().start().user("a").user("b").end()
            .boundary("a", "t", after="PT2H", interrupts=False).user("remind").end("e2"),
            (),
        ),
        "late part": (
            Diagram().start().sub("part", _inside()).end()
            .boundary("part", "t", after="PT2H").user("late").end("e3"),
            (),
        ),
        "decision": (asking.at("x", when="level == 'high'").user("high").end("e2"), (LEVELS,)),
    }  # fmt: skip

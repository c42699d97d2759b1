"""The places where SpiffWorkflow would run an author's Python: none of them does with us."""

from __future__ import annotations

import contextlib
import io
import warnings
from types import SimpleNamespace
from xml.sax.saxutils import escape

import orjson
import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.dmn.parser import BpmnDmnParser
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from app import engine
from app.engine import EngineError
from app.engine.bundle.environment import Environment, ScriptEngine
from tests.engine.diagrams import BPMN, WV

PAYLOAD = "__import__('pathlib').Path('marker').touch()"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def file(body: str, *, before: str = "", after: str = "") -> bytes:
    """A BPMN file with one process; flows f1, f2 … go through the nodes `b`, `n` and `e`."""
    return (
        f'<definitions xmlns="{BPMN}" xmlns:spiffworkflow="{SPIFF}" xmlns:wv="{WV}" id="d" '
        f'targetNamespace="urn:t">{before}<process id="p" isExecutable="true">'
        f'<startEvent id="b"/>{body}<endEvent id="e"/>'
        '<sequenceFlow id="f1" sourceRef="b" targetRef="n"/>'
        '<sequenceFlow id="f2" sourceRef="n" targetRef="e"/>'
        f"{after}</process></definitions>"
    ).encode()


def place(inner: str, kind: str = "task", attributes: str = "") -> bytes:
    return file(f'<{kind} id="n"{attributes}>{inner}</{kind}>')


def timer(kind: str) -> bytes:
    text = f"<timerEventDefinition><{kind}>{escape(PAYLOAD)}</{kind}></timerEventDefinition>"
    return place(text, "intermediateCatchEvent")


def extension(tag: str, inner: str = escape(PAYLOAD), attributes: str = "") -> str:
    return (
        f"<extensionElements><spiffworkflow:{tag}{attributes}>{inner}</spiffworkflow:{tag}>"
        "</extensionElements>"
    )


MANY = "multiInstanceLoopCharacteristics"
MESSAGE = (
    '<message id="m" name="m"/><collaboration id="c"><correlationKey name="k">'
    "<correlationPropertyRef>cp</correlationPropertyRef></correlationKey></collaboration>"
    '<correlationProperty id="cp"><correlationPropertyRetrievalExpression messageRef="m">'
    f"<messagePath>{escape(PAYLOAD)}</messagePath>"
    "</correlationPropertyRetrievalExpression></correlationProperty>"
)

PLACES = {
    "script task": place(f"<script>{escape(PAYLOAD)}</script>", "scriptTask"),
    "condition": file(
        '<exclusiveGateway id="n" default="f2"/>',
        after='<sequenceFlow id="f3" sourceRef="n" targetRef="e"><conditionExpression>'
        f"{escape(PAYLOAD)}</conditionExpression></sequenceFlow>",
    ),
    "time duration": timer("timeDuration"),
    "time date": timer("timeDate"),
    "time cycle": timer("timeCycle"),
    "cardinality": place(f"<{MANY}><loopCardinality>{PAYLOAD}</loopCardinality></{MANY}>"),
    "completion condition": place(
        f"<{MANY}><loopCardinality>1</loopCardinality>"
        f"<completionCondition>{PAYLOAD}</completionCondition></{MANY}>"
    ),
    "loop condition": place(
        "<standardLoopCharacteristics testBefore='true'>"
        f"<loopCondition>{PAYLOAD}</loopCondition></standardLoopCharacteristics>"
    ),
    "conditional event": place(
        f"<conditionalEventDefinition><condition>{PAYLOAD}</condition>"
        "</conditionalEventDefinition>",
        "intermediateCatchEvent",
    ),
    "script before": place(extension("preScript"), "userTask"),
    "script after": place(extension("postScript"), "userTask"),
    "service parameter": place(
        extension(
            "serviceTaskOperator",
            '<spiffworkflow:parameters><spiffworkflow:parameter id="x" type="any" '
            f'value="{PAYLOAD}"/></spiffworkflow:parameters>',
            ' id="o"',
        ),
        "serviceTask",
    ),
    "message payload": file(
        '<intermediateThrowEvent id="n"><messageEventDefinition messageRef="m">'
        + extension("messagePayload")
        + "</messageEventDefinition></intermediateThrowEvent>",
        before='<message id="m" name="m"/>',
    ),
    "correlation": file(
        '<intermediateThrowEvent id="n"><messageEventDefinition messageRef="m">'
        "</messageEventDefinition></intermediateThrowEvent>",
        before=MESSAGE,
    ),
    "ad-hoc completion": place(
        f'<task id="inner"/><completionCondition>{PAYLOAD}</completionCondition>',
        "adHocSubProcess",
    ),
}


def decision(question: str = "1", test: str = "1", answer: str = "1") -> bytes:
    """A decision table with one rule."""
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="urn:t"><decision id="t" name="t">'
        '<decisionTable id="dt"><input id="i"><inputExpression id="ie"><text>'
        f'{escape(question)}</text></inputExpression></input><output id="o" name="out"/>'
        f'<rule id="r"><inputEntry id="te"><text>{escape(test)}</text></inputEntry>'
        f'<outputEntry id="oe"><text>{escape(answer)}</text></outputEntry></rule>'
        "</decisionTable></decision></definitions>"
    ).encode()


DECISIONS = {
    "input expression": decision(question=PAYLOAD),
    "input entry": decision(test=PAYLOAD),
    "output entry": decision(answer=PAYLOAD),
}
ASKING = place(extension("calledDecisionId", "t"), "businessRuleTask")
ALL = {
    **{name: (xml, None) for name, xml in PLACES.items()},
    **{name: (ASKING, table) for name, table in DECISIONS.items()},
}


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(xml: bytes, table: bytes | None, script_engine: PythonScriptEngine) -> None:
    """Let Spiff's widest parser and its own loop do what they do, whatever comes of it."""
    parser = BpmnDmnParser() if MESSAGE.encode() in xml else SpiffBpmnParser()
    parser.add_bpmn_io(io.BytesIO(xml))
    if table is not None:
        parser.add_dmn_io(io.BytesIO(table))
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        workflow = BpmnWorkflow(
            parser.get_spec("p"), parser.get_subprocess_specs("p"), script_engine=script_engine
        )
        for _ in range(3):
            workflow.do_engine_steps()
            for task in workflow.get_tasks(state=TaskState.READY):
                task.run()


@pytest.mark.parametrize("name", ALL)
def test_the_payload_bites_where_nothing_is_done_about_it(name, tmp_path):
    run(*ALL[name], PythonScriptEngine())

    assert (tmp_path / "marker").exists()


@pytest.mark.parametrize("engine_of_ours", [ScriptEngine({}), PythonScriptEngine(Environment())])
@pytest.mark.parametrize("name", ALL)
def test_our_environment_alone_is_enough(name, engine_of_ours, tmp_path):
    run(*ALL[name], engine_of_ours)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ALL)
def test_the_gate_refuses_the_element(name, tmp_path):
    xml, table = ALL[name]
    found = {finding.element for finding in engine.check(table or xml)}

    expected = {"condition": "f3"}.get(name, "n")
    assert found & ({"ie", "te", "oe"} if table else {expected})
    assert list(tmp_path.iterdir()) == []


INERT = {"script before", "script after"}


@pytest.mark.parametrize("name", sorted(PLACES.keys() - INERT))
def test_it_cannot_be_run_with_us(name, tmp_path, now):
    def act():
        engine.start(engine.compile_bundle([PLACES[name]], "p"), {}, now=now)

    with pytest.raises(EngineError):
        act()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", sorted(INERT))
def test_what_vendors_add_is_inert(name, tmp_path, now):
    compiled = engine.compile_bundle([PLACES[name]], "p")

    begun = engine.start(compiled, {}, now=now)
    done = engine.complete(compiled, begun.state, begun.opened[0].id, {}, now=now)

    assert done.finished
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", DECISIONS)
def test_deciding_by_it_does_nothing(name, tmp_path):
    with pytest.raises(EngineError):
        engine.decide(DECISIONS[name], {})

    assert list(tmp_path.iterdir()) == []


def old_case(version: str) -> dict:
    """A case as an old serializer would have kept it, with a payload in a timer."""
    return {
        "serializer_version": version,
        "spec": {
            "task_specs": {
                "t": {
                    "name": "t",
                    "typename": "IntermediateCatchEvent",
                    "event_definition": {
                        "typename": "TimerEventDefinition",
                        "label": "t",
                        "dateTime": PAYLOAD,
                    },
                }
            }
        },
        "subprocess_specs": {},
        "subprocesses": {},
        "tasks": {},
    }


def test_a_stored_case_of_an_old_version_bites_the_stock_serializer(tmp_path):
    with contextlib.suppress(Exception):
        BpmnWorkflowSerializer().deserialize_json(orjson.dumps(old_case("1.1")).decode())

    assert (tmp_path / "marker").exists()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.4", "1.5"])
def test_a_stored_case_of_another_kind_is_refused_unread(version, tmp_path, line):
    with pytest.raises(EngineError) as refused:
        engine.open_steps(line, orjson.dumps(old_case(version)))

    assert refused.value.code == "state_format"
    assert list(tmp_path.iterdir()) == []


# As much of a task as the script engine looks at.
ASKING = SimpleNamespace(data={}, task_spec=SimpleNamespace(bpmn_id="n"))


def test_the_environment_runs_nothing_whoever_asks():
    asks = [
        (Environment().execute, ("x = 1", {})),
        (Environment().call_service, ({},)),
        (ScriptEngine({}).execute, (ASKING, "x = 1")),
        (ScriptEngine({}).call_service, (ASKING,)),
    ]
    for ask, given in asks:
        with pytest.raises(EngineError):
            ask(*given)

"""Every shipped diagram: sound, drawn properly, in two languages, its forms there and used."""

from __future__ import annotations

import ast
import itertools
import re

import pytest

from app import engine, forms
from app.rules import profiles
from tests.drawn import FILES, FOLDER, KEYS, NODES, NS, flows, found, kind, nodes, tasks

WV = "{urn:weathervane:bpmn:1}"
HAN = re.compile(r"[\u4e00-\u9fff]")
OTHERS = {
    "incoming",
    "outgoing",
    "sequenceFlow",
    "conditionExpression",
    "laneSet",
    "lane",
    "flowNodeRef",
    "terminateEventDefinition",
}
ENGINES_OWN = {"Start", "End", "Root"}
STAGES = {
    "warning",
    "analysis",
    "coordination",
    "supervision",
    "feedback",
    "reassessment",
    "evaluation",
}
PARTIES = {"lead", "co", "lead_and_co", "addressee", "opener"}
POSTS = {
    "analysis_office",
    "drafting_office",
    "issuing_leader",
    "supervising_office",
    "supervising_director",
    "convener",
    "assessing_office",
    "opinion_office",
}
UNIT_ROLES = {"unit_head", "unit_leader", "unit_liaison", "unit_handler"}
GIVEN = {
    "risk_notice": {"needs_approval"},
    "joint_meeting": {"needs_convener"},
    "supervision_item": {"has_co"},
    "extension_request": {"needs_leader"},
    "annual_evaluation": {"has_deductions", "publication"},
}
every_diagram = pytest.mark.parametrize("key", KEYS)


def names_read(key: str) -> set[str]:
    conditions = [ast.parse(text.strip(), mode="eval") for text in texts(key)]
    return {n.id for tree in conditions for n in ast.walk(tree) if isinstance(n, ast.Name)}


def texts(key: str) -> list[str]:
    return [each.text for each in found(key, ".//bpmn:conditionExpression")]


def test_the_processes_of_the_loop_are_there():
    """domain.md 1.7."""
    assert set(KEYS) >= {
        "assessment_round", "risk_notice", "joint_meeting", "supervision_item", "urgent_report",
        "extension_request", "escalation", "interview", "listed_supervision", "rectification",
        "supervision_brief", "annual_evaluation",
    }  # fmt: skip


@every_diagram
def test_a_file_holds_one_process_of_its_name_with_titles(key):
    processes = found(key, "bpmn:process")

    assert [process.get("id") for process in processes] == [key]
    assert processes[0].get("isExecutable") == "true"
    assert HAN.search(processes[0].get(f"{WV}title"))
    assert processes[0].get(f"{WV}titleEn")


@every_diagram
def test_only_supported_constructs_are_drawn(key):
    used = {kind(element) for element in found(key, "bpmn:process//*")}

    assert used <= NODES | OTHERS


@every_diagram
def test_ids_are_plain_names_and_none_of_the_engines_own(key):
    ids = [element.get("id") for element in found(key, "//*[@id]")]

    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", each) for each in ids)
    assert not ENGINES_OWN & set(ids)


@every_diagram
def test_everything_named_is_named_in_both_languages(key):
    named = [*nodes(key), *flows(key), *found(key, ".//bpmn:lane | .//bpmn:participant")]

    for element in named:
        assert HAN.search(element.get("name", "")) or not element.get("name"), element.get("id")
        assert element.get(f"{WV}nameEn") or not element.get("name"), element.get("id")
        assert not HAN.search(element.get(f"{WV}nameEn", ""))
    unnamed = {kind(element) for element in nodes(key) if not element.get("name")}
    assert unnamed <= {"exclusiveGateway", "parallelGateway"}


@every_diagram
def test_every_task_says_with_what_who_and_in_which_stage(key):
    for task in tasks(key):
        said = {name.removeprefix(WV): value for name, value in task.attrib.items()}
        assert said["form"] in forms.all_forms(), task.get("id")
        assert said["stage"] in STAGES
        assert said.get("policy", "any") in {"any", "all", "sequential", "vote"}
        assert said["nameEn"]
        party, _, role = said["performer"].partition("/")
        assert party in POSTS if not role else party in PARTIES and role in UNIT_ROLES


@every_diagram
def test_deadlines_and_ladders_are_known_to_every_profile(key):
    for profile in map(profiles.load, profiles.available()):
        for task in tasks(key):
            assert task.get(f"{WV}deadline") in {None, *profile.deadlines}
            assert task.get(f"{WV}ladder") in {None, *profile.ladders}


def test_every_form_is_asked_somewhere():
    """By a task, or by the pages that start a case or take a report in between."""
    asked = {task.get(f"{WV}form") for key in KEYS for task in tasks(key)}
    code = "".join(file.read_text() for file in (FOLDER.parent / "app").rglob("*.py"))

    assert [key for key in forms.all_forms() if key not in asked and f'"{key}"' not in code] == []


@every_diagram
def test_conditions_read_only_facts(key):
    asked = [forms.load(task.get(f"{WV}form")) for task in tasks(key)]
    facts = {field.name for form in asked for field in form.fields if field.fact}

    assert names_read(key) <= facts | GIVEN.get(key, set())
    assert names_read(key) >= GIVEN.get(key, set())


@every_diagram
def test_conditions_compare_with_answers_the_forms_offer(key):
    asked = [forms.load(task.get(f"{WV}form")) for task in tasks(key)]
    offered = {o.value for form in asked for field in form.fields for o in field.options}
    trees = [ast.parse(text.strip(), mode="eval") for text in texts(key)]
    compared = {n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)}

    assert compared <= offered


@every_diagram
def test_every_decision_has_a_way_out_that_needs_no_condition(key):
    for gateway in found(key, ".//bpmn:exclusiveGateway"):
        leaving = [f for f in flows(key) if f.get("sourceRef") == gateway.get("id")]
        bare = [f.get("id") for f in leaving if f.find("bpmn:conditionExpression", NS) is None]
        assert bare == [gateway.get("default", leaving[0].get("id"))]
    for flow in flows(key):
        if flow.find("bpmn:conditionExpression", NS) is not None:
            assert kind(found(key, f"//*[@id='{flow.get('sourceRef')}']")[0]) == "exclusiveGateway"


@every_diagram
def test_calls_lead_to_processes_that_exist(key):
    calls = {call.get("calledElement") for call in found(key, ".//bpmn:callActivity")}

    assert calls <= set(KEYS)


@every_diagram
def test_lanes_hold_every_node_once_and_none_is_empty(key):
    lanes = found(key, ".//bpmn:lane")
    held = [ref.text for lane in lanes for ref in lane.findall("bpmn:flowNodeRef", NS)]

    assert sorted(held) == sorted(node.get("id") for node in nodes(key))
    assert all(lane.find("bpmn:flowNodeRef", NS) is not None for lane in lanes)


@every_diagram
def test_the_engine_compiles_it_and_finds_nothing_wrong(key):
    sources = [file.read_bytes() for file in FILES]

    source = (FOLDER / f"{key}.bpmn").read_bytes()

    assert engine.compile_bundle(sources, key).process_id == key
    assert engine.check(source, set(forms.all_forms())) == []
    description = engine.describe(source)
    assert (description.process_id, len(description.nodes)) == (key, len(nodes(key)))


def test_no_two_diagrams_share_a_title():
    titles = [found(key, "bpmn:process")[0].get(f"{WV}title") for key in KEYS]

    assert all(one != other for one, other in itertools.combinations(titles, 2))

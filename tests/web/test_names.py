"""Every code people can meet has a word, and the word is Chinese on a Chinese page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import documents, engine, forms
from app.engine.extensions import STAGES
from app.rules import access, lights, outcomes, role_words
from app.web import figures, names, wording
from tests.house import matching, tree

ACTING = ("app/advance/", "app/commands/", "app/effects/")
ELSEWHERE = {  # of work, timers, imports, incidents, deductions, letters, and words beside them
    "pending", "running", "failed", "fired", "uploaded", "reading", "previewed", "confirmed",
    "discarded", "proposed", "sequential", "verdict", "counting", "retrying", "resolved", "skipped",
    "after", "sent", "dropped",
}  # fmt: skip
BPMN = Path(__file__).parents[2] / "bpmn"


def written(attribute: str) -> Iterator[str]:
    """The words commands and effects put into a column of that name."""
    for name in matching(".py", under=ACTING):
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.keyword) and node.arg == attribute:
                yield from constants(node.value)
            if isinstance(node, ast.Assign):
                for target, value in pairs(node):
                    if isinstance(target, ast.Attribute) and target.attr == attribute:
                        yield from constants(value)


def pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Target and value of an assignment, of `a, b = x, y` too."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=True)
        else:
            yield target, node.value


def constants(value: ast.expr) -> Iterator[str]:
    """The texts an expression may come to."""
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def filed() -> Iterator[str]:
    """The kinds under which effects keep what units report."""
    for name in matching(".py", under=("app/effects/", "app/commands/")):
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"file", "handling.file"}:
                yield from constants(node.args[1])
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Report":
                kinds = [each.value for each in node.keywords if each.arg == "kind"]
                yield from (word for kind in kinds for word in constants(kind))


def processes() -> set[str]:
    """What cases can be, by the shipped diagrams."""
    return {engine.describe(each.read_bytes()).process_id for each in BPMN.glob("*.bpmn")}


@pytest.mark.parametrize(("codes", "words"), [
    (processes(), names.KINDS),
    ({*written("status"), *written("state")} - ELSEWHERE, names.STATUSES),
    (set(filed()), names.REPORTS),
    ({"main", "cc", "cc_upward"}, names.DELIVERIES),
    (set(STAGES), wording.STAGES),
    ({"high", "medium", "low"}, wording.LEVELS),
    ({"lead", "co", "cc", "addressee", "office"}, wording.PARTS),
    (set(access.ROLES), role_words.WORDS),
    (set(lights.CODES), lights.WORDS),
    (set(outcomes.OUTCOMES), outcomes.WORDS),
    ({"annual", "half_year", "quarter"}, figures.ROUND_KINDS),
], ids=["kinds", "states", "reports", "deliveries", "stages", "levels", "parts", "roles", "lights",
        "outcomes", "rounds"])  # fmt: skip
def test_every_code_has_a_word(codes, words):
    assert codes
    assert codes - set(words) == set()


MAPPINGS = (
    names.KINDS, names.STATUSES, names.REPORTS, names.DELIVERIES, names.ANSWERS, names.STREAMS,
    wording.STAGES, wording.LEVELS, wording.PARTS, role_words.WORDS, lights.WORDS, outcomes.WORDS,
    figures.ROUND_KINDS, figures.BATCH_STATES, figures.VERDICTS, figures.AREA_LEVELS,
)  # fmt: skip


def test_every_word_is_chinese_on_a_chinese_page_and_english_on_an_english_one(app):
    texts = [text for mapping in MAPPINGS for text in mapping.values()]
    for locale, chinese in (("zh-CN", True), ("en", False)):
        with app.test_request_context(headers={"Accept-Language": locale}):
            said = [wording.say(text) for text in texts]
        assert [
            word for word in said if any("\u4e00" <= c <= "\u9fff" for c in word) != chinese
        ] == []


def test_forms_and_papers_carry_both_languages():
    titles = {key: (form.title.zh, form.title.en) for key, form in forms.all_forms().items()}
    titles |= {kind.code: (kind.name, kind.name_en) for kind in documents.KINDS.values()}

    assert {key for key, both in titles.items() if not all(both)} == set()

"""When several signed enough: whatever the rest may say, in whatever order, the answer stays."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import forms
from app.rules.signing import (
    ABSTAINED,
    AGAINST,
    FAILED,
    FOR,
    OPEN,
    PASSED,
    Rule,
    Voice,
    outcome,
    rule_of,
    said,
    verdict,
)

SAID = (FOR, AGAINST, ABSTAINED)
COUNTING = st.sampled_from(("not_counted", "against", "for"))
WEIGHTS = st.integers(1, 5)
MADE = {
    "count": st.builds(Rule, st.just("vote"), count=st.integers(1, 5), abstain=COUNTING),
    "share": st.builds(
        Rule,
        st.just("vote"),
        share=st.integers(1, 100).map(lambda each: Fraction(each, 100)),
        abstain=COUNTING,
    ),
    "weight": st.builds(
        Rule,
        st.just("vote"),
        share=st.integers(1, 100).map(lambda each: Fraction(each, 100)),
        weights=st.just({"lead": 2}),
        abstain=COUNTING,
    ),
    "all": st.builds(Rule, st.sampled_from(("all", "sequential")), abstain=COUNTING),
}
RULES = st.one_of(*MADE.values())
VOICES = st.lists(st.builds(Voice, st.sampled_from((*SAID, None)), WEIGHTS), min_size=1, max_size=5)


def completions(voices):
    """Every way in which those who are silent may still speak."""
    open_ = [place for place, each in enumerate(voices) if each.said is None]
    for words in product(SAID, repeat=len(open_)):
        spoken = list(voices)
        for place, word in zip(open_, words, strict=True):
            spoken[place] = Voice(word, spoken[place].weight)
        yield spoken


def ends(rule, voices):
    return {verdict(rule, each) for each in completions(voices)}


@given(RULES, VOICES)
def test_it_is_decided_exactly_when_the_rest_cannot_change_it(rule, voices):
    now, possible = verdict(rule, voices), ends(rule, voices)

    assert OPEN not in possible, "with nobody silent it is decided"
    assert (now == FAILED) == (possible == {FAILED})
    if rule.policy == "vote":
        assert (now == PASSED) == (possible == {PASSED})
    elif now == PASSED:
        assert possible == {PASSED}


@given(RULES, VOICES, st.randoms())
def test_the_order_of_the_voices_does_not_matter(rule, voices, random):
    other = list(voices)
    random.shuffle(other)

    assert verdict(rule, voices) == verdict(rule, other)


@given(RULES, VOICES, st.data())
def test_one_more_in_favour_never_makes_it_worse(rule, voices, data):
    place = data.draw(st.integers(0, len(voices) - 1))
    better = [*voices]
    better[place] = Voice(FOR, voices[place].weight)
    rank = {FAILED: 0, OPEN: 1, PASSED: 2}

    if voices[place].said == AGAINST:
        assert rank[verdict(rule, better)] >= rank[verdict(rule, voices)]


@given(st.permutations((FOR, AGAINST, ABSTAINED)), COUNTING)
def test_of_any_the_first_who_decides_decides(order, counting):
    rule = Rule("any", abstain=counting)
    first = next(
        counted
        for each in order
        if (counted := {ABSTAINED: counting}.get(each, each)) != "not_counted"
    )

    assert verdict(rule, [Voice(each) for each in order]) == (PASSED if first == FOR else FAILED)
    assert verdict(Rule("any"), [Voice(ABSTAINED), Voice()]) == OPEN


@pytest.mark.parametrize("policy", ["any", "all", "sequential", "vote"])
def test_where_nobody_says_anything_that_counts_nothing_is_passed(policy):
    rule = rule_of(policy, {"pass": "1%"})

    assert verdict(rule, [Voice(ABSTAINED), Voice(ABSTAINED)]) == FAILED


@pytest.mark.parametrize(
    ("passes", "words", "decided"),
    [
        ("2", "++", PASSED),
        ("2", "+-?", OPEN),
        ("2", "+--", FAILED),
        ("3", "++-?", OPEN),
        ("3", "+--?", FAILED),
        ("60%", "+++??", PASSED),
        ("60%", "++???", OPEN),
        ("60%", "---??", FAILED),
        ("60%", "++-oo", PASSED),
        ("weight 60%", "+??", OPEN),
        ("weight 50%", "+??", PASSED),
        ("weight 60%", "-??", FAILED),
    ],
)
def test_examples_of_votes(passes, words, decided):
    """`+` in favour, `-` against, `o` abstained, `?` silent; the first is the lead and weighs 2."""
    rule = rule_of("vote", {"pass": passes, "weights": "lead=2 co=1"})
    meaning = {"+": FOR, "-": AGAINST, "o": ABSTAINED, "?": None}
    roles = ["lead", *["co"] * (len(words) - 1)]
    voices = [Voice(meaning[w], rule.weight(r)) for w, r in zip(words, roles, strict=True)]

    assert verdict(rule, voices) == decided


def test_what_stands_for_all_is_the_refusal_with_the_most_weight_behind_it():
    question = forms.load("completion_review").vote

    assert outcome(question, PASSED, [("pass", 1), ("redo", 5)]) == "pass"
    assert outcome(question, FAILED, [("supplement", 1), ("redo", 1), ("redo", 1)]) == "redo"
    assert outcome(question, FAILED, [("supplement", 3), ("redo", 2)]) == "supplement"
    assert outcome(question, FAILED, []) == "supplement"


def test_what_an_answer_says():
    assert [said(each) for each in ("approve", "pass", "return", "abstain", None)] == [
        FOR, FOR, AGAINST, ABSTAINED, None,
    ]  # fmt: skip

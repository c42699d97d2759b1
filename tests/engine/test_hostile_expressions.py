"""Whatever stands where an expression should be: a value, or our own error, and nothing else."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import ExpressionError, evaluate

FACTS = {
    "a": 1,
    "text": "通许",
    "yes": True,
    "no": False,
    "list": ["high", "medium"],
    "numbers": [3, 1, 2],
    "mapping": {"a": 1},
}

HOSTILE = [
    "__import__('os').system('touch marker')",
    "().__class__.__base__.__subclasses__()",
    "[c for c in ().__class__.__base__.__subclasses__()]",
    "(lambda: 1)()",
    "open('/etc/passwd').read()",
    "exec('1')",
    "eval('1')",
    "globals()",
    "locals()",
    "getattr(a, 'real')",
    "a.real",
    "a.__class__",
    "text.format(a)",
    "'{0.__class__}'.format(a)",
    "f'{a}'",
    "f'{a.__class__}'",
    "text[0]",
    "numbers[0:1]",
    "mapping['a']",
    "{'a': 1}",
    "{1, 2}",
    "{**mapping}",
    "[*numbers]",
    "max(*numbers)",
    "max(**mapping)",
    "round(number=1)",
    "(x := 1)",
    "x = 1",
    "import os",
    "a; b",
    "a\nb",
    "del a",
    "lambda x: x",
    "yield 1",
    "(yield)",
    "await a",
    "10 ** 9",
    "9**9**9",
    "1 << 100",
    "1 | 2",
    "1 & 2",
    "1 ^ 2",
    "~1",
    "a @ a",
    "a is None",
    "a is not a",
    "b'bytes'",
    "1j",
    "...",
    "print(a)",
    "len()",
    "len(a, a)",
    "abs",
    "max()",
    "min(" + "1," * 60 + "1)",
    "len.real(a)",
    "(len)(text)(a)",
    "''.join(list)",
    "'\\x41'",
    "a # and the rest",
    "a\x00",
    "a\u200b",
    "a\u202e == 1",
    "a == 'x\u2028'",
    "1if yes else 2",
    "1or 2",
    "0xfor x in a",
    "a if yes",
    "(" * 300 + "a" + ")" * 300,
    "-" * 900 + "a",
    "not " * 200 + "yes",
    "[" * 90 + "]" * 90,
    "+".join(["a"] * 300),
    "[" + "a," * 250 + "]",
    "(" * 25 + "a" + "+a)" * 25,
    "'" + "x" * 1000 + "'",
    "",
    "   ",
    "，",
    "a ＝＝ 1",
    "“a”",
    "$a",
    "${a}",
    "#{a}",
    "a?",
    "a!",
    "\ud800",
]


def test_the_hostile_corpus_is_large_enough():
    assert len(set(HOSTILE)) >= 60


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused_before_anything_is_worked_out(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ExpressionError) as refused:
        evaluate(text, FACTS)

    assert str(refused.value.text)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@settings(max_examples=300)
@given(st.text(max_size=80) | st.text("ab10.()[]<>=!+-*/%'\" notandifelse,:", max_size=60))
def test_any_text_gives_a_value_or_our_own_error(text):
    with contextlib.suppress(ExpressionError):
        evaluate(text, FACTS)

"""Codes that are part of a statement instead of values given to it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from app.db import constant, constants
from app.model import Timer


@pytest.mark.parametrize("code", ["", "two words", "o'clock", "1st", "a;b", "a-b"])
def test_nothing_but_a_code_gets_into_a_statement(code):
    with pytest.raises(ValueError, match="no code of ours"):
        constant(code)


def test_they_stand_in_the_statement_and_ask_for_no_value():
    wanted = select(Timer.id).where(
        Timer.state == constant("pending"), Timer.kind.in_(constants("due", "remind"))
    )
    made = wanted.compile(dialect=postgresql.dialect())

    assert "timer.state = 'pending'" in str(made)
    assert "timer.kind IN ('due', 'remind')" in str(made)
    assert made.params == {}

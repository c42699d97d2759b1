"""Words are found however they are written, two characters suffice, signs do not count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.lookup import BETWEEN, folded, grams, grams_of, joined, sought


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("平督〔2026〕12号", "平督[2026]12号"),
        ("平督〔2026〕12号", "２０２６"),
        ("Property Services", "ｐｒｏｐｅｒｔｙ"),
        ("物业服务合同纠纷", "纠纷"),
        ("物业服务合同纠纷", "纷"),
        ("整改报告（终稿）.PDF", "报告终稿.pdf"),
    ],
)
def test_it_is_the_same_however_it_is_written(written, typed):
    text = joined([written])

    assert all(word in text for word in sought(typed))
    assert set(grams_of(sought(typed))) <= set(grams(text))


@given(st.lists(st.text(alphabet="县平安aB1Ｂ２ -〔", max_size=9), max_size=5), st.data())
def test_every_part_of_what_is_said_is_found_and_nothing_across_two_things(said, data):
    text = joined(said)
    part = data.draw(st.sampled_from(text.split(BETWEEN)))
    first = data.draw(st.integers(0, len(part)))
    word = part[first : data.draw(st.integers(first, len(part)))]

    assert set(grams_of(sought(word))) <= set(grams(text))
    assert not any(BETWEEN in gram for gram in grams(text))


def test_signs_alone_are_no_words_and_only_so_many_are_looked_for():
    assert sought(" 〔〕 % _ ' \" * ") == []
    assert len(sought(" ".join(map(str, range(100))))) == 8
    assert folded("") == ""

"""Passwords: kept with Argon2id at real cost, and refused when they are easy to guess."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules import passwords

ABOUT = ("pab.clerk", "督办专员", "县平安建设领导小组办公室", "PAB")


@pytest.fixture(autouse=True, scope="module")
def cheap():
    passwords.make_cheap_for_tests()


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_password_people_can_type_is_recognised_again(password):
    kept = passwords.hashed(password)

    assert passwords.matches(kept, password)
    assert not passwords.matches(kept, password + "x")


def test_full_width_and_plain_characters_are_the_same_password():
    assert passwords.matches(passwords.hashed("ｌａｍｐ １２"), "lamp 12")


@pytest.mark.parametrize("kept", ["", "plain text", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_what_is_no_hash_matches_nothing(kept):
    assert not passwords.matches(kept, "")
    assert not passwords.matches(kept, kept)


def test_a_hash_costs_memory_and_time_outside_tests():
    program = "from app.rules import passwords; print(passwords.hashed('x'))"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout

    assert said.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_hash_of_other_costs_is_outdated():
    assert not passwords.outdated(passwords.hashed("x"))
    assert passwords.outdated(
        "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$0KYDAvcQMxhQWIXEbRFeMlHfgMQLGPjOTwyfSIl6ZAE"
    )


@pytest.mark.parametrize(
    "password",
    [
        "a lamp beside the river", "correct horse battery staple", "苇塘边的三只白鹭飞过去了呀",
        "Xk7#pQ2v!mZ9w", "zheng yue shi wu kan deng", "ledger-otter-violin-71", "t4ngerine&kettle;",
    ],
)  # fmt: skip
def test_a_password_nobody_guesses_will_do(password):
    assert passwords.weakness(password, about=ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "short", "elevenchars", "x" * 201,
        "aaaaaaaaaaaa", "121212121212", "ababcabcabab", "123456789012", "987654321098",
        "abcdefghijkl", "qwertyuiopasdf", "1qaz2wsx3edc4rfv",
        "password2026!", "Passw0rd-Passw0rd", "P@ssw0rd12345", "admin-admin-admin",
        "letmein123456", "woaizhongguo2026", "welcome20261122", "我爱中国我爱中国2026!",
        "tongxu-fayuan-1", "pab.clerk2026", "督办专员督办专员2026", "县平安建设领导小组办公室1",
    ],
)  # fmt: skip
def test_a_password_that_is_easy_to_guess_is_refused(password):
    assert passwords.weakness(password, about=ABOUT) is not None


def test_the_list_of_common_words_is_read_from_its_file():
    assert len(passwords.common_words()) > 400

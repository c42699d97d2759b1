"""docs/access.md says what the tables say."""

from __future__ import annotations

from tests.access.cast import WHO
from tests.access.page import COLUMNS, PAGE, text


def test_the_page_is_what_the_tables_say(town):
    written = PAGE.read_text(encoding="utf-8")

    assert written == text(town), "write it anew: python -m tests.access.page"


def test_every_role_of_the_cast_has_its_column():
    assert {role for _unit, role in WHO.values()} <= set(COLUMNS) | {
        "unit_handler", "unit_liaison", "unit_leader", "unit_head", "co_handler",
    }  # fmt: skip
